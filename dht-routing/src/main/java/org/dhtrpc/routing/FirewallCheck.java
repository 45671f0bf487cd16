package org.dhtrpc.routing;

import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether strangers reach our main socket: some nodes are asked, from the sibling socket, to answer to the port of
 * the main one. Nothing has left from there to them, so what arrives was let in by nobody's leave.
 *
 * <p>It is passed if enough of the answers arrive there: three of five who were asked; one, where fewer are known. Whoever has
 * become no stranger meanwhile is not counted.
 */
final class FirewallCheck {
    /** How many are asked. */
    static final int ASKED = 5;

    private static final int NEEDED = 3;

    private final int port;
    private final Predicate<Endpoint> strangers;
    private final Votes seen = new Votes();

    /** Null before it begins. */
    private @Nullable ObjLongConsumer<@Nullable Endpoint> outcome;

    private int waiting;
    private int needed;
    private int arrived;

    /**
     * @param port the port of the main socket
     * @param strangers whether somebody who answers there is let in by nobody's leave
     */
    FirewallCheck(int port, Predicate<Endpoint> strangers) {
        this.port = port;
        this.strangers = strangers;
    }

    /**
     * @param nodes whom to ask, at least one
     * @param outcome told once where we are reached, null if we are not, and the time
     */
    void begin(long now, List<Endpoint> nodes, PendingRequests pending, ObjLongConsumer<@Nullable Endpoint> outcome) {
        this.outcome = outcome;
        waiting = nodes.size();
        needed = nodes.size() >= ASKED ? NEEDED : 1;
        for (Endpoint node : nodes) {
            pending.submit(now, new Question(node));
        }
    }

    private void arrived(Endpoint from, Endpoint at) {
        if (strangers.test(from)) {
            arrived++;
            seen.add(from, at);
        } else {
            needed = Math.max(1, needed - 1);
        }
    }

    private void ended(long now) {
        if (--waiting == 0 && outcome != null) {
            Endpoint verdict = seen.verdict();
            boolean passed = arrived >= needed && verdict != null && verdict.port() == port;
            outcome.accept(passed ? verdict : null, now);
        }
    }

    private final class Question extends PendingRequest {
        Question(Endpoint to) {
            super(to, Command.PING_NAT, null, false, null, Arguments.ofPort(port));
        }

        @Override
        boolean bySibling() {
            return true;
        }

        /** A firewall is no fault of theirs. */
        @Override
        boolean tells() {
            return false;
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            Endpoint to = answer.reply().to();
            if (!repliedToSibling && answer.reply().error() == ErrorCode.NONE && to != null) {
                arrived(answer.from(), to);
            }
            ended(now);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            ended(now);
        }
    }
}

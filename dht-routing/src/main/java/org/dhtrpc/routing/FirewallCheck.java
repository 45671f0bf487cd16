package org.dhtrpc.routing;

import java.util.List;
import java.util.function.ObjLongConsumer;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether strangers reach our main socket: some nodes are asked, from the sibling socket, to answer to the port of
 * the main one. Nothing has left from there to them, so what arrives was let in by nobody's leave.
 *
 * <p>It is passed if enough of the answers arrive there: three of five who were asked; one, where fewer are known.
 */
final class FirewallCheck {
    /** How many are asked. */
    static final int ASKED = 5;

    private static final int NEEDED = 3;

    private final int port;
    private final ObjLongConsumer<@Nullable Endpoint> outcome;
    private final Votes seen = new Votes();
    private int waiting;
    private int needed;
    private int arrived;

    /**
     * @param port the port of the main socket
     * @param outcome told once where we are reached, null if we are not, and the time
     */
    FirewallCheck(int port, ObjLongConsumer<@Nullable Endpoint> outcome) {
        this.port = port;
        this.outcome = outcome;
    }

    /** @param nodes whom to ask, at least one */
    void begin(long now, List<Endpoint> nodes, PendingRequests pending) {
        waiting = nodes.size();
        needed = nodes.size() >= ASKED ? NEEDED : 1;
        for (Endpoint node : nodes) {
            pending.submit(now, new Question(node));
        }
    }

    private void ended(long now) {
        if (--waiting == 0) {
            Endpoint verdict = seen.verdict();
            boolean passed = arrived >= needed && verdict != null && verdict.port() == port;
            outcome.accept(passed ? verdict : null, now);
        }
    }

    private final class Question extends PendingRequest {
        Question(Endpoint to) {
            super(to, Command.PING_NAT, null, false, null, Arguments.ofPort(port));
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
                arrived++;
                seen.add(answer.from(), to);
            }
            ended(now);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            ended(now);
        }
    }
}

package org.dhtrpc.testkit.adversary;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;
import org.jspecify.annotations.Nullable;

/**
 * Puppets that store with tokens that are not theirs, or not any more. The first asks a node for a token; every further one
 * stores with that, as if it had seen it pass. The first itself stores after a while, with the token that it once got.
 *
 * <p>Against them: a token is good for the address that it was given to, and for a limited time. {@link #stolen} and
 * {@link #old} say what became of it.
 */
public final class TokenReplay implements Adversary {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Endpoint victim;
    private final Command store;
    private final Key target;
    private final Bytes value;
    private final Duration after;

    private @Nullable Foothold first;
    private @Nullable Bytes token;
    private final List<Foothold> waiting = new ArrayList<>();

    /** The transactions of stores that nobody has answered. */
    private final Set<Long> asked = new HashSet<>();

    private long nextTransaction = 1;
    private int stolen;
    private int old;
    private int refused;

    /**
     * Stores with tokens of others and of the past.
     *
     * @param victim who is asked to store
     * @param store the command of an application that stores in its second phase
     * @param target where to
     * @param value what
     * @param after how old the token is when the first stores with it itself; 0 to 365 days
     * @throws IllegalArgumentException if it cannot be so old
     */
    public TokenReplay(Endpoint victim, Command store, Key target, Bytes value, Duration after) {
        this.victim = victim;
        this.store = store;
        this.target = target;
        this.value = value;
        this.after = Beat.delay(after);
    }

    @Override
    public void begin(Foothold host) {
        if (first == null) {
            first = host;
            Beat.every(PATIENCE, host, () -> askForToken(host));
        } else if (token == null) {
            waiting.add(host);
        } else {
            store(host, token);
        }
    }

    /** Until there is one: a datagram may get lost. */
    private void askForToken(Foothold host) {
        if (token == null) {
            host.send(victim, new Request(nextTransaction++, null, victim, Command.FIND_NODE, target, null, null));
        }
    }

    private void store(Foothold host, Bytes shown) {
        asked.add(nextTransaction);
        Request request = new Request(nextTransaction++, null, victim, store, target, true, shown, value, null, 0);
        host.send(victim, request);
    }

    @Override
    public void received(Foothold host, Endpoint from, Message message) {
        if (!(message instanceof Reply reply)) {
            return;
        }
        Bytes fresh = reply.token();
        if (host == first && token == null && fresh != null) {
            token = fresh;
            waiting.forEach(thief -> store(thief, fresh));
            host.loop().schedule(host.loop().nanoTime() + after.toNanos(), () -> store(host, fresh));
        } else if (asked.remove(reply.transaction())) {
            judge(host, reply);
        }
    }

    /** Once for each store: datagrams may come twice, that with the token too. */
    private void judge(Foothold host, Reply reply) {
        if (reply.error() != ErrorCode.NONE) {
            refused++;
        } else if (host == first) {
            old++;
        } else {
            stolen++;
        }
    }

    /** How many stores were accepted from whom the token was not given to. */
    public int stolen() {
        return stolen;
    }

    /** How many stores were accepted from whom it was given to, so much later. */
    public int old() {
        return old;
    }

    /** How many were refused. */
    public int refused() {
        return refused;
    }
}

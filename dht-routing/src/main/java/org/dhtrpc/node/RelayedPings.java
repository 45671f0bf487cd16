package org.dhtrpc.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Command;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;

/**
 * The seed's way of punching, on wires that have it: a ping that the referrer passes on and the peer answers itself. It opens
 * the NAT of the peer, and finds that of the caller open if that has sent something there before.
 */
final class RelayedPings implements HolePuncher {
    /** The seed gives up after 1.25 to 1.5 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Kademlia machine;
    private final EventLoop loop;

    RelayedPings(Kademlia machine, EventLoop loop) {
        this.machine = machine;
        this.loop = loop;
    }

    @Override
    public CompletionStage<Punched> punch(Endpoint peer, Endpoint referrer) {
        Attempt attempt = new Attempt(peer, referrer);
        machine.request(loop.nanoTime(), referrer, Command.PING, null, null, peer, PATIENCE.toNanos(), attempt);
        return attempt.punched;
    }

    private static final class Attempt implements Asking {
        private final CompletableFuture<Punched> punched = new CompletableFuture<>();
        private final Endpoint peer;
        private final Endpoint referrer;

        Attempt(Endpoint peer, Endpoint referrer) {
            this.peer = peer;
            this.referrer = referrer;
        }

        @Override
        public void ended(Effect.@Nullable Answer answer, @Nullable DhtException failure) {
            if (answer != null) {
                Duration elapsed = Duration.ofNanos(answer.roundTripNanos());
                punched.complete(Punched.of(answer.from(), "relayed ping", elapsed));
            } else {
                punched.completeExceptionally(new DhtException(
                        Reason.PUNCH_FAILED, "No answer of " + peer + " to a ping relayed by " + referrer, failure));
            }
        }
    }
}

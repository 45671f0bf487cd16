package org.dhtrpc.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;

/**
 * Asks the hole puncher, if there is one; what it throws, or that it has nothing to say, is a punch that failed. Then, or if there
 * is none, what the wire itself has comes to its turn.
 */
final class Punching {
    private final @Nullable HolePuncher puncher;
    private final @Nullable HolePuncher wires;

    /** @param wires how holes are punched on this wire; null if it has no way of its own */
    Punching(@Nullable HolePuncher puncher, @Nullable HolePuncher wires) {
        this.puncher = puncher;
        this.wires = wires;
    }

    boolean installed() {
        return puncher != null || wires != null;
    }

    /** @param inputs runs what is an input of the machine */
    CompletionStage<Punched> ask(Endpoint peer, Endpoint referrer, Consumer<Runnable> inputs) {
        HolePuncher first = puncher;
        HolePuncher second = wires;
        if (first == null) {
            return second == null
                    ? CompletableFuture.failedStage(missing(peer.toString(), referrer.toString()))
                    : ask(second, peer, referrer);
        }
        CompletionStage<Punched> asked = ask(first, peer, referrer);
        return second == null
                ? asked
                : asked.exceptionallyComposeAsync(failure -> ask(second, peer, referrer), inputs::accept);
    }

    private static CompletionStage<Punched> ask(HolePuncher chosen, Endpoint peer, Endpoint referrer) {
        try {
            CompletionStage<? extends Punched> asked = chosen.punch(peer, referrer);
            return asked == null
                    ? broken("it returned null", null)
                    : asked.thenCompose(punched -> punched != null
                            ? CompletableFuture.completedStage(punched)
                            : broken("its stage completed with null", null));
        } catch (RuntimeException | Error e) {
            return broken("it threw", e);
        }
    }

    /** What a caller is told who asks for a punch where there is no hole puncher. */
    static DhtException missing(String peer, String referrer) {
        return new DhtException(
                Reason.NO_HOLE_PUNCHER,
                "No hole puncher is installed: give one to the builder to reach " + peer + " by " + referrer);
    }

    private static CompletionStage<Punched> broken(String how, @Nullable Throwable cause) {
        return CompletableFuture.failedStage(
                new DhtException(Reason.PUNCH_FAILED, "The hole puncher broke its contract: " + how, cause));
    }
}

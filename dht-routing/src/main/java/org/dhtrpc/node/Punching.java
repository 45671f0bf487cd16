package org.dhtrpc.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;

/** Asks the hole puncher, if there is one; what it throws, or that it returns nothing, is a punch that failed. */
final class Punching {
    private final @Nullable HolePuncher puncher;

    Punching(@Nullable HolePuncher puncher) {
        this.puncher = puncher;
    }

    CompletionStage<Punched> ask(Endpoint peer, Endpoint referrer) {
        HolePuncher chosen = puncher;
        if (chosen == null) {
            return CompletableFuture.failedStage(new DhtException(
                    Reason.NO_HOLE_PUNCHER,
                    "No hole puncher is installed: give one to the builder to reach " + peer + " by " + referrer));
        }
        try {
            CompletionStage<Punched> punched = chosen.punch(peer, referrer);
            return punched != null ? punched : failed("it returned null", null);
        } catch (RuntimeException | Error e) {
            return failed("it threw", e);
        }
    }

    private static CompletionStage<Punched> failed(String why, @Nullable Throwable cause) {
        return CompletableFuture.failedStage(
                new DhtException(Reason.PUNCH_FAILED, "The hole puncher broke its contract: " + why, cause));
    }

    boolean installed() {
        return puncher != null;
    }
}

package org.dhtrpc.node;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** Where the bootstrap nodes are, and whether the node has joined by them. On the loop, but for {@link #ready}. */
final class Bootstrap implements Callers.Caller {
    private final List<String> texts;
    private final HostNames hosts;
    private final Duration patience;
    private final EventLoop loop;
    private volatile LoopFuture<@Nullable Void> ready;

    /** @param patience how long their names may take to be resolved */
    Bootstrap(List<String> texts, HostNames hosts, Duration patience, EventLoop loop) {
        this.texts = texts;
        this.hosts = hosts;
        this.patience = patience;
        this.loop = loop;
        this.ready = new LoopFuture<>(loop);
    }

    /** Finds out where they are, for the first time or again. */
    void locate(Consumer<HostNames.Resolved> found) {
        hosts.resolve(texts, loop.nanoTime() + patience.toNanos(), found);
    }

    /** An attempt to join has ended. */
    void joined(Effect.Joined effect) {
        LoopFuture<@Nullable Void> attempt = ready;
        switch (effect.state()) {
            case JOINED, ALONE -> attempt.complete(null);
            case UNREACHABLE -> {
                if (!attempt.isDone()) {
                    ready = new LoopFuture<>(loop);
                }
                attempt.completeExceptionally(unreachable(effect.causes()));
            }
            case JOINING, CLOSED -> {}
        }
    }

    private DhtException unreachable(List<DhtException> causes) {
        DhtException failure =
                new DhtException(Reason.BOOTSTRAP_FAILED, "No bootstrap node answered: " + String.join(", ", texts));
        causes.forEach(failure::addSuppressed);
        return failure;
    }

    /** A future for one caller, who may do with it what he likes. From any thread. */
    LoopFuture<@Nullable Void> ready() {
        LoopFuture<@Nullable Void> own = new LoopFuture<>(loop);
        ready.whenComplete((ignored, failure) -> {
            if (failure == null) {
                own.complete(null);
            } else {
                // As it is: a dependent of the original would be given it in the wrapping of a CompletionException.
                own.completeExceptionally(failure);
            }
        });
        return own;
    }

    @Override
    public void end(DhtException failure) {
        ready.completeExceptionally(failure);
    }
}

package org.dhtrpc.node;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** Where the bootstrap nodes are, and whether the node has joined by them. On the loop, but for {@link #tell}. */
final class Bootstrap {
    private final List<String> texts;
    private final HostNames hosts;
    private final Duration patience;
    private final EventLoop loop;
    private final Consumer<Runnable> inputs;
    private Set<LoopFuture<@Nullable Void>> waiting = Collections.emptySet();
    private volatile boolean ready;

    /**
     * @param patience how long their names may take to be resolved
     * @param inputs brings what comes from other threads to the loop
     */
    Bootstrap(List<String> texts, HostNames hosts, Duration patience, EventLoop loop, Consumer<Runnable> inputs) {
        this.texts = texts;
        this.hosts = hosts;
        this.patience = patience;
        this.loop = loop;
        this.inputs = inputs;
    }

    /** Finds out where they are, for the first time or again. */
    void locate(Consumer<HostNames.Resolved> found) {
        hosts.resolve(texts, loop.nanoTime() + patience.toNanos(), () -> true, found);
    }

    /** An attempt to join has ended, or another is needed. */
    void joined(Effect.Joined effect) {
        switch (effect.state()) {
            case JOINED, ALONE -> {
                ready = true;
                takeAll().forEach(future -> future.complete(null));
            }
            case UNREACHABLE -> {
                DhtException failure = unreachable(effect.causes());
                takeAll().forEach(future -> future.end(failure));
            }
            case SUSPENDED, JOINING -> ready = false;
            case CLOSED -> {}
        }
    }

    private List<LoopFuture<@Nullable Void>> takeAll() {
        List<LoopFuture<@Nullable Void>> all = List.copyOf(waiting);
        waiting = Collections.emptySet();
        return all;
    }

    /** Nobody is waited for any more: those who wait are told otherwise. */
    void close() {
        waiting = Collections.emptySet();
    }

    private DhtException unreachable(List<DhtException> causes) {
        DhtException failure =
                new DhtException(Reason.BOOTSTRAP_FAILED, "No bootstrap node answered: " + String.join(", ", texts));
        causes.forEach(failure::addSuppressed);
        return failure;
    }

    /** Completes a future when the node is ready, or when the attempt fails that is under way or comes next. */
    void tell(LoopFuture<@Nullable Void> future) {
        if (future.isDone()) {
            return;
        }
        if (ready) {
            future.complete(null);
            return;
        }
        inputs.accept(() -> {
            if (ready) {
                future.complete(null);
            } else if (!future.isDone()) {
                if (waiting.isEmpty()) {
                    waiting = new LinkedHashSet<>();
                }
                waiting.add(future);
                future.whenComplete((nothing, failure) -> inputs.accept(() -> waiting.remove(future)));
            }
        });
    }
}

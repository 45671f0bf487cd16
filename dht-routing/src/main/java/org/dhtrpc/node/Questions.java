package org.dhtrpc.node;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtStats;
import org.dhtrpc.KnownContact;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** What callers want to know of the node itself, and to have it do. From any thread. */
final class Questions {
    /** Beside what operations are allowed: who looks into an overloaded node should see something, and can suspend it. */
    private static final int MOST = 4_096;

    private final Kademlia machine;
    private final EventLoop loop;
    private final Consumer<Runnable> inputs;
    private final Callers askers = new Callers("questions", MOST);
    private volatile @Nullable DhtStats last;

    Questions(Kademlia machine, EventLoop loop, Consumer<Runnable> inputs) {
        this.machine = machine;
        this.loop = loop;
        this.inputs = inputs;
    }

    CompletableFuture<List<KnownContact>> contacts() {
        LoopFuture<List<KnownContact>> future = new LoopFuture<>(loop);
        ask(future, future, () -> machine.contacts(loop.nanoTime()));
        return future;
    }

    CompletableFuture<DhtStats> stats() {
        LoopFuture<DhtStats> future = new LoopFuture<>(loop);
        ask(future, failure -> endStats(future, failure), machine::stats);
        return future;
    }

    private void endStats(LoopFuture<DhtStats> future, DhtException failure) {
        DhtStats known = last;
        if (known != null) {
            future.complete(known);
        } else {
            future.end(failure);
        }
    }

    private <T> void ask(LoopFuture<T> future, Callers.Caller asker, Supplier<T> question) {
        if (askers.admit(asker)) {
            future.whenComplete((value, failure) -> inputs.accept(() -> askers.leave(asker)));
            inputs.accept(() -> future.complete(question.get()));
        }
    }

    /** An input to the machine, with the time, and a future that completes when it is taken and carried out. */
    CompletableFuture<@Nullable Void> input(ObjLongConsumer<Kademlia> input) {
        LoopFuture<@Nullable Void> future = new LoopFuture<>(loop);
        if (askers.admit(future)) {
            future.whenComplete((nothing, failure) -> inputs.accept(() -> askers.leave(future)));
            inputs.accept(() -> input.accept(machine, loop.nanoTime()));
            inputs.accept(() -> future.complete(null));
        }
        return future;
    }

    /** The machine has come to rest: these are the numbers from now on. */
    void rest() {
        last = machine.stats();
    }

    /** Ends all questions, and those to come, but for the numbers if they are {@linkplain #rest known}. */
    void end(DhtException failure) {
        askers.end(failure);
    }
}

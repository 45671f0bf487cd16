package org.dhtrpc.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What one subscriber is told: one signal after the other, also if a signal gives rise to the next one or comes from
 * another thread (Reactive Streams, rule 1.3).
 */
final class Signals {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untold = new AtomicInteger();
    private final Consumer<Throwable> thrown;

    /** @param thrown hears what a signal throws; the next one is told all the same */
    Signals(Consumer<Throwable> thrown) {
        this.thrown = thrown;
    }

    /** Tells this now or, if a signal is being told, after it. */
    void tell(Runnable signal) {
        waiting.add(signal);
        if (untold.getAndIncrement() > 0) {
            return;
        }
        do {
            try {
                waiting.remove().run();
            } catch (RuntimeException | Error e) {
                thrown.accept(e);
            }
        } while (untold.decrementAndGet() > 0);
    }
}

package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.dhtrpc.spi.EventLoop;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;

/** The world in which something is tested: how it moves on, and whether there are threads in it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
abstract class Surroundings {
    private static final long LOOK_AGAIN_NANOS = 50_000;

    /**
     * Whether this world moves only while {@link #await} turns the crank, on one thread and without sockets of the
     * system. The tests that need threads or such sockets are skipped then. False unless overridden.
     */
    protected boolean simulated() {
        return false;
    }

    /**
     * How long to wait for what must happen: so long that only a defect takes longer. 20 seconds unless overridden. A
     * test that passes does not wait.
     */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    /**
     * Lets the world move on until the condition holds, or {@link #patience} is at its end; the caller then sees for
     * itself. Called by the thread of a test. The condition is cheap and may be asked at any rate. Unless overridden it is
     * asked again and again in real time; a simulation turns its crank instead, and what a task or receiver throws on
     * the way it logs or drops.
     */
    protected void await(BooleanSupplier condition) {
        long end = System.nanoTime() + patience().toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    final void until(String what, BooleanSupplier condition) {
        await(condition);
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    /** Skips the rest of a test in a world without threads. */
    final void needsThreads() {
        assumeFalse(simulated(), "needs threads or sockets of the system, and a simulation has neither");
    }

    /** What the supplier says on the loop. */
    final <T> T on(EventLoop loop, Supplier<T> supplier) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(supplier.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        until("a task that was handed over has run", answer::isDone);
        return answer.join();
    }

    /** Runs this on a thread of its own, for it may block if something is wrong. In a simulation nothing blocks. */
    final void unblocked(String what, Runnable call) {
        if (simulated()) {
            call.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = started(done, call);
        try {
            until(what + " has returned", done::isDone);
            done.join();
        } finally {
            thread.interrupt();
        }
    }

    /** Runs this so often on each of so many threads, with the number of the thread. */
    final void onThreads(int threads, int times, IntConsumer action) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int n = 0; n < threads; n++) {
            int number = n;
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            started(done, () -> {
                for (int i = 0; i < times; i++) {
                    action.accept(number);
                }
            });
        }
        CompletableFuture<Void> every = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        until("threads have come to their end", every::isDone);
        every.join();
    }

    private static Thread started(CompletableFuture<Void> done, Runnable call) {
        Thread thread = new Thread(
                () -> {
                    try {
                        call.run();
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                },
                "contract");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

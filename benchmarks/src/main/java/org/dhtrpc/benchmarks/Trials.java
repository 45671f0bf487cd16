package org.dhtrpc.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Operations that begin on the caller's thread, a number of them at a time, and how long each took. */
final class Trials {
    private final Histogram times = new ConcurrentHistogram(3);
    private final AtomicInteger failures = new AtomicInteger();

    private Trials() {}

    /** Runs operations, which are told their number, and waits for the last. */
    static Trials run(int count, int atATime, IntFunction<CompletableFuture<?>> operation) throws InterruptedException {
        Trials trials = new Trials();
        Semaphore free = new Semaphore(atATime);
        for (int i = 0; i < count; i++) {
            free.acquire();
            long begin = System.nanoTime();
            operation.apply(i).whenComplete((result, failure) -> {
                trials.times.recordValue(System.nanoTime() - begin);
                trials.failures.addAndGet(failure == null ? 0 : 1);
                free.release();
            });
        }
        free.acquire(atATime);
        return trials;
    }

    /** Runs operations, and says what one of them took. */
    static Json measure(int count, int atATime, LongSupplier requests, IntFunction<CompletableFuture<?>> operation)
            throws InterruptedException {
        long requestsBefore = requests.getAsLong();
        Usage before = Usage.now();
        long begin = System.nanoTime();
        Trials trials = run(count, atATime, operation);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Usage used = Usage.now().minus(before);
        return new Json()
                .put("per_s", count / seconds, 1)
                .put("p50_ms", trials.millis(50), 3)
                .put("p99_ms", trials.millis(99), 3)
                .put("msgs", (double) (requests.getAsLong() - requestsBefore) / count, 1)
                .put("cpu_ms", used.cpuNanos() / 1e6 / count, 3)
                .put("alloc_kb", used.allocatedBytes() / 1024.0 / count, 1)
                .put("failed", trials.failures.get());
    }

    /** A percentile of the times, in milliseconds. */
    double millis(double percentile) {
        return times.getValueAtPercentile(percentile) / 1e6;
    }
}

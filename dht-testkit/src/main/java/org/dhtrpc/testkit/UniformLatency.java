package org.dhtrpc.testkit;

import java.time.Duration;

/** Every delay from the shortest to the longest is equally likely. */
final class UniformLatency extends Latency {
    private final long min;
    private final long max;

    UniformLatency(String text, Duration min, Duration max) {
        super(text);
        this.min = min.toNanos();
        this.max = max.toNanos();
    }

    @Override
    long nanos(long world, int from, int to, RandomStream random) {
        return random.nextLong(min, max + 1);
    }
}

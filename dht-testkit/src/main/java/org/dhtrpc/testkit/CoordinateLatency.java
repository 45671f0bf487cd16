package org.dhtrpc.testkit;

import java.time.Duration;

/** Hosts in a square, each behind an access line; places are made of the seed each time, and take no memory. */
final class CoordinateLatency extends Latency {
    private static final double MAX_JITTER = 10;

    private final double side;
    private final double access;
    private final double jitter;

    CoordinateLatency(String text, Duration side, Duration access, double jitter) {
        super(text);
        if (!(jitter >= 0 && jitter <= MAX_JITTER)) {
            throw new IllegalArgumentException("Jitter is from 0 to " + MAX_JITTER + ", not " + jitter);
        }
        if (side.isZero() && access.isZero()) {
            throw new IllegalArgumentException("A square with a side of 0 needs an access above 0, or is constant:0ms");
        }
        this.side = side.toNanos();
        this.access = access.toNanos();
        this.jitter = jitter;
    }

    @Override
    long nanos(long world, int from, int to, RandomStream random) {
        long here = Hash64.fold(world, from);
        long there = Hash64.fold(world, to);
        double dx = RandomStream.unit(here, 0) - RandomStream.unit(there, 0);
        double dy = RandomStream.unit(here, 1) - RandomStream.unit(there, 1);
        double lines = RandomStream.unit(here, 2) + RandomStream.unit(there, 2);
        double delay = side * StrictMath.sqrt(dx * dx + dy * dy) + access * lines;
        return (long) (delay * (1 + jitter * random.nextDouble()));
    }
}

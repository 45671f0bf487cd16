package org.dhtrpc.testkit;

import org.dhtrpc.spi.EventLoop.Timer;

/** The clock of a host that runs faster or slower than the network's. It never goes back. */
final class HostClock {
    /** Beyond this much a clock is no clock any more; and the time of a host must not stand still. */
    private static final double MOST = 500_000;

    private static final int FRACTION = 32;

    private final Kernel kernel;

    /** From when on, in the network's time and in the host's. */
    private final long since;

    private final long start;

    /** How much the host gains on the network, in 2^-32 of its time. Whole numbers, so that no rounding goes back. */
    private final long gain;

    /** A clock that says {@code start} now. */
    HostClock(Kernel kernel, long start, double partsPerMillion) {
        if (!(Math.abs(partsPerMillion) <= MOST)) {
            throw new IllegalArgumentException("A clock drifts by " + (long) -MOST + " to " + (long) MOST
                    + " parts per million, not " + partsPerMillion);
        }
        this.kernel = kernel;
        this.since = kernel.nanoTime();
        this.start = start;
        this.gain = Math.round(partsPerMillion / 1e6 * (1L << FRACTION));
    }

    long nanoTime() {
        long passed = kernel.nanoTime() - since;
        return start + passed + ((Math.multiplyHigh(passed, gain) << FRACTION) | ((passed * gain) >>> FRACTION));
    }

    /** Runs something when this clock, or the one that has taken its place, has come that far. */
    Timer schedule(long deadline, Runnable event) {
        long left = Math.max(0, deadline - nanoTime());
        double nanos = Math.ceil(left / (1 + gain / (double) (1L << FRACTION)));
        // A conversion saturates.
        return kernel.schedule(kernel.after((long) nanos), event);
    }
}

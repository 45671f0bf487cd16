package org.dhtrpc.testkit;

import java.util.random.RandomGenerator;

/**
 * What may happen to a datagram on its way. Every datagram has a random stream of its own, derived from its sender, its
 * receiver and its number, so that no state is kept per pair of hosts and one datagram's luck is not another's.
 *
 * @param minNanos shortest delay
 * @param maxNanos longest delay; those between are equally likely
 * @param loss how likely a datagram is to be lost, 0 to 1, each for itself
 */
record Link(long minNanos, long maxNanos, double loss) {
    /** Stands for "never arrives". */
    static final long LOST = -1;

    /** How long a datagram is under way, in nanoseconds, or {@link #LOST}. */
    long delay(RandomGenerator random) {
        // Both are always drawn, loss first: a change of the loss leaves the delays of all others as they were.
        return random.nextDouble() < loss ? LOST : random.nextLong(minNanos, maxNanos + 1);
    }
}

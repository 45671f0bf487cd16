package org.dhtrpc.routing;

import java.time.Duration;

/**
 * How long replies take, learnt from the round trips of the whole node, by the estimator of RFC 6298 (smoothed mean and
 * mean deviation). One estimate for all peers: its deviation covers how they differ.
 *
 * <p>Fed only with requests that were sent once (Karn's rule: a repeat cannot tell which send was answered) and whose
 * command is built in (a handler's own time says nothing about the path).
 */
final class RoundTrips {
    static final long FIRST = Duration.ofMillis(300).toNanos();
    static final long SHORTEST_STALL = Duration.ofMillis(50).toNanos();
    static final long SHORTEST_REPEAT = Duration.ofMillis(100).toNanos();
    static final long LONGEST = Duration.ofMillis(1_200).toNanos();

    private long mean;
    private long deviation;
    private boolean learnt;

    void sample(long nanos) {
        if (learnt) {
            deviation += (Math.abs(mean - nanos) - deviation) / 4;
            mean += (nanos - mean) / 8;
        } else {
            mean = nanos;
            deviation = nanos / 2;
            learnt = true;
        }
    }

    /** After this time a request frees its slot; its reply still counts. */
    long stall() {
        return learnt ? clamp(mean + 3 * deviation, SHORTEST_STALL) : FIRST;
    }

    /** After this time a request is sent again; the next wait is twice as long. */
    long repeat() {
        return learnt ? clamp(mean + 4 * deviation, SHORTEST_REPEAT) : FIRST;
    }

    private static long clamp(long nanos, long shortest) {
        return Math.max(shortest, Math.min(LONGEST, nanos));
    }
}

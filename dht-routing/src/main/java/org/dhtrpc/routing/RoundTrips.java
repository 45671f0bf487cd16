package org.dhtrpc.routing;

import java.time.Duration;

/**
 * How long replies take, learnt from the round trips of the whole node, and how long it therefore waits for one; all in
 * nanoseconds. One estimate for all peers: its deviation covers how they differ.
 *
 * <p>What is <em>usual</em> is told by the estimator of RFC 6298 (smoothed mean and mean deviation), fed only with requests
 * that were sent once (Karn's rule: a repeat cannot tell which send was answered) and whose command is built in (a
 * handler's own time says nothing about the path). What is <em>slow</em> is told by the slowest of all that were heard
 * lately, counted from the first send, which is never too short. Handlers may take their time, so commands that are not
 * built in have a slowest of their own.
 *
 * <p>A node that has heard few is careful: it repeats at r, 3r and gives up at 5r.
 */
final class RoundTrips {
    static final long FIRST = Duration.ofMillis(300).toNanos();
    static final long SHORTEST_STALL = Duration.ofMillis(50).toNanos();
    static final long LONGEST = Duration.ofMillis(1_200).toNanos();

    /** Nothing is repeated before this time, unless even the slowest have answered well before it. */
    static final long CAREFUL_REPEAT = Duration.ofMillis(100).toNanos();

    /** Nor ever before this time: JVMs pause, and each pause would make repeats. */
    static final long SHORTEST_REPEAT = Duration.ofMillis(50).toNanos();

    /** Nobody is presumed dead before this time; 200 ms is what a lookup may lose by it. */
    static final long SHORTEST_SILENCE = Duration.ofMillis(160).toNanos();

    /**
     * So many must have been heard, half of them of the kind. Of 32 one at least is among the slowest tenth with 97 %; and
     * a single lookup hears of 20.
     */
    private static final int ENOUGH = 32;

    private final Slowest builtIns = new Slowest();
    private final Slowest handlers = new Slowest();

    private long mean;
    private long deviation;
    private boolean learnt;

    /** The slowest round trip, which is forgotten slowly as others are heard. */
    private static final class Slowest {
        /** Each round trip takes this share of it, so that half is gone after 90. */
        private static final int MEMORY = 128;

        private long nanos;
        private int heard;

        void sample(long sample) {
            nanos = Math.max(sample, nanos - nanos / MEMORY);
            heard = Math.min(ENOUGH, heard + 1);
        }
    }

    /**
     * A request was answered.
     *
     * @param usual whether it says what is usual, see {@link PendingRequest#teaches}
     * @param nanos how long after it was first sent
     */
    void answered(boolean builtIn, boolean usual, long nanos) {
        (builtIn ? builtIns : handlers).sample(nanos);
        if (!usual) {
            return;
        }
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
        return learnt ? clamp(mean + 3 * deviation, SHORTEST_STALL, LONGEST) : FIRST;
    }

    /**
     * How long after the first or second send of a request it is sent again, and how long after the third nobody is
     * presumed to be there. What is learnt between two sends counts.
     */
    long waitAfter(int sends, boolean builtIn) {
        long usual = learnt ? Math.min(LONGEST, mean + 4 * deviation) : FIRST;
        if ((builtIn ? builtIns : handlers).heard < ENOUGH / 2 || builtIns.heard + handlers.heard < ENOUGH) {
            return Math.max(CAREFUL_REPEAT, usual) * (sends == 1 ? 1 : 2);
        }
        long slowest = builtIn ? builtIns.nanos : Math.max(builtIns.nanos, handlers.nanos);
        // Jitter may make the next one an eighth slower.
        long slow = slowest * 9 / 8;
        long first = Math.max(usual, clamp(slow * 5 / 4, SHORTEST_REPEAT, CAREFUL_REPEAT));
        usual = Math.min(usual, slow);
        // Who is then silent to two sends is slower than the slowest; but one who is very slow does not hold up the
        // third.
        long second = clamp(slow - first, Math.max(usual, SHORTEST_REPEAT), 2 * Math.max(first, CAREFUL_REPEAT));
        return switch (sends) {
            case 1 -> first;
            case 2 -> second;
            default -> Math.max(usual, SHORTEST_SILENCE - first - second);
        };
    }

    private static long clamp(long nanos, long shortest, long longest) {
        return Math.max(shortest, Math.min(longest, nanos));
    }
}

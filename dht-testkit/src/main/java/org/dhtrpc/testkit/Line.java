package org.dhtrpc.testkit;

/** The state of a host's line to the net, on links that have one. */
final class Line {
    /** Stands for "no room in the queue". */
    static final long FULL = -1;

    private static final long NANOS = 1_000_000_000;

    private boolean bad;
    private double asOf = Double.NEGATIVE_INFINITY;
    private long upFree;
    private long downFree;

    /**
     * Whether the line is in a bad spell now. The state is kept as it was when last asked for, so that a host which sends
     * nothing costs nothing; how likely it is to have changed since follows from the time that has passed.
     *
     * @param luck from 0 to 1
     */
    boolean bad(Link.Bursts bursts, long now, double luck) {
        bad = luck < bursts.bad(bad, now - asOf);
        asOf = now;
        return bad;
    }

    /** When a datagram that is sent now has left, or {@link #FULL}. */
    long up(Link.Bandwidth limits, long now, int size) {
        long through = through(upFree, limits.up(), limits.queue(), now, size);
        upFree = Math.max(upFree, through);
        return through;
    }

    /** When a datagram that comes now is received, or {@link #FULL}. */
    long down(Link.Bandwidth limits, long now, int size) {
        long through = through(downFree, limits.down(), limits.queue(), now, size);
        downFree = Math.max(downFree, through);
        return through;
    }

    /**
     * The queue is nothing but the time at which the line is free again.
     *
     * @param rate bytes per second
     */
    private static long through(long free, long rate, int queue, long now, int size) {
        long start = Math.max(free, now);
        double ahead = (double) (start - now) * rate / NANOS;
        return ahead > queue ? FULL : start + (size * NANOS + rate - 1) / rate;
    }
}

package org.dhtrpc.testkit;

/** The state of a host's line to the net, on links that have one. */
final class Line {
    private boolean bad;
    private double asOf = Double.NEGATIVE_INFINITY;

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
}

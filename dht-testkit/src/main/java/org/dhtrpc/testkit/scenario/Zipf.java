package org.dhtrpc.testkit.scenario;

import java.util.random.RandomGenerator;

/**
 * Ranks of which the first is the most popular: rank i is drawn as often as (i + 1)<sup>-exponent</sup> says. There may be
 * more of them each time, at 8 bytes each. Exact, on every JDK; not for several threads.
 */
final class Zipf {
    static final int MAX_RANKS = 1_000_000;
    static final double MAX_EXPONENT = 10;

    private final double exponent;
    private final Cumulative weights = new Cumulative();

    /** With 0, all ranks are alike. */
    Zipf(double exponent) {
        this.exponent = Quantity.checked("The exponent of a Zipf distribution", exponent, 0, MAX_EXPONENT);
    }

    /** One of the first so many ranks, at least 1. */
    int draw(int ranks, RandomGenerator random) {
        if (ranks < 1 || ranks > MAX_RANKS) {
            throw new IllegalArgumentException("There are 1 to " + MAX_RANKS + " ranks, not " + ranks);
        }
        while (weights.size() < ranks) {
            weights.add(StrictMath.pow(weights.size() + 1, -exponent));
        }
        return weights.find(random.nextDouble() * weights.sum(ranks), ranks);
    }
}

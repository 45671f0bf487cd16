package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Events that happen at a rate and know nothing of each other. */
final class Poisson {
    /** A hundred years: longer than any run, and still to be added to its time. */
    static final Duration NEVER = Duration.ofDays(36_500);

    private Poisson() {}

    /** How long it is until the next one. */
    static Duration gap(double perSecond, RandomGenerator random) {
        double nanos = perSecond == 0 ? NEVER.toNanos() : -StrictMath.log(1 - random.nextDouble()) / perSecond * 1e9;
        return Duration.ofNanos((long) StrictMath.max(1, StrictMath.min(nanos, (double) NEVER.toNanos())));
    }
}

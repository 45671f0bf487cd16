package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Powers of exponential numbers. */
record WeibullSessions(Duration median, double shape) implements Sessions {
    private static final double LN_2 = StrictMath.log(2);

    WeibullSessions {
        Lengths.checked("The median of Weibull sessions", median);
        // Flatter ones have rests of which too few end within a year.
        Quantity.checked("The shape of Weibull sessions", shape, 0.2, 10);
    }

    @Override
    public Duration draw(RandomGenerator random) {
        return Lengths.of(length(-StrictMath.log(1 - random.nextDouble())));
    }

    /**
     * If lengths are powers of exponential numbers, then those of the sessions that are found under way are the same powers
     * of gamma-distributed ones, as the length times the density shows. The moment at which one is found is any of it.
     * Rests of lengths that are cut are distributed as those are that turn out shorter than the cut.
     */
    @Override
    public Duration rest(RandomGenerator random) {
        while (true) {
            double rest = random.nextDouble() * length(gamma(1 + 1 / shape, random));
            if (rest <= Lengths.MAX_NANOS) {
                return Lengths.of(rest);
            }
        }
    }

    private double length(double exponential) {
        return median.toNanos() * StrictMath.pow(exponential / LN_2, 1 / shape);
    }

    /** For shapes of at least 1: Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000. */
    private static double gamma(double shape, RandomGenerator random) {
        double d = shape - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double x = gaussian(random);
            double cube = StrictMath.pow(1 + c * x, 3);
            double u = 1 - random.nextDouble();
            if (cube > 0 && StrictMath.log(u) < x * x / 2 + d - d * cube + d * StrictMath.log(cube)) {
                return d * cube;
            }
        }
    }

    /** By the method of Box and Muller (1958): the JDK's own numbers differ between its versions. */
    private static double gaussian(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    @Override
    public String toString() {
        return "weibull:" + Quantity.text(median) + "," + Quantity.text(shape);
    }
}

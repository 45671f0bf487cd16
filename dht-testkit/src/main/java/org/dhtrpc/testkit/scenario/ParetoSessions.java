package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;

record ParetoSessions(Duration min, double alpha) implements Sessions {
    ParetoSessions {
        Lengths.checked("The shortest of Pareto sessions", min);
        Quantity.checked("The alpha of Pareto sessions", alpha, 0.1, 100);
    }

    @Override
    public Duration draw(RandomGenerator random) {
        return Lengths.of(min.toNanos() * StrictMath.pow(1 - random.nextDouble(), -1 / alpha));
    }

    /**
     * A rest is as likely to be x as a session is to be longer than x: certainly below the minimum, and with a probability
     * of (min / x)^alpha from there to the cut. The sum of that up to x is inverted, in units of the minimum.
     */
    @Override
    public Duration rest(RandomGenerator random) {
        double nanos = min.toNanos();
        double longest = StrictMath.log(Lengths.MAX_NANOS / nanos);
        double slope = 1 - alpha;
        double above = slope == 0 ? longest : StrictMath.expm1(slope * longest) / slope;
        double point = random.nextDouble() * (1 + above);
        if (point <= 1) {
            return Lengths.of(point * nanos);
        }
        double log = slope == 0 ? point - 1 : StrictMath.log1p(slope * (point - 1)) / slope;
        return Lengths.of(nanos * StrictMath.exp(log));
    }

    @Override
    public String toString() {
        return "pareto:" + Quantity.text(min) + "," + Quantity.text(alpha);
    }
}

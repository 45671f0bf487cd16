package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;

record ExponentialSessions(Duration mean) implements Sessions {
    ExponentialSessions {
        Lengths.checked("The mean of exponential sessions", mean);
    }

    @Override
    public Duration draw(RandomGenerator random) {
        return Lengths.of(-mean.toNanos() * StrictMath.log(1 - random.nextDouble()));
    }

    /** Has no memory, but knows that nobody stays longer than a year. */
    @Override
    public Duration rest(RandomGenerator random) {
        double nanos = mean.toNanos();
        double ended = StrictMath.expm1(-Lengths.MAX_NANOS / nanos);
        return Lengths.of(-nanos * StrictMath.log1p(random.nextDouble() * ended));
    }

    @Override
    public String toString() {
        return "exponential:" + Quantity.text(mean);
    }
}

package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.random.RandomGenerator;

record ConstantSessions(Duration length) implements Sessions {
    ConstantSessions {
        Lengths.checked("The length of sessions", length);
    }

    @Override
    public Duration draw(RandomGenerator random) {
        return length;
    }

    @Override
    public Duration rest(RandomGenerator random) {
        return Lengths.of(random.nextDouble() * length.toNanos());
    }

    @Override
    public String toString() {
        return "constant:" + Quantity.text(length);
    }
}

package org.dhtrpc.testkit.scenario;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/** A generator that has nothing but {@link #nextDouble}. */
record Dice(DoubleSupplier next) implements RandomGenerator {
    static Dice seeded(long seed) {
        return new Dice(new SplittableRandom(seed)::nextDouble);
    }

    /** That falls so, and cannot be thrown more often. */
    static Dice showing(double... numbers) {
        return new Dice(DoubleStream.of(numbers).iterator()::nextDouble);
    }

    @Override
    public double nextDouble() {
        return next.getAsDouble();
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("nextLong");
    }
}

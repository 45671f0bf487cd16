package org.dhtrpc.testkit.junit;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Which seeds a test is run with: those from the first to the last, or a single one that is replayed. */
record Sweep(long first, long last, boolean replay) {
    static Sweep of(SimulationTest test, ExtensionContext context) {
        return context.getConfigurationParameter(Seeded.SEED)
                .map(text -> replay(number(Seeded.SEED, text)))
                .orElseGet(() -> counting(
                        test.firstSeed(),
                        context.getConfigurationParameter(Simulations.SEEDS)
                                .map(text -> number(Simulations.SEEDS, text))
                                .orElse((long) test.seeds())));
    }

    private static Sweep replay(long seed) {
        return new Sweep(seed, seed, true);
    }

    private static Sweep counting(long first, long count) {
        if (count < 1) {
            throw new ExtensionConfigurationException("A number of seeds is 1 or more, not " + count);
        }
        if (first > Long.MAX_VALUE - count + 1) {
            throw new ExtensionConfigurationException(
                    "The last seed is at most " + Long.MAX_VALUE + ", not the one " + (count - 1) + " after " + first);
        }
        return new Sweep(first, first + count - 1, false);
    }

    private static long number(String parameter, String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ExtensionConfigurationException(
                    "-D" + parameter + " is a whole number of 64 bits, not \"" + text + "\"", e);
        }
    }

    /** Those that failed before come first, and once, unless a single seed is replayed. */
    Stream<Seed> seeds(List<Long> failedBefore) {
        Stream<Seed> sweep = LongStream.rangeClosed(first, last)
                .filter(seed -> replay || !failedBefore.contains(seed))
                .mapToObj(seed -> new Seed(seed, failedBefore.contains(seed)));
        return replay ? sweep : Stream.concat(failedBefore.stream().map(seed -> new Seed(seed, true)), sweep);
    }
}

package org.dhtrpc.testkit;

import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Checks a property in many rounds, each with random numbers of a seed of its own: 1, 2, 3 and so on, so that every run
 * is the same. A failure names its seed; with the system property {@value #SEED} set to it, that round alone is run.
 *
 * <pre>{@code
 * Seeded.rounds(100, random -> {
 *     Key key = Key.random(random);
 *     assertThat(Key.parse(key.toString())).isEqualTo(key);
 * });
 * }</pre>
 */
public final class Seeded {
    /** The system property that picks one round, of every property that is run: choose the test as well. */
    public static final String SEED = "seed";

    private Seeded() {}

    /**
     * Runs the property so many times.
     *
     * @throws AssertionError if it throws anything, with that as its cause; the message has the seed
     */
    public static void rounds(int rounds, Consumer<RandomGenerator> property) {
        Long only = Long.getLong(SEED);
        long first = only == null ? 1 : only;
        long last = only == null ? rounds : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                property.accept(new RandomStream(Hash64.mix(seed)));
            } catch (Throwable e) {
                throw new AssertionError("Seed " + seed + "; -D" + SEED + "=" + seed + " runs it alone: " + e, e);
            }
        }
    }
}

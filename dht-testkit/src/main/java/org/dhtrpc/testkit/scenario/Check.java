package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.Objects;
import org.dhtrpc.testkit.report.Verdict;

/**
 * Something that has to hold while a scenario runs. It holds unless its {@link Property} throws an {@link AssertionError}, so
 * that assertions of any library can say what is wrong:
 *
 * <pre>{@code
 * Check.every(Duration.ofSeconds(30), "values are found", world -> assertThat(world.found()).isGreaterThan(0.99));
 * }</pre>
 *
 * <p>The name is what a failure is known by: {@link Sweep}s take two failures with one name for the same,
 * unless one of them is that the check itself throws something else.
 */
public final class Check {
    private final Verdict.Kind kind;
    private final String name;
    private final Duration time;
    private final Property property;

    private Check(Verdict.Kind kind, String name, Duration time, Property property) {
        this.kind = kind;
        this.name = Objects.requireNonNull(name);
        this.time = time;
        this.property = Objects.requireNonNull(property);
    }

    /** What holds or not. */
    @FunctionalInterface
    public interface Property {
        /**
         * Looks at the world as it is now.
         *
         * @throws AssertionError if it does not hold, saying why
         */
        void verify(World world);
    }

    /** Must hold after every event: cheap, please. */
    public static Check always(String name, Property property) {
        return new Check(Verdict.Kind.ALWAYS, name, Duration.ZERO, property);
    }

    /**
     * Must hold each time so much virtual time has passed.
     *
     * @throws IllegalArgumentException unless the time is more than 0
     */
    public static Check every(Duration time, String name, Property property) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("'" + name + "' is looked at every so often, not every " + time);
        }
        return new Check(Verdict.Kind.EVERY, name, time, property);
    }

    /**
     * Must hold at the end, when all faults are healed and nobody comes or goes any more; at once, or at the latest after so
     * much virtual time.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public static Check eventually(Duration within, String name, Property property) {
        if (within.isNegative()) {
            throw new IllegalArgumentException("'" + name + "' comes true within 0 or more, not " + within);
        }
        return new Check(Verdict.Kind.EVENTUALLY, name, within, property);
    }

    /**
     * Must hold now and then: a sweep in which no seed ever saw it fails, since it did not test what it was made for. It is
     * looked at every second of virtual time.
     */
    public static Check sometimes(String name, Property property) {
        return new Check(Verdict.Kind.SOMETIMES, name, Duration.ofSeconds(1), property);
    }

    /** What kind it is. */
    Verdict.Kind kind() {
        return kind;
    }

    /** What it is known by. */
    public String name() {
        return name;
    }

    /** How often, or how long. */
    Duration time() {
        return time;
    }

    void verify(World world) {
        property.verify(world);
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}

package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a fault begins: at a time, or as soon as something has been counted so often.
 *
 * @param at virtual time since the beginning; null if a counter decides
 * @param counter null if the time decides
 * @param count what the counter has to reach; 0 if the time decides
 */
public record Trigger(@Nullable Duration at, @Nullable Counter counter, long count) {
    /** Checks that it is one of the two. */
    public Trigger {
        if ((at == null) == (counter == null)) {
            throw new IllegalArgumentException(
                    "A fault begins at a time or with a count, not " + at + " and " + counter);
        }
        if ((at != null && (at.isNegative() || at.compareTo(Scenario.LONGEST) > 0)) || count < 0) {
            throw new IllegalArgumentException("A fault begins at 0s to 365d, or with a count of 0 or more, not at "
                    + (at == null ? count + " " + counter : at));
        }
    }

    /** At this virtual time. */
    public static Trigger at(Duration time) {
        return new Trigger(Objects.requireNonNull(time), null, 0);
    }

    /** As soon as so many were counted. */
    public static Trigger when(Counter counter, long reaches) {
        return new Trigger(null, Objects.requireNonNull(counter), reaches);
    }

    /** The trigger at the beginning of a line: {@code at 10s}, {@code when reads 1000}. */
    static Trigger parse(String word, String value, String count) {
        if (word.equals("at")) {
            return at(Quantity.duration(value));
        }
        for (Counter counter : Counter.values()) {
            if (counter.word().equals(value)) {
                return when(counter, Long.parseLong(count));
            }
        }
        throw new IllegalArgumentException("Nothing counts '" + value + "'; there are "
                + String.join(
                        ", ", Arrays.stream(Counter.values()).map(Counter::word).toList()));
    }

    @Override
    public String toString() {
        return at != null
                ? "at " + Quantity.text(at)
                : "when " + String.valueOf(counter).toLowerCase(Locale.ROOT) + " " + count;
    }
}

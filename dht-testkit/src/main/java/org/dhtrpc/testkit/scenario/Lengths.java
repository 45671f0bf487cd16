package org.dhtrpc.testkit.scenario;

import java.time.Duration;

/** How long anything of a {@link Sessions} can last. */
final class Lengths {
    private static final Duration MIN = Duration.ofMillis(1);
    private static final Duration MAX = Duration.ofDays(365);

    static final double MAX_NANOS = MAX.toNanos();

    private Lengths() {}

    /** A drawn one, cut to what is possible. */
    static Duration of(double nanos) {
        return Duration.ofNanos((long) StrictMath.max((double) MIN.toNanos(), StrictMath.min(nanos, MAX_NANOS)));
    }

    /** A given one, that must be possible. */
    static Duration checked(String what, Duration length) {
        if (length.compareTo(MIN) < 0 || length.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    what + " is " + Quantity.text(MIN) + " to " + Quantity.text(MAX) + ", not " + length);
        }
        return length;
    }
}

package org.dhtrpc.testkit.report;

import java.time.Duration;

/** What a recording refuses: the message names the value and the limit. */
final class Limits {
    /** Far below the 292 years of a long of nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Limits() {}

    static void time(String what, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " is from 0 to " + LONGEST + ", not " + time);
        }
    }

    static void order(String what, Duration first, Duration then) {
        if (then.compareTo(first) < 0) {
            throw new IllegalArgumentException(what + ": " + then + " is before " + first);
        }
    }

    static void count(String what, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(what + " is 0 or more, not " + count);
        }
    }

    static void bits(int sharedBits) {
        if (sharedBits < 0 || sharedBits > 256) {
            throw new IllegalArgumentException("Two ids share 0 to 256 leading bits, not " + sharedBits);
        }
    }

    static void share(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(what + " is a share from 0 to 1, not " + share);
        }
    }

    static void mean(String what, double mean) {
        if (!(mean >= 0 && mean <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(what + " is a finite mean of 0 or more, not " + mean);
        }
    }
}

package org.dhtrpc.testkit.scenario;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations, numbers and rates are written in a scenario, both ways. */
final class Quantity {
    private static final String UNSIGNED = "[0-9]+(?:\\.[0-9]+)?";
    private static final Pattern NUMBER = Pattern.compile(UNSIGNED);
    private static final Pattern DURATION = Pattern.compile("(" + UNSIGNED + ")(ns|us|ms|s|m|h|d)");
    private static final Pattern RATE = Pattern.compile("(" + UNSIGNED + ")/(s|min|h)");

    private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
    private static final long[] NANOS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000, 1_000_000, 1_000, 1
    };
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private Quantity() {}

    /** From {@code 500ms}; what is longer than 292 years is cut to that. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Not a duration: '" + text + "'; the units are d, h, m, s, ms, us and ns, as in 1.5s");
        }
        int unit = 0;
        while (!UNITS[unit].equals(matcher.group(2))) {
            unit++;
        }
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(NANOS[unit]));
        return Duration.ofNanos(nanos.min(MAX_NANOS).longValue());
    }

    /** In the largest unit of which it is a multiple. */
    static String text(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        int unit = 0;
        while (nanos % NANOS[unit] != 0) {
            unit++;
        }
        return nanos / NANOS[unit] + UNITS[unit];
    }

    /** From {@code 0.25}. */
    static double number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("Not a number: '" + text + "'; they are written as 3 or 0.25");
        }
        return Double.parseDouble(text);
    }

    /**
     * With as few digits as {@link #number} needs to read the same, and without an exponent. Made here because the JDK has
     * changed its mind about the digits.
     *
     * @param number at least 0, and finite
     */
    static String text(double number) {
        BigDecimal exact = new BigDecimal(number);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.doubleValue() == number) {
                break;
            }
        }
        return shortest.signum() == 0 ? "0" : shortest.stripTrailingZeros().toPlainString();
    }

    /** From {@code 20/s}, {@code 40/min} or {@code 5/h}. */
    static double perSecond(String text) {
        return rate(text, 1);
    }

    /** From {@code 40/min}, {@code 20/s} or {@code 5/h}. */
    static double perMinute(String text) {
        return rate(text, 60);
    }

    private static double rate(String text, int seconds) {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not a rate: '" + text + "'; the forms are 20/s, 40/min and 5/h");
        }
        double number = Double.parseDouble(matcher.group(1));
        int given = matcher.group(2).equals("s") ? 1 : matcher.group(2).equals("min") ? 60 : 3_600;
        // What is written in its own unit is to be read as it was, to the last bit.
        return given == seconds ? number : number * seconds / given;
    }

    /** A number that is to be in a range. */
    static double checked(String what, double number, double min, double max) {
        if (!(number >= min && number <= max)) {
            throw new IllegalArgumentException(what + " is " + text(min) + " to " + text(max) + ", not " + number);
        }
        return number;
    }
}

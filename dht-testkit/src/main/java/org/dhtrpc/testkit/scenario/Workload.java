package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What nodes are asked to do while a scenario runs. Stores, reads and searches each happen at a rate, by chance and
 * independently of each other.
 *
 * @param values how many different values are stored, each once, 0 to 1,000,000
 * @param storesPerSecond 0 to 1,000,000, and more than 0 if there are values
 * @param exponent how much reads prefer some values to others, 0 to 10: the n-th value that was stored is read as often as
 *     n<sup>-exponent</sup> says (Zipf's law); 0 for all alike
 * @param readsPerSecond of values that have been stored, 0 to 1,000,000
 * @param readAfter how long after its store each value is read once more; 0 for never
 * @param republish after how long those who hold a value store it again, unless somebody else did meanwhile; 0 for never
 * @param searchesPerSecond lookups of random targets, the results of which are compared with the truth, 0 to 1,000,000
 */
public record Workload(
        int values,
        double storesPerSecond,
        double exponent,
        double readsPerSecond,
        Duration readAfter,
        Duration republish,
        double searchesPerSecond) {
    private static final String FORMS = "1000 values, stores 20/s, reads 50/s (or: reads 50/s zipf 1.1), read after 5m,"
            + " republish 1m, searches 2/s, or none at all";
    private static final Pattern VALUES = Pattern.compile("([0-9]{1,7}) values?");
    private static final Pattern STORES = Pattern.compile("stores (\\S+)");
    private static final Pattern READS = Pattern.compile("reads (\\S+)(?: zipf (\\S+))?");
    private static final Pattern READ_AFTER = Pattern.compile("read after (\\S+)");
    private static final Pattern REPUBLISH = Pattern.compile("republish (\\S+)");
    private static final Pattern SEARCHES = Pattern.compile("searches (\\S+)");

    private static final double MAX_RATE = 1_000_000;
    private static final Duration MAX_DELAY = Duration.ofDays(365);

    /** Nobody wants anything. */
    public static final Workload NONE = new Workload(0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0);

    /** Checks the values. */
    public Workload {
        Quantity.checked("The number of values", values, 0, Zipf.MAX_RANKS);
        Quantity.checked("The rate of stores per second", storesPerSecond, 0, MAX_RATE);
        Quantity.checked("The rate of reads per second", readsPerSecond, 0, MAX_RATE);
        Quantity.checked("The exponent of reads", exponent, 0, Zipf.MAX_EXPONENT);
        Quantity.checked("The rate of searches per second", searchesPerSecond, 0, MAX_RATE);
        checkDelay("The time from a store to its read", readAfter);
        checkDelay("The time until values are stored again", republish);
        if (values > 0 && storesPerSecond == 0) {
            throw new IllegalArgumentException(values + " values need a rate of stores, as in stores 20/s");
        }
        if (values == 0 && (storesPerSecond > 0 || readsPerSecond > 0 || !readAfter.isZero() || !republish.isZero())) {
            throw new IllegalArgumentException("Stores and reads need values, as in 1000 values");
        }
    }

    private static void checkDelay(String what, Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException(what + " is 0s to " + Quantity.text(MAX_DELAY) + ", not " + delay);
        }
    }

    /**
     * The workload with this text: {@code 1000 values, stores 20/s, reads 50/s zipf 1.1, read after 5m, republish 1m,
     * searches 2/s}, or some of it, or {@code none}. Rates may be per minute or hour too ({@code /min}, {@code /h}).
     * {@link #toString} is this form.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names the part, and lists the forms
     */
    public static Workload parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        Parts parts = new Parts(text, FORMS);
        MatchResult values = parts.take(VALUES);
        MatchResult reads = parts.take(READS);
        MatchResult stores = parts.take(STORES);
        MatchResult readAfter = parts.take(READ_AFTER);
        MatchResult republish = parts.take(REPUBLISH);
        MatchResult searches = parts.take(SEARCHES);
        parts.end();
        return new Workload(
                values == null ? 0 : Integer.parseInt(values.group(1)),
                rate(stores),
                reads == null || reads.group(2) == null ? 0 : Quantity.number(reads.group(2)),
                rate(reads),
                delay(readAfter),
                delay(republish),
                rate(searches));
    }

    private static double rate(@Nullable MatchResult part) {
        return part == null ? 0 : Quantity.perSecond(part.group(1));
    }

    private static Duration delay(@Nullable MatchResult part) {
        return part == null ? Duration.ZERO : Quantity.duration(part.group(1));
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (values > 0) {
            parts.add(values + " values");
            parts.add("stores " + Quantity.text(storesPerSecond) + "/s");
        }
        if (readsPerSecond > 0 || exponent > 0) {
            parts.add("reads " + Quantity.text(readsPerSecond) + "/s"
                    + (exponent > 0 ? " zipf " + Quantity.text(exponent) : ""));
        }
        if (!readAfter.isZero()) {
            parts.add("read after " + Quantity.text(readAfter));
        }
        if (!republish.isZero()) {
            parts.add("republish " + Quantity.text(republish));
        }
        if (searchesPerSecond > 0) {
            parts.add("searches " + Quantity.text(searchesPerSecond) + "/s");
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }
}

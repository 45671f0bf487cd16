package org.dhtrpc.testkit.scenario;

import java.util.Locale;
import java.util.Objects;

/**
 * What a scenario asks for at its end: a line such as {@code expect found 0.99}. It does not hold where there was nothing to
 * measure.
 *
 * @param quality what is to be large
 * @param least the least that will do, 0 to 1
 */
public record Expectation(Quality quality, double least) {
    /** A share that is measured over a whole run. */
    public enum Quality {
        /** Of the reads, those that found their value. */
        FOUND,
        /** Of the stores, those that somebody acknowledged. */
        STORED,
        /** Of the 20 nearest nodes, those that a search found. */
        RECALL,
        /** Of the searches, those that found the nearest node. */
        NEAREST
    }

    /** Checks the share. */
    public Expectation {
        Objects.requireNonNull(quality);
        Quantity.checked("What is expected of '" + quality.name().toLowerCase(Locale.ROOT) + "'", least, 0, 1);
    }

    static Expectation parse(String text) {
        String[] words = text.strip().split(" +", -1);
        for (Quality quality : Quality.values()) {
            if (words.length == 2 && word(quality).equals(words[0])) {
                return new Expectation(quality, Quantity.number(words[1]));
            }
        }
        throw new IllegalArgumentException(
                "Not an expectation: '" + text + "'; the forms are found 0.99, stored 1, recall 0.95, nearest 0.95");
    }

    private static String word(Quality quality) {
        return quality.name().toLowerCase(Locale.ROOT);
    }

    double measured(Score score) {
        return switch (quality) {
            case FOUND -> score.found();
            case STORED -> score.stored();
            case RECALL -> score.recall();
            case NEAREST -> score.nearest();
        };
    }

    /** Whether there was anything to measure. */
    boolean isMeasured(Score score) {
        return switch (quality) {
            case FOUND -> score.of(Counter.FOUND) + score.of(Counter.MISSED) > 0;
            case STORED -> score.of(Counter.STORES) > 0;
            case RECALL, NEAREST -> score.of(Counter.SEARCHES) > 0;
        };
    }

    @Override
    public String toString() {
        return word(quality) + " " + Quantity.text(least);
    }
}

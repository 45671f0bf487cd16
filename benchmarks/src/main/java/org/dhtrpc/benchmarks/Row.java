package org.dhtrpc.benchmarks;

import java.util.function.ToDoubleFunction;

/**
 * A promise: what is computed of the figures of one round, and what it may be.
 *
 * @param what in a few words
 * @param value of one round
 * @param least what it is at least
 * @param most what it is at most
 */
record Row(String what, ToDoubleFunction<Figures> value, double least, double most) {
    /** One figure over another, or more. */
    static Row ratioAtLeast(double least, String what, String numerator, String denominator) {
        return new Row(what, figures -> figures.get(numerator) / figures.get(denominator), least, Double.MAX_VALUE);
    }

    static Row ratioAtMost(double most, String what, String numerator, String denominator) {
        return new Row(what, figures -> figures.get(numerator) / figures.get(denominator), -Double.MAX_VALUE, most);
    }

    static Row atMost(double most, String what, String figure) {
        return new Row(what, figures -> figures.get(figure), -Double.MAX_VALUE, most);
    }

    static Row atLeast(double least, String what, String figure) {
        return new Row(what, figures -> figures.get(figure), least, Double.MAX_VALUE);
    }

    boolean met(double median) {
        return median >= least && median <= most;
    }

    /** As a reader would say it. */
    String bound() {
        return most == Double.MAX_VALUE ? ">= " + least : "<= " + most;
    }
}

package org.dhtrpc.testkit.junit;

import java.time.Duration;
import org.assertj.core.api.AbstractAssert;
import org.dhtrpc.testkit.Figures;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what a {@link org.dhtrpc.testkit.Survey} has measured. The message of each failure ends with
 * {@link Figures#run}: seed, virtual time and trace hash.
 *
 * <p>Limits are inclusive.
 */
public final class FiguresAssert extends AbstractAssert<FiguresAssert, Figures> {
    FiguresAssert(@Nullable Figures actual) {
        super(actual, FiguresAssert.class);
    }

    /**
     * That at least this share of the lookups found the node nearest to their target.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public FiguresAssert hasSuccess(double atLeast) {
        isNotNull();
        return share("a success", actual.success(), atLeast);
    }

    /**
     * That lookups found in the mean at least this share of the 20 nodes nearest to their target.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public FiguresAssert hasRecall(double atLeast) {
        isNotNull();
        return share("a recall", actual.recall(), atLeast);
    }

    private FiguresAssert share(String what, double share, double atLeast) {
        if (!(atLeast >= 0 && atLeast <= 1)) {
            throw new IllegalArgumentException("A share is from 0 to 1, not " + atLeast);
        }
        return check(share >= atLeast, what + " of at least " + atLeast, share);
    }

    /** That a lookup took in the mean at most so many requests, repeats not counted. */
    public FiguresAssert hasRequestsPerLookup(double atMost) {
        isNotNull();
        return check(actual.requests() <= atMost, "at most " + atMost + " requests per lookup", actual.requests());
    }

    /** That in the mean at most so many requests of a lookup were sent again. */
    public FiguresAssert hasRepeatsPerLookup(double atMost) {
        isNotNull();
        return check(actual.repeats() <= atMost, "at most " + atMost + " repeats per lookup", actual.repeats());
    }

    /** That half of the lookups took at most so many hops. */
    public FiguresAssert hasHopsP50(int atMost) {
        isNotNull();
        return check(
                actual.hops().p50() <= atMost,
                "a p50 of at most " + atMost + " hops",
                actual.hops().p50());
    }

    /** That 99 in 100 lookups took at most so many hops. */
    public FiguresAssert hasHopsP99(int atMost) {
        isNotNull();
        return check(
                actual.hops().p99() <= atMost,
                "a p99 of at most " + atMost + " hops",
                actual.hops().p99());
    }

    /** That half of the lookups took at most so much virtual time. */
    public FiguresAssert hasLatencyP50(Duration atMost) {
        isNotNull();
        Duration p50 = actual.latency().p50();
        return check(p50.compareTo(atMost) <= 0, "a p50 of the latency of at most " + atMost, p50);
    }

    /** That 99 in 100 lookups took at most so much virtual time. */
    public FiguresAssert hasLatencyP99(Duration atMost) {
        isNotNull();
        Duration p99 = actual.latency().p99();
        return check(p99.compareTo(atMost) <= 0, "a p99 of the latency of at most " + atMost, p99);
    }

    private FiguresAssert check(boolean holds, String expected, Object was) {
        if (!holds) {
            throw failure("expected %s but was %s%n%s", expected, was, actual.run());
        }
        return this;
    }
}

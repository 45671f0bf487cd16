package org.dhtrpc.testkit.scenario;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing scenario smaller, as long as the same check fails: it ends sooner, has fewer faults (delta debugging:
 * Zeller and Hildebrandt 2002), fewer nodes, less to do, and nothing that does not matter of links, NATs, churn and clocks; then
 * the faults that are left become smaller. All of it is done again until nothing helps any more, so that nothing which the
 * reductions know can be taken away from the result by itself.
 *
 * <p>It works because all faults, hosts and values draw from streams of their own: what stays goes on much as it was.
 */
public final class Shrinker {
    static final int RUNS = 300;
    static final long EVENTS = 50_000_000;

    private final Function<Scenario, Outcome> laboratory;
    private int mostRuns = RUNS;
    private long mostEvents = EVENTS;

    /** What was tried, as text: each run has the same outcome each time. */
    private final Set<String> tried = new HashSet<>();

    private int runs;
    private long events;
    private boolean cut;

    Shrinker(Function<Scenario, Outcome> laboratory) {
        this.laboratory = laboratory;
    }

    /** One that tries scenarios here. */
    public static Shrinker of(Laboratory laboratory) {
        return new Shrinker(laboratory::run);
    }

    /**
     * At most so many runs; {@value #RUNS} if this is not called.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Shrinker runs(int most) {
        check(most, mostEvents);
        mostRuns = most;
        return this;
    }

    /**
     * At most so many events of simulation, the last run apart; {@value #EVENTS}, a minute or two, if this is not called. No clock
     * is asked, so that the same scenario comes out everywhere.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Shrinker events(long most) {
        check(mostRuns, most);
        mostEvents = most;
        return this;
    }

    static void check(int runs, long events) {
        if (runs < 0 || events < 0) {
            throw new IllegalArgumentException(
                    "Shrinking takes 0 or more runs and 0 or more events, not " + runs + " and " + events);
        }
    }

    /**
     * The smallest scenario found.
     *
     * @throws IllegalArgumentException if all checks hold in the one that is given
     */
    public Shrunk shrink(Scenario scenario) {
        return shrink(scenario, laboratory.apply(scenario));
    }

    /** The same, of a scenario that is known to end like this. */
    Shrunk shrink(Scenario scenario, Outcome failed) {
        if (failed.held()) {
            throw new IllegalArgumentException("All checks hold, so that there is nothing to shrink: " + failed.run());
        }
        tried.clear();
        tried.add(scenario.toString());
        runs = 0;
        cut = false;
        events = 0;
        Failure smallest = new Failure(scenario, failed);
        int triedBefore;
        do {
            triedBefore = runs;
            for (Reduction reduction : Reduction.ALL) {
                smallest = reduce(smallest, reduction);
            }
        } while (runs > triedBefore);
        return new Shrunk(scenario, smallest.scenario, smallest.outcome, runs, !cut);
    }

    /** A scenario that fails, and how. */
    private record Failure(Scenario scenario, Outcome outcome) {
        Violation violation() {
            return Objects.requireNonNull(outcome.violation());
        }
    }

    /** As far as this one goes. */
    private Failure reduce(Failure start, Reduction reduction) {
        Failure smallest = start;
        for (Failure next = start; next != null; next = next(smallest, reduction)) {
            smallest = next;
        }
        return smallest;
    }

    /** The first of those that are smaller in this way to fail in the same check; null if none does. */
    private @Nullable Failure next(Failure before, Reduction reduction) {
        List<Scenario> smaller =
                reduction.smaller(before.scenario, before.violation()).toList();
        for (Scenario scenario : smaller) {
            Failure failure = tried.contains(scenario.toString()) ? null : attempt(scenario, before.violation());
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private @Nullable Failure attempt(Scenario scenario, Violation before) {
        cut |= runs >= mostRuns || events >= mostEvents;
        if (cut) {
            return null;
        }
        tried.add(scenario.toString());
        runs++;
        try {
            Outcome outcome = laboratory.apply(scenario);
            events += outcome.events();
            Violation violation = outcome.violation();
            return violation != null && violation.isLike(before) ? new Failure(scenario, outcome) : null;
        } catch (RuntimeException e) {
            // An experiment, for instance, that cannot make its laboratory. Another story, whatever it is.
            return null;
        }
    }
}

package org.dhtrpc.testkit.scenario;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run went.
 *
 * @param scenario what was run, as text
 * @param run seed, virtual time and trace hash: two runs with the same are the same
 * @param violation the first check that did not hold, where the run ended; null if all did
 * @param seen which of the checks that must hold sometimes did
 * @param nodes how many honest nodes there were at the end
 * @param reads reads that have ended
 * @param found the share of the reads that found their value, 1 if there were none
 * @param searches searches that have ended
 * @param recall which share of the 20 nearest nodes a search found, in the mean; 1 if there were none
 * @param events events of the simulation
 */
public record Outcome(
        String scenario,
        String run,
        @Nullable Violation violation,
        List<String> seen,
        int nodes,
        long reads,
        double found,
        long searches,
        double recall,
        long events)
        implements Serializable {
    /** Copies the list. */
    public Outcome {
        seen = List.copyOf(seen);
    }

    /**
     * Whether this is the same run as another: with the same trace, at the same event, and the same check broken. What that says of
     * itself may differ, as where an assertion quotes a stack trace.
     */
    public boolean isSameRun(Outcome other) {
        return run.equals(other.run)
                && events == other.events
                && held() == other.held()
                && (violation == null
                        || other.violation == null
                        || violation.check().equals(other.violation.check()));
    }

    /**
     * Nothing, if all checks held.
     *
     * @return this
     * @throws AssertionError otherwise, with the violation, seed and trace, and the scenario
     */
    public Outcome requireHeld() {
        if (violation != null) {
            throw new AssertionError(violation + "\n" + run + "\n\n" + scenario.indent(4));
        }
        return this;
    }

    /** Whether all checks held. */
    public boolean held() {
        return violation == null;
    }
}

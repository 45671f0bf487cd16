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

    /** Whether all checks held. */
    public boolean held() {
        return violation == null;
    }
}

package org.dhtrpc.testkit.report;

import java.util.List;
import java.util.Objects;

/**
 * An operation in detail: one of the slowest, or one that failed.
 *
 * @param operation how it went
 * @param target the key that it was about
 * @param searcher the node that was asked to do it
 * @param steps its requests, in any order
 */
public record Search(Operation operation, String target, String searcher, List<Step> steps) {
    /** Copies the list. */
    public Search {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(searcher, "searcher");
        steps = List.copyOf(steps);
    }
}

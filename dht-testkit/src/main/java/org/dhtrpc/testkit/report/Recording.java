package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a run was like: all that a {@link Report} says. Immutable; lists are copied. Any of them may be empty, and the report
 * says so. What cannot be, such as a share above 1 or a fault that ends before it begins, is an
 * {@link IllegalArgumentException} in whatever has it. Times are virtual, from the start of the run.
 *
 * <p>Of a million operations the report keeps distributions; of samples, nodes and the rest as much as can be seen.
 *
 * @param title what the run is about, one line
 * @param scenario the scenario as text, of many lines; empty if there is none
 * @param run what it takes to see the run again: "seed 42, virtual time PT10M, trace 9f3c0d77a1b2e654"
 * @param length how long the run took, in virtual time
 * @param samples the network at times that do not decrease
 * @param moments the faults, in any order
 * @param operations what nodes were asked to do, in any order
 * @param searches the slowest operations and those that failed, in detail, the most remarkable first
 * @param buckets what tables were like at the end, in any order
 * @param places the nodes on the ring of ids at the end, in any order
 * @param verdicts what became of the checks, in any order
 */
public record Recording(
        String title,
        String scenario,
        String run,
        Duration length,
        List<Sample> samples,
        List<Moment> moments,
        List<Operation> operations,
        List<Search> searches,
        List<Bucket> buckets,
        List<Place> places,
        List<Verdict> verdicts) {
    /** Copies the lists. */
    public Recording {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(scenario, "scenario");
        Objects.requireNonNull(run, "run");
        Limits.time("The length of a run", length);
        samples = List.copyOf(samples);
        for (int i = 1; i < samples.size(); i++) {
            Limits.order(
                    "Samples are in the order of time",
                    samples.get(i - 1).at(),
                    samples.get(i).at());
        }
        moments = List.copyOf(moments);
        operations = List.copyOf(operations);
        searches = List.copyOf(searches);
        buckets = List.copyOf(buckets);
        places = List.copyOf(places);
        verdicts = List.copyOf(verdicts);
    }
}

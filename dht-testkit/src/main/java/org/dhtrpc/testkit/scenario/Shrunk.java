package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link Shrinker} has made of a scenario.
 *
 * @param before the scenario that it was given
 * @param after the smallest that it has found to fail in the same check
 * @param outcome how that one goes
 * @param runs how many it has tried
 * @param finished whether nothing smaller is left to be tried; false if the runs or the events were used up before
 */
public record Shrunk(Scenario before, Scenario after, Outcome outcome, int runs, boolean finished) {
    /** What has become smaller, in one line: {@code nodes 200 -> 12, faults 5 -> 1, in 38 runs}. */
    @Override
    public String toString() {
        List<String> changes = new ArrayList<>();
        note(changes, "nodes", before.nodes(), after.nodes());
        note(changes, "faults", before.incidents().size(), after.incidents().size());
        note(changes, "length", text(before.length()), text(after.length()));
        note(changes, "values", before.workload().values(), after.workload().values());
        if (!Objects.equals(before.churn(), after.churn())) {
            changes.add(after.churn() == null ? "no churn" : "less churn");
        }
        if (!before.nats().equals(after.nats())) {
            changes.add(after.nats().equals(NatMix.NONE) ? "no NATs" : "fewer NATs");
        }
        if (before.drift() > after.drift()) {
            changes.add("no drift");
        }
        if (!before.link().toString().equals(after.link().toString())) {
            changes.add("a simpler link");
        }
        return (changes.isEmpty() ? "nothing could be left out" : String.join(", ", changes))
                + ", in " + runs + (runs == 1 ? " run" : " runs")
                + (finished ? "" : "; more was not tried");
    }

    private static void note(List<String> changes, String what, Object from, Object to) {
        if (!from.equals(to)) {
            changes.add(what + " " + from + " -> " + to);
        }
    }

    private static String text(Duration time) {
        return Quantity.text(time);
    }
}

package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link Sweep}. {@link #toString} says it in a few lines.
 *
 * @param first the first seed
 * @param outcomes of the seeds from the first on, in their order
 * @param unseen the checks that must hold now and then, and did with no seed
 * @param story the first failure as small as it could be made, and how it is seen again; null if no check was violated
 */
public record SweepResult(
        long first,
        List<Outcome> outcomes,
        List<String> unseen,
        @Nullable String story) {
    private static final int MOST_SEEDS = 10;

    /** Copies the lists. */
    public SweepResult {
        outcomes = List.copyOf(outcomes);
        unseen = List.copyOf(unseen);
    }

    SweepResult with(String told) {
        return new SweepResult(first, outcomes, unseen, told);
    }

    /** Whether all checks held with all seeds, and those that must hold now and then did with one at least. */
    public boolean held() {
        return unseen.isEmpty() && firstFailure() == null;
    }

    /** Of each check that was violated, the seeds that did, both in the order in which they came. */
    public Map<String, List<Long>> violations() {
        Map<String, List<Long>> violations = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Violation violation = outcomes.get(i).violation();
            if (violation != null) {
                violations
                        .computeIfAbsent(violation.check(), check -> new ArrayList<>())
                        .add(first + i);
            }
        }
        return violations;
    }

    /**
     * Nothing, if all held.
     *
     * @return this
     * @throws AssertionError otherwise; its message is the {@link #story}
     */
    public SweepResult requireHeld() {
        if (firstFailure() != null) {
            throw new AssertionError(story == null ? toString() : story);
        }
        if (!unseen.isEmpty()) {
            throw new AssertionError("Not once, in " + runs() + ": " + String.join(", ", unseen)
                    + "; the sweep did not test what it was made for");
        }
        return this;
    }

    @Nullable
    Outcome firstFailure() {
        return outcomes.stream().filter(outcome -> !outcome.held()).findFirst().orElse(null);
    }

    long seed(Outcome outcome) {
        return first + outcomes.indexOf(outcome);
    }

    String runs() {
        return outcomes.size() == 1
                ? "1 run, seed " + first
                : outcomes.size() + " runs, seeds " + first + " to " + (first + outcomes.size() - 1);
    }

    private String least(String what, ToDoubleFunction<Outcome> figure) {
        Outcome worst = outcomes.get(0);
        double sum = 0;
        for (Outcome outcome : outcomes) {
            sum += figure.applyAsDouble(outcome);
            worst = figure.applyAsDouble(outcome) < figure.applyAsDouble(worst) ? outcome : worst;
        }
        return String.format(
                Locale.ROOT,
                "%s %.4f in the mean, %.4f at least (seed %d)",
                what,
                sum / outcomes.size(),
                figure.applyAsDouble(worst),
                seed(worst));
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        long held = outcomes.stream().filter(Outcome::held).count();
        lines.add(runs() + ": " + (held == outcomes.size() ? "all checks held" : "all checks held in " + held));
        violations()
                .forEach((check, seeds) -> lines.add("  " + check + ": not in " + seeds.size() + ", seeds "
                        + String.join(
                                ", ",
                                seeds.stream()
                                        .limit(MOST_SEEDS)
                                        .map(String::valueOf)
                                        .toList())
                        + (seeds.size() > MOST_SEEDS ? " ..." : "")));
        unseen.forEach(check -> lines.add("  " + check + ": not once"));
        lines.add("  " + least("found", Outcome::found));
        lines.add("  " + least("recall", Outcome::recall));
        lines.add("  " + outcomes.stream().mapToLong(Outcome::reads).sum() + " reads, "
                + outcomes.stream().mapToLong(Outcome::searches).sum() + " searches, "
                + outcomes.stream().mapToLong(Outcome::events).sum() + " events");
        return String.join("\n", lines);
    }
}

package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Of scenarios that fail by rule, without a network. */
class ShrinkerTest {
    private static final Scenario BUSY = Scenario.parse("""
            nodes 200
            seed 17
            length 5m
            link latency wan, loss 0.05, bursts 30s 1s 0.8
            nats ford2005:0.6
            churn arrivals 40/min, sessions exponential:5m, returning 0.5 after constant:1m
            drift 100
            workload 100 values, stores 5/s, reads 3/s, read after 2m, searches 2/s
            at 10s loss 0.2 for 30s
            at 20s crash 0.2 for 30s, forgetting
            at 30s partition 0.3 for 20s
            at 40s leave 0.1
            at 90s pause 0.1 for 20s
            at 2m join 20
            at 3m move 1
            expect found 0.99
            expect stored 1
            """);

    private final List<Scenario> runs = new ArrayList<>();

    /** Scenarios for which this is true fail so early. */
    private Shrinker failing(Duration at, Predicate<Scenario> fails) {
        return new Shrinker(scenario -> {
            runs.add(scenario);
            return outcome(scenario, fails.test(scenario) ? new Violation("the rule", at, 1, "broken") : null);
        });
    }

    private static Outcome outcome(Scenario scenario, @Nullable Violation violation) {
        return new Outcome(scenario.toString(), "run", violation, List.of(), 1, 0, 1, 0, 1, 1);
    }

    private static boolean has(Scenario scenario, String word) {
        return scenario.incidents().stream()
                .anyMatch(incident -> incident.fault().word().equals(word));
    }

    @Test
    void what_fails_whatever_happens_becomes_two_nodes_of_which_nothing_is_said() {
        Shrunk shrunk = failing(Duration.ofMillis(7_300), scenario -> true).shrink(BUSY);
        assertThat(shrunk.after()).hasToString("nodes 2\nseed 17\nlength 8s\nlink latency constant:20ms\n");
        assertThat(shrunk.finished()).isTrue();
        assertThat(shrunk)
                .hasToString(
                        "nodes 200 -> 2, faults 7 -> 0, length 5m -> 8s, values 100 -> 0, no churn, no NATs, no drift,"
                                + " a simpler link, in " + shrunk.runs() + " runs");
        assertThat(shrunk.runs()).isEqualTo(runs.size() - 1).isLessThan(15);
    }

    @Test
    void the_two_faults_that_matter_are_found_and_become_small() {
        Shrunk shrunk = failing(Duration.ofMinutes(2), scenario -> has(scenario, "crash") && has(scenario, "pause"))
                .shrink(BUSY);
        assertThat(shrunk.after().incidents()).hasToString("[at 1s crash 0.013 for 1s, at 1s pause 0.013 for 1s]");
    }

    @Test
    void nothing_that_matters_is_taken_away() {
        Predicate<Scenario> fails = scenario -> scenario.nodes() >= 13
                && scenario.churn() != null
                && scenario.churn().arrivals() >= 10
                && !scenario.nats().equals(NatMix.NONE)
                && scenario.drift() > 0
                && scenario.workload().values() > 20
                && scenario.link().toString().contains("loss")
                && scenario.length().toSeconds() > 30
                && !scenario.expectations().isEmpty();
        Shrunk shrunk = failing(Duration.ofMinutes(9), fails).shrink(BUSY);
        assertThat(shrunk.after().incidents()).isEmpty();
        assertThat(shrunk.after().nodes()).isEqualTo(13);
        assertThat(shrunk.after().workload().values()).isEqualTo(25);
        assertThat(shrunk.after().workload().readsPerSecond()).isZero();
        assertThat(shrunk.after().link()).hasToString("latency uniform:10ms-50ms, loss 0.05");
        assertThat(fails).accepts(shrunk.after());
    }

    @Test
    void faults_without_which_it_does_not_fail_are_found_among_many() {
        Scenario scenario = Scenario.of(10);
        for (int i = 1; i <= 40; i++) {
            scenario = scenario.at(Duration.ofSeconds(i), Fault.named("fault-" + i, 1));
        }
        Shrunk shrunk = failing(Duration.ofHours(1), some -> has(some, "fault-7") && has(some, "fault-30"))
                .shrink(scenario);
        assertThat(shrunk.after().incidents())
                .extracting(incident -> incident.fault().word())
                .containsExactly("fault-7", "fault-30");
        assertThat(shrunk.runs()).isLessThan(120);
    }

    @Test
    void another_check_is_another_failure() {
        Shrunk shrunk = new Shrinker(scenario -> outcome(
                        scenario,
                        new Violation(
                                scenario.nodes() > 100 ? "the rule" : "something else",
                                Duration.ofHours(1),
                                1,
                                "broken")))
                .shrink(BUSY);
        assertThat(shrunk.after().nodes()).isEqualTo(101);
    }

    @Test
    void a_check_that_fails_itself_is_another_failure() {
        Shrunk shrunk = new Shrinker(scenario -> outcome(
                        scenario,
                        new Violation(
                                "the rule",
                                Duration.ofHours(1),
                                1,
                                scenario.nodes() > 100 ? "broken" : Violation.ITSELF + "nobody is there")))
                .shrink(BUSY);
        assertThat(shrunk.after().nodes()).isEqualTo(101);
    }

    @Test
    void no_scenario_is_run_twice() {
        failing(Duration.ofHours(1), scenario -> has(scenario, "crash")).shrink(BUSY);
        assertThat(runs).extracting(Scenario::toString).doesNotHaveDuplicates();
    }

    @Test
    void it_ends_when_the_runs_or_the_events_are_used_up() {
        Shrunk few = failing(Duration.ZERO, scenario -> true).runs(3).shrink(BUSY);
        assertThat(few.runs()).isEqualTo(3);
        assertThat(few.finished()).isFalse();
        assertThat(few).asString().endsWith("in 3 runs; more was not tried");
        Shrunk fewEvents = failing(Duration.ZERO, scenario -> true).events(5).shrink(BUSY);
        assertThat(fewEvents.runs()).isEqualTo(5);
        Shrunk none = failing(Duration.ZERO, scenario -> true).events(0).shrink(BUSY);
        assertThat(none.after()).isEqualTo(BUSY);
        assertThat(none).hasToString("nothing could be left out, in 0 runs; more was not tried");
    }

    @Test
    void nonsense_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> failing(Duration.ZERO, scenario -> false).shrink(BUSY))
                .withMessage("All checks hold, so that there is nothing to shrink: run");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shrinker.of(ToyNode.laboratory()).runs(-1))
                .withMessage("Shrinking takes 0 or more runs and 0 or more events, not -1 and 50000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shrinker.of(ToyNode.laboratory()).events(-1))
                .withMessageContaining("not 300 and -1");
    }
}

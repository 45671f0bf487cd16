package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.testkit.report.Verdict;
import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Expectation;
import org.dhtrpc.testkit.scenario.Fault;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Laboratory.Recorded;
import org.dhtrpc.testkit.scenario.Outcome;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Violation;
import org.dhtrpc.testkit.scenario.Workload;
import org.junit.jupiter.api.Test;

/** Production nodes in networks that live. */
class ScenarioTest {
    private static final Scenario BAD_DAY = Scenario.parse("""
            nodes 100
            seed 17
            length 5m
            link latency uniform:10ms-50ms, loss 0.05
            nats ford2005:0.6
            churn arrivals 20/min, sessions exponential:5m
            workload 100 values, stores 5/s, read after 2m, searches 2/s
            at 30s partition 0.3 for 20s
            at 1m crash 0.2 for 30s
            at 90s pause 0.1 for 20s
            expect found 0.99
            """);

    private final Laboratory laboratory = Laboratories.msgpack();

    @Test
    void values_are_found_after_a_bad_day() {
        Outcome outcome = laboratory.run(BAD_DAY);
        assertThat(outcome.violation()).isNull();
        assertThat(outcome.reads()).isGreaterThan(90);
    }

    @Test
    void a_run_is_the_same_again_by_reference_and_recorded() {
        Outcome outcome = laboratory.run(BAD_DAY);
        assertThat(laboratory.byReference().record("again", BAD_DAY).outcome()).isEqualTo(outcome);
    }

    @Test
    void clocks_go_on_as_they_did_before_a_fault() {
        List<Long> readings = new ArrayList<>();
        Laboratory clock = laboratory.check(Check.every(
                Duration.ofSeconds(5),
                "is read",
                world -> readings.add(world.hosts().get(0).transport().loop().nanoTime())));
        assertThat(clock.run(Scenario.parse("""
                                nodes 5
                                length 1m
                                drift 100000
                                at 15s drift 400000 for 20s
                                """)).violation()).isNull();

        long before = readings.get(1) - readings.get(0);
        assertThat(before).isNotEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(readings.get(5) - readings.get(4)).isNotCloseTo(before, within(1_000L));
        assertThat(readings.get(9) - readings.get(8)).isCloseTo(before, within(1_000L));
    }

    @Test
    void a_run_tells_how_far_it_is_and_what_became_of_each_check() {
        List<Duration> times = new ArrayList<>();
        Scenario scenario = Scenario.of(5)
                .length(Duration.ofSeconds(50))
                .workload(Workload.parse("5 values, stores 1/s"))
                .expect(Expectation.Quality.STORED, 1);
        Laboratory watched = laboratory.progress(times::add);

        assertThat(verdicts(watched, scenario))
                .containsExactly(
                        "nothing throws",
                        "operations end",
                        "tables are sound",
                        "everybody joins",
                        "the nearest are found",
                        "expect stored 1");
        assertThat(times).hasSize(50).isSorted().endsWith(Duration.ofSeconds(50));

        times.clear();
        Check broken = Check.every(
                Duration.ofSeconds(10),
                "nothing is right",
                world -> assertThat(world).isNull());
        assertThat(verdicts(watched.check(broken), scenario))
                .containsExactly("nothing throws", "operations end", "tables are sound");
        assertThat(times).endsWith(Duration.ofSeconds(9));
    }

    @Test
    void what_is_expected_of_nothing_does_not_hold() {
        Scenario scenario = Scenario.of(5).length(Duration.ofSeconds(5)).expect(Expectation.Quality.FOUND, 0);
        Recorded recorded = laboratory.record("nothing", scenario);
        String check = "there is something to expect found 0 of";
        assertThat(recorded.outcome().violation()).returns(check, Violation::check);
        assertThat(recorded.recording().verdicts())
                .contains(new Verdict(check, Verdict.Kind.EVENTUALLY, false, "nothing that counts has ended"));
    }

    private static List<String> verdicts(Laboratory laboratory, Scenario scenario) {
        return laboratory.record("verdicts", scenario).recording().verdicts().stream()
                .filter(Verdict::held)
                .map(Verdict::check)
                .toList();
    }

    @Test
    void a_fault_that_nobody_knows_is_refused_before_anything_runs() {
        Scenario scenario = Scenario.of(5).at(Duration.ZERO, Fault.named("locusts", 0.5));
        assertThatThrownBy(() -> laboratory.verify(scenario))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Nobody knows the fault 'locusts'; there are partition, cut");
        assertThatThrownBy(() -> laboratory.run(scenario)).hasMessageContaining("locusts");
        laboratory.fault("locusts", world -> {}, world -> {}).verify(scenario);
    }
}

package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Outcome;
import org.dhtrpc.testkit.scenario.Scenario;
import org.junit.jupiter.api.Test;

/** Production nodes in networks that live. */
class ScenarioTest {
    private static final Scenario BAD_DAY = Scenario.parse("""
            nodes 200
            seed 17
            length 5m
            link latency uniform:10ms-50ms, loss 0.05
            nats ford2005:0.6
            churn arrivals 40/min, sessions exponential:5m
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
}

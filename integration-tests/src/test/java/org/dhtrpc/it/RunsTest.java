package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Outcome;
import org.dhtrpc.testkit.scenario.Scenario;
import org.junit.jupiter.api.Test;

/** Runs are functions of their scenario, whoever looks on. */
class RunsTest {
    /** Everything at once. */
    private static final Scenario WILD = Scenario.parse("""
            nodes 40
            seed 5
            length 2m
            link latency uniform:10ms-50ms, loss 0.05, duplication 0.02
            nats halkes2010
            churn arrivals 20/min, sessions exponential:2m, crashing 0.5, returning 0.3 after exponential:10s with state
            drift 100
            workload 20 values, stores 2/s, reads 2/s zipf 1, read after 30s, republish 20s, searches 2/s
            at 10s partition 0.3 for 10s
            at 15s pause 0.2 for 10s
            at 20s crash 0.2 for 10s
            at 25s leave 0.2 for 10s, forgetting
            at 30s liars 0.1 for 20s
            at 30s sybils 5 for 20s
            at 35s eclipse 3 for 10s
            at 40s flood 2 for 5s
            at 45s drift 50000 for 10s
            at 50s reboot 0.5
            at 55s move 0.5
            at 60s cut 0.2 for 5s
            when reads 50 reordering 0.2 for 10s
            """);

    private final Laboratory laboratory = Laboratories.msgpack();

    @Test
    void a_run_is_the_same_each_time_and_on_each_thread() throws ExecutionException, InterruptedException {
        CompletableFuture<Outcome> elsewhere = CompletableFuture.supplyAsync(() -> laboratory.run(WILD));
        Outcome here = laboratory.run(WILD);
        assertThat(elsewhere.get()).isEqualTo(here);
        assertThat(here.reads()).isGreaterThan(50);
    }

    @Test
    void to_record_it_changes_nothing() {
        Laboratory counting = laboratory.byReference();
        List<Long> alone = counts(counting, false);
        List<Long> recorded = counts(counting, true);
        assertThat(recorded).isEqualTo(alone);
        assertThat(alone.get(alone.size() - 1)).isGreaterThan(10_000);
    }

    /** Datagrams and events at each second, and the outcome's. */
    private static List<Long> counts(Laboratory laboratory, boolean recording) {
        List<Long> counts = new ArrayList<>();
        Laboratory counting = laboratory.check(Check.every(Duration.ofSeconds(1), "count", world -> {
            counts.add(world.network().traceHash());
            counts.add(world.network().traffic().sent());
            counts.add(world.network().events());
        }));
        Outcome outcome = recording ? counting.record("wild", WILD).outcome() : counting.run(WILD);
        counts.add((long) outcome.hashCode());
        counts.add(outcome.events());
        return counts;
    }

    @Test
    void republishing_lets_a_value_outlive_all_who_held_it_first() {
        String text = """
                nodes 60
                length 4m
                workload 10 values, stores 5/s, reads 2/s%s
                churn arrivals 60/min, sessions exponential:1m
                """;
        double with = lastFound(String.format(text, ", republish 15s"));
        double without = lastFound(String.format(text, ""));
        assertThat(with).isGreaterThan(0.95);
        assertThat(without).isLessThan(0.5);
    }

    /** The share of its values that somebody holds in the end. */
    private double lastFound(String text) {
        double[] share = new double[1];
        Check look = Check.every(Duration.ofSeconds(239), "look", world -> {
            if (world.elapsed().toSeconds() == 239) {
                assertThat(world.keys()).hasSize(10);
                share[0] = world.keys().stream()
                                .filter(key -> world.holders(key) > 0)
                                .count()
                        / 10.0;
            }
        });
        assertThat(laboratory
                        .byReference()
                        .check(look)
                        .run(Scenario.parse(text))
                        .violation())
                .isNull();
        return share[0];
    }
}

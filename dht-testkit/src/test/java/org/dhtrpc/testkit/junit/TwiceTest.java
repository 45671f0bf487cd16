package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TwiceTest {
    /** What no seed decides. */
    private static int runs;

    @TempDir
    Path folder;

    @BeforeEach
    void forget() {
        runs = 0;
    }

    static class Deterministic {
        @RegisterExtension
        static final Simulations simulations = Simulations.of(Beacon::on);

        @SimulationTest(nodes = 5, seeds = 2, twice = true)
        void test(SimulatedNetwork network) {
            runs++;
            network.run(Duration.ofSeconds(1));
        }
    }

    @Test
    void each_seed_is_run_again_with_an_equal_result() {
        Tests tests = Tests.run(Deterministic.class, folder);
        assertThat(tests.passed()).containsExactly("seed 1", "seed 1 again", "seed 2", "seed 2 again");
        assertThat(runs).isEqualTo(4);
        assertThat(tests.reported().get(0))
                .isEqualTo(tests.reported().get(1))
                .isNotEqualTo(tests.reported().get(2));
        assertThat(Tests.replay(Deterministic.class, folder, 2).passed()).containsExactly("seed 2", "seed 2 again");
    }

    static class OtherDatagrams {
        @RegisterExtension
        static final Simulations simulations = Simulations.of(Beacon::on);

        @SimulationTest(twice = true)
        void test(SimulatedNetwork network) {
            network.start(++runs, Beacon::on);
            network.run(Duration.ofSeconds(1));
        }
    }

    @Test
    void runs_that_send_other_datagrams_are_told_apart() {
        Tests tests = Tests.run(OtherDatagrams.class, folder);
        assertThat(tests.passed()).containsExactly("seed 1");
        assertThat(tests.names()).containsExactly("seed 1", "seed 1 again");
        assertThat(tests.failure().toString().lines().skip(1))
                .allMatch(line ->
                        line.matches("seed 1, virtual time PT1S, trace [0-9a-f]{16}(; to replay: .* -Dseed=1)?"))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .first()
                .isEqualTo(tests.reported().get(0));
        assertThat(folder.resolve(OtherDatagrams.class.getName() + "#test")).hasContent("1");
    }

    static class OtherTimes {
        @SimulationTest(twice = true)
        void test(SimulatedNetwork network) {
            network.run(Duration.ofSeconds(++runs));
        }
    }

    @Test
    void so_are_runs_that_end_at_other_times() {
        assertThat(Tests.run(OtherTimes.class, folder).failure())
                .hasMessageContainingAll("virtual time PT1S", "virtual time PT2S");
    }

    static class FailingOnce {
        @SimulationTest(twice = true)
        void test() {
            assertThat(++runs).isNotEqualTo(1);
        }
    }

    @Test
    void a_seed_that_fails_in_one_of_two_runs_has_failed() {
        assertThat(Tests.run(FailingOnce.class, folder).passed()).containsExactly("seed 1 again");
        assertThat(folder.resolve(FailingOnce.class.getName() + "#test")).hasContent("1");
    }
}

package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.Seeded;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake gets an error that says what is wrong, and with which value. */
class BadSimulationsTest {
    @TempDir
    Path folder;

    private Throwable failure(Class<?> type) {
        return Tests.run(type, folder).failure();
    }

    static class NegativeNodes {
        @SimulationTest(nodes = -1)
        void test() {}
    }

    static class NoSeeds {
        @SimulationTest(seeds = 0)
        void test() {}
    }

    static class SeedsBeyondTheLast {
        @SimulationTest(firstSeed = Long.MAX_VALUE, seeds = 2)
        void test() {}
    }

    static class TheLastSeed {
        @SimulationTest(firstSeed = Long.MAX_VALUE - 1, seeds = 2)
        void test() {}
    }

    @Test
    void numbers_are_in_range() {
        assertThat(failure(NegativeNodes.class)).hasMessageContaining("0 or more, not -1");
        assertThat(failure(NoSeeds.class)).hasMessageContaining("1 or more, not 0");
        assertThat(failure(SeedsBeyondTheLast.class)).hasMessageContaining("the one 1 after 9223372036854775807");
        assertThat(Tests.run(TheLastSeed.class, folder).passed())
                .containsExactly("seed 9223372036854775806", "seed 9223372036854775807");
    }

    @Test
    void parameters_are_numbers() {
        assertThat(Tests.run(TheLastSeed.class, folder, Map.of(Seeded.SEED, "x1"))
                        .failure())
                .hasMessageContaining("-Dseed is a whole number of 64 bits, not \"x1\"");
        assertThat(Tests.run(TheLastSeed.class, folder, Map.of(Simulations.SEEDS, ""))
                        .failure())
                .hasMessageContaining("-Dseeds is a whole number of 64 bits, not \"\"");
        assertThat(Tests.run(TheLastSeed.class, folder, Map.of(Simulations.SEEDS, "-3"))
                        .failure())
                .hasMessageContaining("1 or more, not -3");
    }

    static class NodesOfNobody {
        @SimulationTest(nodes = 1)
        void test() {}
    }

    static class NotStatic {
        @RegisterExtension
        final Simulations simulations = Simulations.of(Beacon::on);

        @SimulationTest(nodes = 1)
        void test() {}
    }

    @Test
    void whoever_asks_for_nodes_says_how_they_are_made() {
        assertThat(failure(NodesOfNobody.class)).hasMessageContaining("static final Simulations");
        assertThat(failure(NotStatic.class)).hasMessageContaining("it must be static");
    }

    static class NodesThatAreNone {
        @SimulationTest
        void test(List<Dht> nodes) {}
    }

    static class TooEarly {
        TooEarly(SimulatedNetwork network) {}

        @SimulationTest
        void test() {}
    }

    static class OtherLists {
        @SimulationTest
        void test(List<String> names) {}
    }

    @Test
    void only_what_is_there_can_be_handed_in() {
        assertThat(failure(NodesThatAreNone.class)).hasMessageContaining("@SimulationTest(nodes = 10)");
        assertThat(failure(TooEarly.class)).hasMessageContaining("let the test method take SimulatedNetwork");
        assertThat(failure(OtherLists.class)).hasMessageContaining("No ParameterResolver");
    }
}

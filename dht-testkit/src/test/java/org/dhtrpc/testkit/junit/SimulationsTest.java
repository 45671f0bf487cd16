package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Dht;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.Seeded;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

class SimulationsTest {
    /** What the tests below have seen. */
    private static final List<Object> SEEN = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    static class Sweeping {
        @SimulationTest(seeds = 3, firstSeed = 7)
        void test(SimulatedNetwork network) {
            SEEN.add(network);
            assertThat(network.host().endpoint()).hasToString("10.0.0.1:3282");
        }
    }

    @Test
    void a_sweep_runs_each_seed_on_a_network_of_its_own_which_is_closed() {
        Tests tests = Tests.run(Sweeping.class, folder);
        assertThat(tests.passed()).containsExactly("seed 7", "seed 8", "seed 9");
        assertThat(SEEN).extracting(network -> seedOf(network)).containsExactly("seed 7", "seed 8", "seed 9");
        assertThat(SEEN)
                .allSatisfy(network -> assertThatIllegalStateException()
                        .isThrownBy(((SimulatedNetwork) network)::host)
                        .withMessageContaining("closed"));
    }

    private static String seedOf(Object network) {
        String text = network.toString();
        return text.substring(0, text.indexOf(','));
    }

    @Test
    void the_parameter_seed_runs_that_seed_alone() {
        assertThat(Tests.replay(Sweeping.class, folder, 8).passed()).containsExactly("seed 8");
        assertThat(Tests.replay(Sweeping.class, folder, -1).passed()).containsExactly("seed -1");
    }

    @Test
    void a_system_property_is_a_parameter() {
        System.setProperty(Seeded.SEED, "9");
        try {
            EngineTestKit.engine("junit-jupiter")
                    .selectors(DiscoverySelectors.selectClass(Sweeping.class))
                    .enableImplicitConfigurationParameters(true)
                    .configurationParameter(Simulations.FOLDER, folder.toString())
                    .execute();
        } finally {
            System.clearProperty(Seeded.SEED);
        }
        assertThat(SEEN).singleElement().asString().startsWith("seed 9,");
    }

    @Test
    void the_parameter_seeds_says_how_many() {
        assertThat(Tests.run(Sweeping.class, folder, Map.of(Simulations.SEEDS, "5"))
                        .passed())
                .containsExactly("seed 7", "seed 8", "seed 9", "seed 10", "seed 11");
    }

    static class WithNodes {
        @RegisterExtension
        static final Simulations simulations = Simulations.of(Beacon::on)
                .on(seed -> SimulatedNetwork.seeded(seed).loss(1));

        @BeforeEach
        void before(List<Dht> nodes, SimulatedNetwork network) {
            assertThat(nodes).extracting(Dht::localAddress).hasSize(10).doesNotHaveDuplicates();
            SEEN.add(network);
        }

        @SimulationTest(nodes = 10)
        void test(SimulatedNetwork network, List<Dht> nodes) {
            network.run(Duration.ofSeconds(1));
            assertThat(SEEN).containsExactly(network);
            assertThat(network.traffic().lost()).isEqualTo(10);
            assertThat(nodes.get(0).localAddress()).hasToString("10.0.0.1:3282");
        }
    }

    @Test
    void nodes_are_started_on_the_network_that_is_asked_for() {
        assertThat(Tests.run(WithNodes.class, folder).passed()).containsExactly("seed 1");
    }

    static class Encoding {
        @SimulationTest(byReference = true)
        void references(SimulatedNetwork network) {
            encode(network);
        }

        @SimulationTest
        void bytes(SimulatedNetwork network) {
            encode(network);
        }

        private static void encode(SimulatedNetwork network) {
            Codec real = (Codec) Proxy.newProxyInstance(
                    Codec.class.getClassLoader(), new Class<?>[] {Codec.class}, (proxy, method, args) -> {
                        assertThat(method.getName()).isEqualTo("size");
                        return 100;
                    });
            Request ping = new Request(1, null, null, Command.PING, null, null, null);
            network.host().codec(real).encode(ping, ByteBuffer.allocate(100));
        }
    }

    @Test
    void messages_are_encoded_unless_they_travel_by_reference() {
        Tests tests = Tests.run(Encoding.class, folder);
        assertThat(tests.passed()).hasSize(1);
        assertThat(tests.failure()).hasMessageContainingAll("\"encode\"", "-Dtest='SimulationsTest$Encoding#bytes'");
    }

    @Retention(RetentionPolicy.RUNTIME)
    @SimulationTest(seeds = 2)
    @interface Pair {}

    static class Composed {
        @Pair
        void test() {}
    }

    @Test
    void an_annotation_of_ones_own_can_stand_for_it() {
        assertThat(Tests.run(Composed.class, folder).passed()).containsExactly("seed 1", "seed 2");
    }

    @Test
    void each_run_that_passes_reports_seed_time_and_hash() {
        Tests tests = Tests.run(Sweeping.class, folder);
        assertThat(tests.reported())
                .isEqualTo(SEEN.stream().map(Object::toString).toList());
    }

    static class Inapplicable {
        @SimulationTest(seeds = 2, twice = true)
        void test(SimulatedNetwork network) {
            abort("not here");
        }
    }

    @Test
    void a_test_that_does_not_apply_has_not_failed() {
        Tests tests = Tests.run(Inapplicable.class, folder);
        assertThat(tests.aborted()).isEqualTo(4);
        assertThat(tests.failures()).isEmpty();
        assertThat(tests.reported()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}

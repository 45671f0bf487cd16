package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.Oracle;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.SimulatedNetworkBuilder;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.Traffic;
import org.dhtrpc.testkit.WarmStart;
import org.junit.jupiter.api.Test;

/** What a thousand production nodes achieve, with tables that were filled and with tables that they filled themselves. */
class WarmNetworkTest {
    private static final int NODES = 1_000;

    /** With every kind of mishap, often. */
    private static final Link ROUGH = Link.of(Latency.logNormal(Duration.ofMillis(30), Duration.ofMillis(700)))
            .withLoss(0.03)
            .withBursts(Duration.ofSeconds(20), Duration.ofMillis(500), 0.9)
            .withDuplication(0.05)
            .withReordering(0.05, Duration.ofMillis(300))
            .withCorruption(0.03);

    private static Dht warm(SimulatedHost host) {
        return SimulatedStore.node(host).verifiedContacts(host.contacts()).build();
    }

    @Test
    void a_warm_network_finds_everything_with_few_requests() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1).build()) {
            network.start(NODES, WarmNetworkTest::warm);
            assertThat(new Survey(network).lookups(300).run())
                    .hasSuccess(1)
                    .hasRecall(1)
                    .hasRequestsPerLookup(34)
                    .hasRepeatsPerLookup(0)
                    .hasHopsP99(4);
        }
    }

    @Test
    void a_network_of_a_thousand_that_joined_finds_everything() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(2).byReference().build()) {
            network.start(
                            NODES,
                            Duration.ofMillis(20),
                            host -> SimulatedStore.node(host)
                                    .bootstrap("10.0.0.1:3282")
                                    .build())
                    .forEach(node -> network.await(node.ready()));
            network.run(Duration.ofMinutes(1));
            assertThat(new Survey(network).lookups(200).run()).hasSuccess(1).hasRecall(1);
        }
    }

    @Test
    void both_fidelities_leave_one_trace_whatever_happens_to_datagrams() {
        Figures bytes = rough(SimulatedNetwork.seeded(3));
        Figures reference = rough(SimulatedNetwork.seeded(3).byReference());

        assertThat(reference).isEqualTo(bytes);
        Traffic traffic = bytes.traffic();
        assertThat(List.of(traffic.lost(), traffic.duplicated(), traffic.corrupted()))
                .as(bytes.run())
                .allMatch(count -> count > 50);
        assertThat(bytes).hasRecall(0.9);
    }

    private static Figures rough(SimulatedNetworkBuilder builder) {
        try (SimulatedNetwork network = builder.link(ROUGH)
                .warmStart(WarmStart.EXACT.stale(0.05).bias(0.5))
                .build()) {
            network.start(200, WarmNetworkTest::warm);
            return new Survey(network).lookups(100).run();
        }
    }

    @Test
    void a_lookup_gets_past_the_dead_in_every_table() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(4)
                .byReference()
                .warmStart(WarmStart.EXACT.stale(0.1))
                .build()) {
            network.start(NODES, WarmNetworkTest::warm);
            Figures figures = new Survey(network).lookups(200).run();
            assertThat(figures).hasSuccess(0.999).hasRecall(0.999);
            assertThat(figures.traffic().unreachable()).as(figures.run()).isPositive();
        }
    }

    @Test
    void a_survey_is_of_whom_and_against_what_it_is_told() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(5).byReference().build()) {
            List<Dht> nodes = network.start(100, WarmNetworkTest::warm);
            Dht one = nodes.get(7);
            assertThat(new Survey(network).searchers(List.of(one)).lookups(5).run())
                    .hasRecall(1);
            assertThat(network.await(one.stats()).requestsSent()).isGreaterThan(20);
            assertThat(network.await(nodes.get(8).stats()).requestsSent()).isZero();

            Figures half = new Survey(network)
                    .truth(Oracle.of(nodes.subList(0, 20)))
                    .lookups(50)
                    .run();
            assertThat(half.recall()).as(half.run()).isBetween(0.1, 0.5);
            assertThat(half.nodes()).isEqualTo(100);
            assertThatIllegalArgumentException().isThrownBy(() -> new Survey(network).searchers(List.of()));
        }
    }
}

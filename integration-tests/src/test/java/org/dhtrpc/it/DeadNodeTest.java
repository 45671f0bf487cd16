package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Test;

/** What it costs that somebody has gone whom nobody has missed yet. */
class DeadNodeTest {
    private static final int SEARCHES = 15;

    private final Random random = new Random(1);

    /** The median, in ms, of searches for one who lives, and of the same searches after it has crashed. */
    private record Medians(long clean, long hindered) {}

    private Medians measure(SimulatedNetwork network) {
        List<Dht> nodes = network.start(
                200,
                host -> SimulatedStore.node(host)
                        .verifiedContacts(host.contacts())
                        .build());
        List<Long> clean = new ArrayList<>();
        List<Long> hindered = new ArrayList<>();
        for (int i = 0; i < SEARCHES; i++) {
            SimulatedHost victim = network.hosts().get(nodes.size() - 1 - i);
            Dht searcher = nodes.get(i);
            // Whoever has just started is careful.
            search(network, searcher, Key.random(random));
            clean.add(search(network, searcher, victim.id()).elapsed().toMillis());
            victim.crash();
            QuerySummary summary = search(network, searcher, victim.id());
            assertThat(summary.repeats()).as("%s", network).isPositive();
            assertThat(summary.closest()).as("%s", network).hasSize(20);
            hindered.add(summary.elapsed().toMillis());
        }
        return new Medians(median(clean), median(hindered));
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static QuerySummary search(SimulatedNetwork network, Dht searcher, Key target) {
        QueryStream lookup = searcher.findNode(target);
        network.await(lookup.results());
        return network.await(lookup.summary());
    }

    @Test
    void one_dead_node_among_the_nearest_makes_a_search_take_at_most_two_and_a_half_times_as_long() {
        try (SimulatedNetwork network =
                SimulatedNetwork.seeded(1).byReference().latency(Latency.wan()).build()) {
            Medians medians = measure(network);
            assertThat(medians.hindered() / (double) medians.clean())
                    .as("%s: %s", network, medians)
                    .isBetween(1.0, 2.5);
        }
    }

    @Test
    void where_round_trips_are_short_it_costs_at_most_200_ms() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1)
                .byReference()
                .latency(Latency.constant(Duration.ofMillis(1)))
                .build()) {
            Medians medians = measure(network);
            assertThat(medians.hindered() - medians.clean())
                    .as("%s: %s", network, medians)
                    .isBetween(1L, 200L);
        }
    }
}

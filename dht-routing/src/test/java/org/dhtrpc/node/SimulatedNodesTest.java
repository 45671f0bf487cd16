package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole nodes on a simulated network: they join, store on the true nearest, and find again, also under loss. */
class SimulatedNodesTest {
    private static final int VALUES = 50;

    @Test
    void without_loss_every_value_is_on_the_true_nearest_and_a_query_costs_little() {
        try (Swarm swarm = new Swarm(SimulatedNetwork.seeded(11).build(), 100)) {
            Outcome outcome = swarm.storeAndFind();
            assertThat(outcome.exact).as("%s", swarm.network).isEqualTo(VALUES);
            assertThat(outcome.found).as("%s", swarm.network).isEqualTo(VALUES);
            assertThat(outcome.datagramsPerQuery).as("%s", swarm.network).isBetween(20.0, 24.0);
        }
    }

    @Test
    void under_five_percent_loss_all_values_are_found_and_nearly_all_are_on_the_true_nearest() {
        try (Swarm swarm = new Swarm(SimulatedNetwork.seeded(7).loss(0.05).build(), 300)) {
            Outcome outcome = swarm.storeAndFind();
            assertThat(outcome.found).as("%s", swarm.network).isEqualTo(VALUES);
            assertThat(outcome.exact).as("%s", swarm.network).isGreaterThanOrEqualTo(VALUES * 9 / 10);
        }
    }

    @Test
    void the_same_seed_gives_the_same_trace_in_both_fidelities() {
        long real = trace(SimulatedNetwork.seeded(3).loss(0.05).build());
        assertThat(trace(SimulatedNetwork.seeded(3).loss(0.05).build())).isEqualTo(real);
        assertThat(trace(SimulatedNetwork.seeded(3).loss(0.05).byReference().build()))
                .isEqualTo(real);
        assertThat(trace(SimulatedNetwork.seeded(4).loss(0.05).build())).isNotEqualTo(real);
    }

    /** Ready at this attempt or at a later one: where datagrams get lost, a bootstrap node may be silent to three. */
    private static CompletionStage<@Nullable Void> joins(Dht node) {
        return node.ready().exceptionallyCompose(failure -> joins(node));
    }

    private static long trace(SimulatedNetwork network) {
        try (Swarm swarm = new Swarm(network, 30)) {
            swarm.storeAndFind();
            return network.traceHash();
        }
    }

    private record Outcome(int exact, int found, double datagramsPerQuery) {}

    /** A bootstrap node, key-value nodes and what each of them stores. */
    private static final class Swarm implements AutoCloseable {
        private final SimulatedNetwork network;
        private final Endpoint bootstrap;
        private final Map<Key, Set<Key>> holders = new HashMap<>();
        private final List<Dht> nodes;

        Swarm(SimulatedNetwork network, int count) {
            this.network = network;
            this.bootstrap = node(network.host()).ephemeral(true).build().localAddress();
            this.nodes = network.start(count, this::keyValueNode);
            nodes.forEach(node -> network.await(joins(node)));
            network.run(Duration.ofMinutes(1));
        }

        private Dht keyValueNode(SimulatedHost host) {
            Dht node = node(host).bootstrap(bootstrap).build();
            Map<Key, Bytes> store = new HashMap<>();
            node.onClosest("store", query -> {
                Bytes value = Objects.requireNonNull(query.value());
                Key key = Key.hashOf(value);
                store.put(key, value);
                holders.computeIfAbsent(key, ignored -> new HashSet<>()).add(node.id());
                return null;
            });
            node.onQuery("lookup", query -> store.get(query.target()));
            return node;
        }

        Outcome storeAndFind() {
            Dht writer = client();
            Dht reader = client();
            int exact = 0;
            int found = 0;
            int datagrams = 0;
            for (int i = 0; i < VALUES; i++) {
                Bytes value = Bytes.utf8("value " + i);
                Key key = Key.hashOf(value);
                network.await(
                        writer.closest(Query.of("store", key).value(value)).results());
                exact += nearest(key).equals(holders.get(key)) ? 1 : 0;
                QueryStream query = reader.query(Query.of("lookup", key));
                List<QueryResult> results = network.await(query.results());
                found += results.stream().anyMatch(result -> value.equals(result.value())) ? 1 : 0;
                datagrams += network.await(query.summary()).datagrams();
            }
            return new Outcome(exact, found, datagrams / (double) VALUES);
        }

        private Dht client() {
            Dht client =
                    node(network.host()).bootstrap(bootstrap).ephemeral(true).build();
            network.await(joins(client));
            return client;
        }

        private Set<Key> nearest(Key target) {
            return nodes.stream()
                    .map(Dht::id)
                    .sorted(Comparator.comparing(target::distance))
                    .limit(20)
                    .collect(Collectors.toSet());
        }

        private static NodeBuilder node(SimulatedHost host) {
            return DhtNode.builder()
                    .transport(host.transport())
                    .codec(host.codec(new MsgpackCodec()))
                    .random(host.random())
                    .id(host.id());
        }

        @Override
        public void close() {
            network.close();
        }
    }
}

package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.SimulatedNetworkBuilder;
import org.dhtrpc.testkit.Survey;
import org.junit.jupiter.api.Test;

/** Production nodes on a simulated network: what a few hundred of them achieve when datagrams and machines get lost. */
class SimulationTest {
    private static final int NODES = 300;
    private static final List<Bytes> VALUES =
            IntStream.range(0, 100).mapToObj(i -> Bytes.utf8("value " + i)).toList();

    @Test
    void under_five_percent_loss_every_value_is_found_and_nearly_all_are_where_they_belong() {
        try (SimulatedStore store = SimulatedStore.warm(lossy(1).build(), NODES)) {
            Dht writer = store.client();
            Dht reader = store.client();
            double share = 0;
            for (Bytes value : VALUES) {
                share += store.store(writer, value) / VALUES.size();
            }
            assertThat(VALUES).as("%s", store.network).allMatch(value -> store.finds(reader, value));
            assertThat(share).as("%s", store.network).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void nodes_that_joined_under_loss_find_the_truly_nearest() {
        try (SimulatedStore store = SimulatedStore.joined(lossy(2).byReference().build(), NODES)) {
            assertThat(survey(store)).hasRecall(0.99);
        }
    }

    @Test
    void when_a_third_of_the_machines_lose_power_lookups_under_way_end_and_values_are_found() {
        try (SimulatedStore store = SimulatedStore.warm(lossy(3).byReference().build(), NODES)) {
            Dht writer = store.client();
            for (Bytes value : VALUES) {
                store.store(writer, value);
            }
            Dht reader = store.client();
            List<CompletableFuture<List<QueryResult>>> underWay = VALUES.stream()
                    .map(value -> reader.query(KeyValueNode.lookup(value)).results())
                    .toList();
            store.network.run(Duration.ofMillis(150));
            assertThat(underWay).as("%s", store.network).anyMatch(lookup -> !lookup.isDone());

            store.crash(NODES / 3);

            for (int i = 0; i < VALUES.size(); i++) {
                assertThat(store.network.await(underWay.get(i)))
                        .as("%s, %s", store.network, VALUES.get(i).utf8())
                        .extracting(QueryResult::value)
                        .contains(VALUES.get(i));
            }
            Dht newcomer = store.client();
            assertThat(VALUES).as("%s", store.network).allMatch(value -> store.finds(newcomer, value));
            assertThat(survey(store)).hasRecall(0.95);
            // Later what has been noticed has mended the tables.
            store.network.run(Duration.ofMinutes(30));
            assertThat(survey(store)).hasRecall(0.99);
            store.nodes.forEach(node ->
                    assertThat(store.network.await(node.dht.stats()).state()).isEqualTo(DhtState.JOINED));
        }
    }

    @Test
    void twenty_dead_candidates_nearer_than_the_only_live_one_do_not_hide_it() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(6).build()) {
            Key target = Key.ZERO;
            Bytes here = Bytes.utf8("here");
            List<Contact> dead = IntStream.rangeClosed(1, 20)
                    .mapToObj(i -> new Contact(id(3, i), Endpoint.parse("10.99.0." + i + ":3282")))
                    .toList();
            Dht misled = SimulatedStore.node(network.host())
                    .id(id(2, 0x40))
                    .verifiedContacts(dead)
                    .build();
            Dht live = SimulatedStore.node(network.host()).id(id(0, 0x80)).build();
            live.onQuery("where", query -> here);
            Dht caller = SimulatedStore.node(network.host())
                    .ephemeral(true)
                    .bootstrap(misled.localAddress(), live.localAddress())
                    .build();
            network.await(caller.ready());

            // One at a time: whoever is nearer to the target is asked first.
            QueryStream query = caller.query(Query.of("where", target).concurrency(1));

            assertThat(network.await(query.results()))
                    .as("%s", network)
                    .extracting(QueryResult::value)
                    .containsExactly(here);
            assertThat(network.await(query.summary()).failures())
                    .as("%s", network)
                    .isEqualTo(20);
        }
    }

    private static Key id(int index, int value) {
        byte[] bytes = new byte[Key.BYTES];
        bytes[index] = (byte) value;
        return Key.of(bytes);
    }

    @Test
    void the_same_seed_gives_the_same_run_and_another_seed_another() {
        long first = crashing(4);
        assertThat(crashing(4)).isEqualTo(first);
        assertThat(crashing(5)).isNotEqualTo(first);
    }

    private static long crashing(long seed) {
        try (SimulatedStore store = SimulatedStore.joined(lossy(seed).build(), 60)) {
            Dht client = store.client();
            VALUES.subList(0, 10).forEach(value -> store.store(client, value));
            store.crash(20);
            VALUES.subList(0, 10).forEach(value -> store.finds(client, value));
            store.network.run(Duration.ofMinutes(5));
            return store.network.traceHash();
        }
    }

    private static SimulatedNetworkBuilder lossy(long seed) {
        return SimulatedNetwork.seeded(seed).loss(0.05);
    }

    private static Figures survey(SimulatedStore store) {
        return new Survey(store.network).lookups(50).run();
    }
}

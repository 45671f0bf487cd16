package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.await;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sixty nodes with a socket each: where values end up, and that they outlive many of their holders. */
class StoringTest {
    private static final List<Bytes> VALUES =
            IntStream.range(0, 30).mapToObj(i -> Bytes.utf8("value " + i)).toList();

    private final Loopback network = new Loopback();
    private Endpoint bootstrap;
    private List<KeyValueNode> store;

    @BeforeEach
    void fill() {
        bootstrap = network.bootstrap().localAddress();
        store = network.store(60, bootstrap);
        Dht writer = network.client(bootstrap);
        for (Bytes value : VALUES) {
            assertThat(await(writer.closest(KeyValueNode.store(value)).results()))
                    .hasSize(KeyValueNode.REPLICAS);
        }
    }

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void every_value_is_on_the_twenty_nodes_that_are_truly_nearest() {
        assertThat(VALUES)
                .allSatisfy(value -> assertThat(KeyValueNode.holders(store, value))
                        .containsExactlyInAnyOrderElementsOf(KeyValueNode.nearest(store, Key.hashOf(value))));
    }

    @Test
    void another_client_finds_every_value_and_the_summary_adds_up() {
        Dht reader = network.client(bootstrap);
        await(reader.ready());
        for (Bytes value : VALUES) {
            QueryStream query = reader.query(KeyValueNode.lookup(value));
            List<QueryResult> results = await(query.results());
            QuerySummary summary = await(query.summary());

            assertThat(results).extracting(QueryResult::value).contains(value);
            assertThat(summary.closest())
                    .extracting(contact -> contact.id())
                    .containsExactlyElementsOf(KeyValueNode.nearest(store, Key.hashOf(value)));
            assertThat(summary.replies()).isEqualTo(results.size() + summary.ephemerals() + summary.errors());
            // On a busy machine one who is late may not have been waited for.
            assertThat(summary.requests()).isGreaterThanOrEqualTo(summary.replies() + summary.failures());
            assertThat(summary.limited()).isFalse();
            assertThat(summary.commits()).isZero();
            assertThat(summary.hops()).isPositive();
        }
    }

    @Test
    void a_third_of_the_nodes_may_die_and_every_value_is_still_found() {
        store.subList(0, 20).forEach(node -> node.dht.close());

        Dht reader = network.client(bootstrap);
        for (Bytes value : VALUES) {
            Optional<QueryResult> found =
                    await(reader.query(KeyValueNode.lookup(value)).first(result -> value.equals(result.value())));
            assertThat(found).as("%s", value.utf8()).isPresent();
        }
    }
}

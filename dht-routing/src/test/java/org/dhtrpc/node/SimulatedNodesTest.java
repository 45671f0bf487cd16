package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Test;

/** Whole nodes on a simulated network: they join, store on the true nearest, and find again, under loss. */
class SimulatedNodesTest {
    private final Map<Dht, Map<Key, Bytes>> stores = new HashMap<>();

    @Test
    void two_hundred_nodes_join_store_and_find_under_five_percent_loss() {
        run(200, 0.05, 7);
    }

    @Test
    void without_loss_every_value_is_on_the_true_nearest() {
        run(100, 0, 11);
    }

    private void run(int count, double loss, long seed) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed).loss(loss).build();
        Dht bootstrap = node(network.host()).ephemeral(true).build();
        List<Dht> nodes = network.start(count, host -> {
            Dht node = node(host).bootstrap(bootstrap.localAddress()).build();
            Map<Key, Bytes> store = new HashMap<>();
            stores.put(node, store);
            node.onClosest("store", query -> {
                store.put(query.target(), query.value());
                return null;
            });
            node.onQuery("lookup", query -> store.get(query.target()));
            return node;
        });
        for (Dht node : nodes) {
            network.await(node.ready());
        }
        System.out.println("ready " + network + " " + network.traffic());
        network.run(Duration.ofMinutes(1));
        System.out.println("settled " + network + " " + network.traffic() + " contacts "
                + nodes.stream()
                        .mapToInt(n -> network.await(n.contacts()).size())
                        .average());
        Dht client = node(network.host())
                .bootstrap(bootstrap.localAddress())
                .ephemeral(true)
                .build();
        network.await(client.ready());
        System.out.println("client knows " + network.await(client.contacts()).size());
        int exact = 0;
        int datagrams = 0;
        Duration elapsed = Duration.ZERO;
        for (int i = 0; i < 50; i++) {
            Bytes value = Bytes.utf8("value " + i);
            Key target = Key.hashOf(value);
            List<QueryResult> stored = network.await(
                    client.closest(Query.of("store", target).value(value)).results());
            assertThat(stored).hasSizeGreaterThan(15);
            List<Dht> sorted = new ArrayList<>(nodes);
            sorted.sort((l, r) -> target.compareDistance(l.id(), r.id()));
            long holders = sorted.subList(0, 20).stream()
                    .filter(n -> stores.get(n).containsKey(target))
                    .count();
            exact += holders == 20 ? 1 : 0;
            QueryStream find = client.query(Query.of("lookup", target));
            List<QueryResult> found = network.await(find.results());
            assertThat(found).anyMatch(result -> value.equals(result.value()));
            datagrams += network.await(find.summary()).datagrams();
            elapsed = elapsed.plus(network.await(find.summary()).elapsed());
        }
        System.out.println("exact " + exact + " of 50, datagrams per query " + datagrams / 50.0 + ", mean "
                + elapsed.dividedBy(50).toMillis() + " ms " + network);
        network.close();
    }

    private static NodeBuilder node(SimulatedHost host) {
        return DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(new MsgpackCodec()))
                .random(host.random())
                .id(host.id());
    }
}

package org.example.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;

/** Fifty nodes in virtual time, on a network that loses a datagram in ten: what one stores each of them finds. */
public final class FiftyNodes {
    private FiftyNodes() {}

    /** Fails if one of them does not find it. */
    public static void main(String... args) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(42).loss(0.1).build()) {
            List<Dht> nodes = network.start(50, FiftyNodes::start);
            nodes.forEach(node -> network.await(node.ready()));

            Bytes value = Bytes.utf8("stored and found in virtual time");
            Key key = Key.hashOf(value);
            network.await(
                    nodes.get(7).closest(Query.of("put", key).value(value)).results());
            for (Dht node : nodes) {
                network.await(node.query(Query.of("get", key)).first(result -> result.value() != null))
                        .map(QueryResult::value)
                        .orElseThrow(() -> new IllegalStateException(node + " found nothing: " + network));
            }
            System.out.println(nodes.size() + " nodes found what one of them stored; " + network);
        }
    }

    private static Dht start(SimulatedHost host) {
        Dht node = DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(new MsgpackCodec()))
                .random(host.random())
                .id(host.id())
                .bootstrap("10.0.0.1:3282") // the first host
                .build();
        Map<Key, Bytes> values = new HashMap<>();
        node.onQuery("get", query -> values.get(query.target()));
        node.onClosest("put", query -> {
            values.put(query.target(), query.value());
            return null;
        });
        return node;
    }
}

package org.dhtrpc.examples.simulations;

import java.util.HashMap;
import java.util.Map;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;

/** Production nodes on simulated hosts. */
final class SimulatedNodes {
    private SimulatedNodes() {}

    /** What makes a node deterministic. */
    static NodeBuilder on(SimulatedHost host) {
        return DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(new MsgpackCodec()))
                .random(host.random())
                .id(host.id());
    }

    /** A node that is there at once, with a table that is filled; or one that joins, if a scenario has it come later. */
    static Dht warm(SimulatedHost host) {
        return on(host).ephemeral(host.nat() != null)
                .verifiedContacts(host.contacts())
                .savedContacts(host.savedContacts())
                .bootstrap(host.bootstrap().toArray(Endpoint[]::new))
                .build();
    }

    /** Lets a node store what others "put", in a map of its own, and hand it out to those who "get". */
    static Map<Key, Bytes> storing(Dht node) {
        Map<Key, Bytes> values = new HashMap<>();
        node.onClosest("put", query -> {
            values.put(query.target(), query.value());
            return null;
        });
        node.onQuery("get", query -> values.get(query.target()));
        return values;
    }

    /** Whether a full query of this node finds a value under a key. */
    static boolean finds(SimulatedNetwork network, Dht node, Key key, Bytes value) {
        return network.await(node.query(Query.of("get", key)).results()).stream()
                .anyMatch(result -> value.equals(result.value()));
    }
}

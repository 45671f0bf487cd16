package org.dhtrpc.it;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;

/** A key-value store on a simulated network, whose machines can lose their power. */
final class SimulatedStore implements AutoCloseable {
    final SimulatedNetwork network;
    final List<KeyValueNode> nodes = new ArrayList<>();
    private final List<Transport> plugs = new ArrayList<>();
    private final Endpoint bootstrap;

    /** So many nodes that start at the same moment and have all joined. */
    SimulatedStore(SimulatedNetwork network, int count) {
        this.network = network;
        this.bootstrap = node(network.host()).ephemeral(true).build().localAddress();
        network.start(count, host -> {
            plugs.add(host.transport());
            KeyValueNode node = new KeyValueNode(node(host).bootstrap(bootstrap).build());
            nodes.add(node);
            return node.dht;
        });
        nodes.forEach(node -> network.await(node.dht.ready()));
    }

    static NodeBuilder node(SimulatedHost host) {
        return DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(new MsgpackCodec()))
                .random(host.random())
                .id(host.id());
    }

    /** A client that has just joined. */
    Dht client() {
        Dht client = node(network.host()).ephemeral(true).bootstrap(bootstrap).build();
        network.await(client.ready());
        return client;
    }

    /** Pulls the plug of the first nodes: nothing more is sent or received, and nobody is told. */
    void crash(int count) {
        for (Transport plug : plugs.subList(0, count)) {
            plug.close();
        }
        plugs.subList(0, count).clear();
        nodes.subList(0, count).clear();
    }

    /** Stores a value; the share of the truly nearest that hold it. */
    double store(Dht client, Bytes value) {
        network.await(client.closest(KeyValueNode.store(value)).results());
        return share(KeyValueNode.nearest(nodes, Key.hashOf(value)), KeyValueNode.holders(nodes, value));
    }

    /** Whether a full query finds a value. */
    boolean finds(Dht client, Bytes value) {
        List<QueryResult> results =
                network.await(client.query(KeyValueNode.lookup(value)).results());
        return results.stream().anyMatch(result -> value.equals(result.value()));
    }

    /** The share of the truly nearest that find_node names. */
    double recall(Dht client, Key target) {
        QueryStream search = client.findNode(target);
        network.await(search.results());
        Set<Key> found = new HashSet<>();
        network.await(search.summary()).closest().forEach(contact -> found.add(contact.id()));
        return share(KeyValueNode.nearest(nodes, target), found);
    }

    private static double share(List<Key> wanted, Set<Key> found) {
        return wanted.stream().filter(found::contains).count() / (double) wanted.size();
    }

    @Override
    public void close() {
        network.close();
    }
}

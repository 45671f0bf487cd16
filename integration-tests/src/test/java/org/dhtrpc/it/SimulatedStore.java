package org.dhtrpc.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryResult;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/** A key-value store on a simulated network, whose machines can lose their power. */
final class SimulatedStore implements AutoCloseable {
    final SimulatedNetwork network;
    final List<KeyValueNode> nodes = new ArrayList<>();
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final Endpoint bootstrap;

    private SimulatedStore(SimulatedNetwork network, Endpoint bootstrap) {
        this.network = network;
        this.bootstrap = bootstrap;
    }

    /** So many nodes that start at the same moment and have all joined. */
    static SimulatedStore joined(SimulatedNetwork network, int count) {
        Dht first = node(network.host()).ephemeral(true).build();
        SimulatedStore store = new SimulatedStore(network, first.localAddress());
        store.start(count, host -> node(host).bootstrap(store.bootstrap));
        store.nodes.forEach(node -> network.await(joins(node.dht)));
        return store;
    }

    /** Ready at this attempt or at a later one: where datagrams get lost, a bootstrap node may be silent to three. */
    static CompletionStage<@Nullable Void> joins(Dht node) {
        return node.ready().exceptionallyCompose(failure -> joins(node));
    }

    /** So many nodes whose tables are filled, for tests that are not about joining. */
    static SimulatedStore warm(SimulatedNetwork network, int count) {
        SimulatedStore store = new SimulatedStore(network, Endpoint.parse("10.0.0.1:3282"));
        store.start(count, host -> node(host).verifiedContacts(host.contacts()));
        return store;
    }

    private void start(int count, Function<SimulatedHost, NodeBuilder> settings) {
        network.start(count, host -> {
            KeyValueNode node = new KeyValueNode(settings.apply(host).build());
            nodes.add(node);
            hosts.add(host);
            return node.dht;
        });
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

    /** Pulls the plug of the last nodes: nothing more is sent or received, and nobody is told. */
    void crash(int count) {
        List<SimulatedHost> last = hosts.subList(hosts.size() - count, hosts.size());
        last.forEach(SimulatedHost::crash);
        last.clear();
        nodes.subList(nodes.size() - count, nodes.size()).clear();
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

    private static double share(List<Key> wanted, Set<Key> found) {
        return wanted.stream().filter(found::contains).count() / (double) wanted.size();
    }

    @Override
    public void close() {
        network.close();
    }
}

package org.dhtrpc.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.Key;

/** A key-value store on loopback whose nodes, unlike a real network's, can all be looked into. */
final class DemoNetwork implements AutoCloseable {
    /** On how many nodes a value belongs, if there are so many. */
    static final int REPLICAS = 20;

    private static final String HOST = "127.0.0.1";
    private static final long PATIENCE_SECONDS = 15;

    private final Sockets sockets;
    private final KeyValueStore store;
    private final List<StoringNode> nodes = new ArrayList<>();
    private final Dht bootstrap;

    DemoNetwork(Sockets.Kind kind, KeyValueStore store) {
        this.store = store;
        sockets = kind.start();
        bootstrap = store.createBootstrap(sockets.bind(HOST, 0));
    }

    /** A node, what it stores, and its first live contact. */
    private record StoringNode(Dht dht, Map<Key, Bytes> values, CompletableFuture<?> joined) {}

    /** Where the bootstrap node is. */
    String address() {
        return bootstrap.localAddress().toString();
    }

    /** Starts so many more nodes at the same moment and waits until each is ready, or knows that it cannot be. */
    void grow(int count) {
        List<StoringNode> newcomers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            newcomers.add(start());
        }
        nodes.addAll(newcomers);
        newcomers.forEach(
                node -> node.dht().ready().exceptionally(failure -> null).join());
    }

    private StoringNode start() {
        Map<Key, Bytes> values = new ConcurrentHashMap<>();
        Dht node = store.createNode(sockets.bind(HOST, 0), address(), values, line -> {});
        return new StoringNode(node, values, joined(node));
    }

    /** Unlike {@link Dht#ready} not satisfied with being alone, which the very first node is at first. */
    private static CompletableFuture<?> joined(Dht node) {
        CompletableFuture<DhtState> joined = new CompletableFuture<>();
        node.onEvent(event -> {
            if (event instanceof DhtEvent.StateChanged change && change.state() == DhtState.JOINED) {
                joined.complete(change.state());
            }
        });
        // It may have happened before anyone listened.
        node.stats().thenAccept(stats -> {
            if (stats.state() == DhtState.JOINED) {
                joined.complete(stats.state());
            }
        });
        return joined;
    }

    /** Waits for a live contact of every node; how many have one, which are fewer only if something is wrong. */
    int ready() {
        CompletableFuture<?>[] all = nodes.stream().map(StoringNode::joined).toArray(CompletableFuture<?>[]::new);
        // A single node has nobody to wait for.
        if (all.length > 1) {
            CompletableFuture.allOf(all)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(failure -> null)
                    .join();
        }
        return (int) nodes.stream().filter(node -> node.joined().isDone()).count();
    }

    /** A client that knows nothing yet but the bootstrap node. */
    Dht client() {
        Dht client = store.createClient(sockets.bind(HOST, 0), address());
        client.ready().exceptionally(failure -> null).join();
        return client;
    }

    /** On how many nodes that value is which is on the fewest. */
    int fewestHolders(List<Key> keys) {
        return keys.stream().mapToInt(key -> holders(key).size()).min().orElseThrow();
    }

    /** The share of the values that are on exactly the nodes whose ids are nearest. */
    double shareOnNearest(List<Key> keys) {
        long exact =
                keys.stream().filter(key -> holders(key).equals(nearest(key))).count();
        return (double) exact / keys.size();
    }

    private Set<Key> holders(Key key) {
        return nodes.stream()
                .filter(node -> node.values().containsKey(key))
                .map(node -> node.dht().id())
                .collect(Collectors.toSet());
    }

    private Set<Key> nearest(Key key) {
        return nodes.stream()
                .map(node -> node.dht().id())
                .sorted(key::compareDistance)
                .limit(REPLICAS)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.dht().close());
        bootstrap.close();
        sockets.close();
    }
}

package org.dhtrpc.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;

/**
 * A key-value store: the example of the seed's README, step by step. {@link #main} takes the steps in one process;
 * {@link Bootstrap}, {@link Nodes} and {@link Client} take them in three.
 */
public final class KeyValueStore {
    private final Codecs wire;

    KeyValueStore(Codecs wire) {
        this.wire = wire;
    }

    /** Step 1: a bootstrap node. There may be several, in case one fails. */
    Dht createBootstrap(Transport transport) {
        return DhtNode.builder()
                .transport(transport)
                .codec(wire.codec)
                // Nobody lists it, so no query comes by: it is where newcomers ask first, and that is all.
                .ephemeral(true)
                .build();
    }

    /** Step 2: a node that stores values, under their hashes. */
    Dht createNode(Transport transport, String bootstrap, Map<Key, Bytes> values, Consumer<? super String> log) {
        Dht node = DhtNode.builder()
                .transport(transport)
                .codec(wire.codec)
                .bootstrap(bootstrap)
                // Others are to find it. On dht-rpc 6 it is ready once it knows that they reach it.
                .ephemeral(false)
                .build();

        // We are one of the nodes closest to the key, and somebody sends us a "store" command.
        node.onClosest(wire.store, query -> {
            Bytes value = query.value();
            if (value != null) {
                // The hash and not the target, so that nobody can store one value under the key of another.
                Key key = Key.hashOf(value);
                values.put(key, value);
                log.accept("Port " + transport.localAddress().port() + " stores " + key + " --> " + value.utf8());
            }
            return null;
        });

        // Somebody asks for a value.
        node.onQuery(wire.lookup, query -> {
            Key key = query.target();
            return key == null ? null : values.get(key);
        });
        return node;
    }

    /** Step 3: a client, which is no part of the network and so ephemeral. */
    Dht createClient(Transport transport, String bootstrap) {
        return DhtNode.builder()
                .transport(transport)
                .codec(wire.codec)
                .bootstrap(bootstrap)
                .ephemeral(true)
                .build();
    }

    /** Step 4: insert a value. The answers come from the nodes that have stored it. */
    List<QueryResult> insert(Dht client, Bytes value) {
        return client.closest(Query.of(wire.store, Key.hashOf(value)).value(value))
                .results()
                .join();
    }

    /** Step 5: look for it. The first value with the right hash is the one, and there the query stops. */
    Optional<Bytes> find(Dht client, Key key) {
        return client.query(Query.of(wire.lookup, key))
                .first(result -> hasHash(key, result))
                .join()
                .map(QueryResult::value);
    }

    private static boolean hasHash(Key key, QueryResult result) {
        Bytes value = result.value();
        return value != null && Key.hashOf(value).equals(key);
    }

    /** All steps in a row, on one loop: a hundred nodes need no hundred threads. */
    public static void main(String... args) {
        KeyValueStore store = new KeyValueStore(Codecs.MSGPACK);
        List<Dht> nodes = new ArrayList<>();
        try (NioLoop loop = NioLoop.start();
                Dht bootstrap = store.createBootstrap(NioTransport.bind(loop, "127.0.0.1", 0))) {
            String address = bootstrap.localAddress().toString();
            for (int i = 0; i < 100; i++) {
                nodes.add(store.createNode(
                        NioTransport.bind(loop, "127.0.0.1", 0),
                        address,
                        new ConcurrentHashMap<>(),
                        System.out::println));
            }
            nodes.forEach(node -> node.ready().join());

            try (Dht client = store.createClient(NioTransport.bind(loop, "127.0.0.1", 0), address)) {
                Bytes value = Bytes.utf8("hello, world");
                Key key = Key.hashOf(value);
                store.insert(client, value);
                System.out.println("Inserted " + key);

                store.find(client, key).ifPresent(found -> System.out.println(key + " --> " + found.utf8()));
                System.out.println("(query finished)");
            }
            nodes.forEach(Dht::close);
        }
    }
}

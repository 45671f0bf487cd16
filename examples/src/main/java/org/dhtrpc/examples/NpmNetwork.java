package org.dhtrpc.examples;

// readme:start
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dhtrpc.*;
import org.dhtrpc.codec.dhtrpc.DhtRpc6Codec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.transport.nio.NioTransport;

/** Joins a network of npm dht-rpc nodes, stores a value there, and reads it again: NpmNetwork 127.0.0.1:49737 */
public class NpmNetwork {
    // Commands are numbers on this wire; all nodes of the network agree on them.
    static final String STORE = "1";
    static final String LOOKUP = "2";

    public static void main(String[] args) {
        Map<Key, Bytes> values = new ConcurrentHashMap<>();
        try (Dht node = DhtNode.builder()
                .transport(NioTransport.bind("127.0.0.1", 0))
                .codec(new DhtRpc6Codec())
                .bootstrap(args[0])
                .ephemeral(false)
                .build()) {
            // Our share of the work: others may store with us.
            node.onClosest(STORE, query -> {
                values.put(query.target(), query.value());
                return null;
            });
            node.onQuery(LOOKUP, query -> values.get(query.target()));
            node.ready().join();
            System.out.println(node.ephemeral() ? "Not reached from outside" : "Listed as " + node.id());

            Bytes value = Bytes.utf8("hello from the JVM");
            Key key = Key.hashOf(value);
            var stored = node.closest(Query.of(STORE, key).value(value)).results();
            System.out.println("Stored on " + stored.join().size() + " nodes: " + key);

            QueryStream lookup = node.query(Query.of(LOOKUP, key));
            lookup.first(result -> result.value() != null)
                    .join()
                    .ifPresent(found -> System.out.println(
                            "Read from " + found.from() + ": " + found.value().utf8()));
        }
    }
}
// readme:end

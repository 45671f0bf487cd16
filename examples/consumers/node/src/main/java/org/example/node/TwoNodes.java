package org.example.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.transport.nio.NioTransport;

/** Two nodes on loopback: what one stores the other finds. */
public final class TwoNodes {
    private TwoNodes() {}

    /** Fails if the value is not found. */
    public static void main(String... args) {
        try (Dht ada = start();
                Dht bob = start(ada.localAddress())) {
            Map<Key, Bytes> values = new ConcurrentHashMap<>();
            ada.onQuery("get", query -> values.get(query.target()));
            ada.onClosest("put", query -> {
                values.put(query.target(), query.value());
                return null;
            });

            Bytes value = Bytes.utf8("stored and found over UDP");
            Key key = Key.hashOf(value);
            bob.closest(Query.of("put", key).value(value)).results().join();
            System.out.println(bob.query(Query.of("get", key))
                    .first(result -> result.value() != null)
                    .join()
                    .map(QueryResult::value)
                    .map(Bytes::utf8)
                    .orElseThrow());
        }
    }

    private static Dht start(Endpoint... bootstrap) {
        return DhtNode.builder()
                .transport(NioTransport.bind("127.0.0.1", 0))
                .codec(new MsgpackCodec())
                .bootstrap(bootstrap)
                .build();
    }
}

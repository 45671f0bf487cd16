package org.dhtrpc.examples;

// readme:start
import java.util.HashMap;
import java.util.Map;
import org.dhtrpc.*;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.transport.nio.NioTransport;

public class FirstLookup {
    public static void main(String[] args) {
        try (Dht ada = start();
                Dht bob = start(ada.localAddress())) {
            Map<Key, Bytes> values = new HashMap<>();
            ada.onClosest("store", query -> {
                values.put(query.target(), query.value());
                return null;
            });
            ada.onQuery("lookup", query -> values.get(query.target()));

            Bytes value = Bytes.utf8("hello, world");
            Key key = Key.hashOf(value);
            bob.closest(Query.of("store", key).value(value)).results().join();

            QueryStream lookup = bob.query(Query.of("lookup", key));
            var found = lookup.first(result -> result.value() != null).join();
            System.out.println(found.map(QueryResult::value).map(Bytes::utf8).orElse("not found"));
        }
    }

    static Dht start(Endpoint... bootstrap) {
        return DhtNode.builder()
                .transport(NioTransport.bind("127.0.0.1", 0))
                .codec(new MsgpackCodec())
                .bootstrap(bootstrap)
                .build();
    }
}
// readme:end

package org.dhtrpc.it;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;

/** A node that stores values by their hash, and what it stores. */
final class KeyValueNode {
    /** On how many nodes a value belongs. */
    static final int REPLICAS = 20;

    // Numbers, since a wire may have no names.

    private static final String STORE = "1";
    private static final String LOOKUP = "2";

    final Dht dht;
    private final Map<Key, Bytes> values = new ConcurrentHashMap<>();

    KeyValueNode(Dht dht) {
        this.dht = dht;
        dht.onClosest(STORE, query -> {
            Bytes value = Objects.requireNonNull(query.value());
            values.put(Key.hashOf(value), value);
            return null;
        });
        dht.onQuery(LOOKUP, query -> query.target() == null ? null : values.get(query.target()));
    }

    /** What puts a value into such nodes. */
    static Query store(Bytes value) {
        return Query.of(STORE, Key.hashOf(value)).value(value);
    }

    /** What finds it there. */
    static Query lookup(Bytes value) {
        return Query.of(LOOKUP, Key.hashOf(value));
    }

    Key id() {
        return dht.id();
    }

    boolean holds(Bytes value) {
        return values.containsKey(Key.hashOf(value));
    }

    /** The ids of the nodes that hold a value. */
    static Set<Key> holders(Collection<KeyValueNode> nodes, Bytes value) {
        return nodes.stream()
                .filter(node -> node.holds(value))
                .map(KeyValueNode::id)
                .collect(Collectors.toSet());
    }

    /** The ids of the nodes that are truly nearest to a target, nearest first: what only a test can know. */
    static List<Key> nearest(Collection<KeyValueNode> nodes, Key target) {
        return nodes.stream()
                .map(KeyValueNode::id)
                .sorted(Comparator.comparing(target::distance))
                .limit(REPLICAS)
                .toList();
    }
}

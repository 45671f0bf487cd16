package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The application of the simulated nodes: each keeps the values that it is asked to commit, under their hashes, and hands them
 * out. If it is to, it commits each of them again when a while has passed in which nobody else has (Kademlia paper, §2.5).
 */
final class Store {
    static final String STORE = "store";
    static final String LOOKUP = "lookup";

    /** More values than this push out those that were stored first: adversaries store as well. */
    static final int MOST = 4_096;

    private final Duration republish;
    private final RandomGenerator random;
    private final Map<Key, Held> values = new LinkedHashMap<>();

    /** Counts the nodes that were served, and those that ended. */
    private int life;

    /** @param republish zero: never */
    Store(Duration republish, RandomGenerator random) {
        this.republish = republish;
        this.random = random;
    }

    /** A value, and when it was last stored here. */
    private static final class Held {
        private final Bytes value;
        private long at;

        Held(Bytes value, long at) {
            this.value = value;
            this.at = at;
        }
    }

    static Query store(Bytes value) {
        return Query.of(STORE, Key.hashOf(value)).value(value);
    }

    static Query lookup(Key key) {
        return Query.of(LOOKUP, key);
    }

    /** Has a node keep values here, also those that it has from a life before. */
    void serve(Dht node, EventLoop loop) {
        node.onClosest(STORE, query -> {
            if (query.value() != null) {
                keep(query.value(), node, loop);
            }
            return null;
        });
        node.onQuery(LOOKUP, query -> held(query.target()));
        life++;
        values.values().forEach(held -> later(held, node, loop));
    }

    /** The node is gone. */
    void rest() {
        life++;
    }

    private @Nullable Bytes held(@Nullable Key key) {
        Held held = key == null ? null : values.get(key);
        return held == null ? null : held.value;
    }

    private void keep(Bytes value, Dht node, EventLoop loop) {
        Key key = Key.hashOf(value);
        Held held = values.get(key);
        if (held != null) {
            held.at = loop.nanoTime();
            return;
        }
        if (values.size() == MOST) {
            values.remove(values.keySet().iterator().next());
        }
        Held kept = new Held(value, loop.nanoTime());
        values.put(key, kept);
        later(kept, node, loop);
    }

    /** Looks after a value when its time has come, a little late, so that not all of its holders do at once. */
    private void later(Held held, Dht node, EventLoop loop) {
        if (!republish.isZero()) {
            long wait = republish.toNanos() + (long) (random.nextDouble() * republish.toNanos() / 2);
            int now = life;
            loop.schedule(loop.nanoTime() + wait, () -> {
                if (life == now) {
                    republish(held, node, loop);
                }
            });
        }
    }

    private void republish(Held held, Dht node, EventLoop loop) {
        if (values.get(Key.hashOf(held.value)) != held) {
            return;
        }
        if (loop.nanoTime() - held.at >= republish.toNanos()) {
            held.at = loop.nanoTime();
            node.closest(store(held.value)).results().exceptionally(failure -> List.of());
        }
        later(held, node, loop);
    }

    /** Forgets everything, as a stranger does. */
    void clear() {
        values.clear();
    }

    boolean holds(Key key) {
        return values.containsKey(key);
    }
}

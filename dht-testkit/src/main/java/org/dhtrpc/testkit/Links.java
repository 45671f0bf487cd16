package org.dhtrpc.testkit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which link lies between two hosts: one for all, and as many exceptions as were asked for. */
final class Links {
    private Link all;

    // Asked by key only, never iterated.
    private final Map<Long, Link> pairs = new HashMap<>();
    private final Map<Integer, Link> hosts = new HashMap<>();

    Links(Link all) {
        this.all = all;
    }

    void all(Link link) {
        all = link;
    }

    void pair(int from, int to, @Nullable Link link) {
        put(pairs, pair(from, to), link);
    }

    void host(int number, @Nullable Link link) {
        put(hosts, number, link);
    }

    private static <K> void put(Map<K, Link> exceptions, K key, @Nullable Link link) {
        if (link == null) {
            exceptions.remove(key);
        } else {
            exceptions.put(key, link);
        }
    }

    private static long pair(int from, int to) {
        return (long) from << 32 | to;
    }

    /** The pair's, or else the sender's, or else the receiver's, or else that of all. */
    Link between(int from, int to) {
        Link link = pairs.isEmpty() ? null : pairs.get(pair(from, to));
        if (link == null && !hosts.isEmpty()) {
            link = hosts.get(from);
            if (link == null) {
                link = hosts.get(to);
            }
        }
        return link == null ? all : link;
    }
}

package org.dhtrpc.routing;

import java.util.List;
import java.util.function.Supplier;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;

/** Whom a search begins with. */
final class Seeds {
    private final RoutingTable table;
    private final int k;
    private final Reach reach;
    private final Supplier<List<Endpoint>> bootstrap;

    Seeds(RoutingTable table, int k, Reach reach, Supplier<List<Endpoint>> bootstrap) {
        this.table = table;
        this.k = k;
        this.reach = reach;
        this.bootstrap = bootstrap;
    }

    /**
     * Nobody yet. Who is reachable can be a candidate, and the bootstrap nodes, which the user has chosen, may name any
     * number.
     */
    Candidates candidates(Key target, boolean follows) {
        return new Candidates(
                target,
                k,
                follows,
                reach::has,
                endpoint -> bootstrap.get().contains(endpoint),
                new Reserve(count -> table.closest(target, count, null), k));
    }

    /** Begins with the nodes that the query names, or with contacts of ours and, while those are few, the bootstrap nodes. */
    void begin(Lookup lookup, Query query) {
        if (query.targeted()) {
            query.nodes().stream().filter(reach::has).forEach(lookup::add);
            return;
        }
        begin(lookup, query.target());
        List<Endpoint> nodes = bootstrap.get();
        if (table.live() < Math.min(k, nodes.size())) {
            // As in the seed: a query need not wait until the node has joined.
            nodes.stream().filter(reach::has).forEach(lookup::add);
        }
    }

    /** Begins with contacts of ours: the nearest that are live; if none is, then with the stale ones. */
    void begin(Lookup lookup, Key target) {
        List<Contact> live = table.closest(target, k, null);
        // After an outage that is over, all contacts may be stale and there again.
        (live.isEmpty() ? table.stale(k) : live).forEach(lookup::add);
    }

    /** A search with find_node that begins with contacts of ours. */
    Lookup findNode(Key target, int concurrency, PendingRequests pending, LookupOwner owner) {
        Lookup lookup = new Lookup(candidates(target, true), Command.FIND_NODE, null, concurrency, pending, owner);
        begin(lookup, target);
        return lookup;
    }
}

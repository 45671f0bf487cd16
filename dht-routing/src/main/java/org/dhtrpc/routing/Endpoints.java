package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** A set of endpoints, at most half full: a HashSet took a third of the start of a node that is given its contacts. */
final class Endpoints {
    private final @Nullable Endpoint[] table;

    /** @param most how many it has to take */
    Endpoints(int most) {
        table = new Endpoint[Integer.highestOneBit(Math.max(1, most)) << 2];
    }

    /** Adds one; false if it is there. */
    boolean add(Endpoint endpoint) {
        int place = endpoint.hashCode() & table.length - 1;
        for (Endpoint there = table[place]; there != null; there = table[place]) {
            if (there.equals(endpoint)) {
                return false;
            }
            place = place + 1 & table.length - 1;
        }
        table[place] = endpoint;
        return true;
    }
}

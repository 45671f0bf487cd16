package org.dhtrpc;

import java.time.Duration;
import java.util.List;

/**
 * What a query cost and found.
 *
 * @param requests requests sent, both phases, each counted once
 * @param repeats how often one of them was sent again
 * @param replies answers of any kind, errors included
 * @param errors answers with an error code; such a node guides the search but takes no part in the result
 * @param ephemerals answers without an id; the same is true of them, unless they were asked by address
 * @param failures requests that were given up; those that are neither among these nor among the replies were late when
 *     the query ended without them
 * @param commits successful answers of the commit phase
 * @param hops how far the nearest node that answered was: 1 if we knew it, 2 if one of those named it, and so on
 * @param closest the nearest nodes that took part, nearest first: at most k, or all of those that the query named
 * @param limited true if the search met the limit of nodes that one query may ask, and may have missed nearer ones
 * @param elapsed from start to end
 */
public record QuerySummary(
        int requests,
        int repeats,
        int replies,
        int errors,
        int ephemerals,
        int failures,
        int commits,
        int hops,
        List<Contact> closest,
        boolean limited,
        Duration elapsed) {
    /** Copies the list. */
    public QuerySummary {
        closest = List.copyOf(closest);
    }

    /** Datagrams sent for the query: requests and repeats. */
    public int datagrams() {
        return requests + repeats;
    }
}

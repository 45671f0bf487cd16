package org.dhtrpc.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a demo has measured.
 *
 * @param nodes listed nodes: without the bootstrap node and the clients
 * @param ready how many of them have a live contact
 * @param values values stored
 * @param replicasMin nodes that store the value which the fewest store
 * @param holdersExact share of the values whose holders are exactly the nodes nearest to them
 * @param found values found again
 * @param bootstrapMs from the first start of a node until all were ready
 * @param storeMsP50 median time of a closest
 * @param findMsP50 median time of a query to its first match
 * @param requestsPerQuery mean number of request datagrams, repeats included, of a query that runs to its end
 */
record DemoReport(
        int nodes,
        int ready,
        int values,
        int replicasMin,
        double holdersExact,
        int found,
        double bootstrapMs,
        double storeMsP50,
        double findMsP50,
        double requestsPerQuery) {
    /** Why the demo has failed; empty if it has not. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (replicasMin < replicasWanted()) {
            complaints.add("A value is on " + replicasMin + " nodes and not on " + replicasWanted());
        }
        if (found < values) {
            complaints.add("Only " + found + " of " + values + " values were found");
        }
        return complaints;
    }

    private int replicasWanted() {
        return Math.min(DemoNetwork.REPLICAS, nodes);
    }

    String toJson() {
        return format(
                "{\"nodes\":%d,\"ready\":%d,\"values\":%d,\"replicasMin\":%d,\"holdersExact\":%.4f,\"found\":%d,"
                        + "\"bootstrapMs\":%.1f,\"storeMsP50\":%.2f,\"findMsP50\":%.2f,\"requestsPerQuery\":%.2f}",
                nodes,
                ready,
                values,
                replicasMin,
                holdersExact,
                found,
                bootstrapMs,
                storeMsP50,
                findMsP50,
                requestsPerQuery);
    }

    String toText() {
        return format(
                """
                %d of %d nodes joined, each on its own UDP socket, in %.0f ms
                %d values stored, each on at least %d nodes; %.1f %% on exactly the nearest; median %.1f ms
                %d values found by a client that had never seen them; median %.1f ms
                %.1f requests for a query that runs to its end

                Next: ./demo --nodes 500 --values 200
                  or: ./kv for a network of your own, in three terminals""",
                ready,
                nodes,
                bootstrapMs,
                values,
                replicasMin,
                100 * holdersExact,
                storeMsP50,
                found,
                findMsP50,
                requestsPerQuery);
    }

    private static String format(String format, Object... numbers) {
        // The root locale, because a decimal comma is no JSON.
        return String.format(Locale.ROOT, format, numbers);
    }
}

package org.dhtrpc;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counters since the node was built, and gauges of now. One consistent moment of the node's loop.
 *
 * @param state how the node stands
 * @param health how the node's requests fare
 * @param contacts contacts in the routing table
 * @param operations operations of callers that are under way
 * @param pendingRequests requests that wait for a reply
 * @param pendingCalls received requests that wait for a handler
 * @param requestsSent requests sent, each counted once
 * @param repeatsSent how often one of them was sent again
 * @param repliesReceived replies that were expected
 * @param requestsFailed requests that nobody answered
 * @param requestsReceived requests received, repeats included
 * @param repeatsReceived requests recognised as a repeat; absorbed, or answered with the same reply
 * @param repliesSent replies sent, errors included
 * @param errorsSent replies sent with an error code
 * @param lateAnswers answers of handlers that came twice or too late
 * @param hintsSent down hints sent: that a contact which somebody named does not answer
 * @param hintsReceived down hints received about a contact of ours, which was then pinged
 * @param rejected dropped datagrams, by reason, in the order of {@link Rejection}; without those that never occurred
 */
public record DhtStats(
        DhtState state,
        Health health,
        int contacts,
        int operations,
        int pendingRequests,
        int pendingCalls,
        long requestsSent,
        long repeatsSent,
        long repliesReceived,
        long requestsFailed,
        long requestsReceived,
        long repeatsReceived,
        long repliesSent,
        long errorsSent,
        long lateAnswers,
        long hintsSent,
        long hintsReceived,
        Map<Rejection, Long> rejected) {
    /** Copies the map. */
    public DhtStats {
        // Not Map.copyOf: its order changes with every start of the JVM.
        Map<Rejection, Long> copy = new EnumMap<>(Rejection.class);
        copy.putAll(rejected);
        rejected = Collections.unmodifiableMap(copy);
    }
}

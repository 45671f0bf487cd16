package org.dhtrpc.routing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.dhtrpc.DhtState;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Health;
import org.dhtrpc.Rejection;

/** What {@link org.dhtrpc.DhtStats} counts. */
final class Counters {
    long requestsSent;
    long repeatsSent;
    long repliesReceived;
    long requestsFailed;
    long requestsReceived;
    long repeatsReceived;
    long repliesSent;
    long errorsSent;
    long lateAnswers;
    long hintsSent;
    long hintsReceived;
    private Map<Rejection, Long> rejected = Collections.emptyMap();

    void rejected(Rejection reason) {
        if (rejected.isEmpty()) {
            rejected = new EnumMap<>(Rejection.class);
        }
        rejected.merge(reason, 1L, Long::sum);
    }

    /** These counters, and the gauges that others keep. */
    DhtStats snapshot(
            DhtState state, Health health, int contacts, int operations, int pendingRequests, int pendingCalls) {
        return new DhtStats(
                state,
                health,
                contacts,
                operations,
                pendingRequests,
                pendingCalls,
                requestsSent,
                repeatsSent,
                repliesReceived,
                requestsFailed,
                requestsReceived,
                repeatsReceived,
                repliesSent,
                errorsSent,
                lateAnswers,
                hintsSent,
                hintsReceived,
                rejected);
    }
}

package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request of a search. Times are from the start of the search.
 *
 * @param sent when it was first sent
 * @param answered when the answer came; null if none did
 * @param peer whom it asked
 * @param sharedBits how many leading bits the id of the peer shares with the target, 0 to 256: the more, the nearer
 * @param adversary whether the peer is one
 * @param repeats how often the request was sent again
 */
public record Step(
        Duration sent, @Nullable Duration answered, String peer, int sharedBits, boolean adversary, int repeats) {
    /** Refuses what cannot be. */
    public Step {
        Limits.time("The time of a request", sent);
        if (answered != null) {
            Limits.time("The time of an answer", answered);
            Limits.order("The time of an answer", sent, answered);
        }
        Objects.requireNonNull(peer, "peer");
        Limits.bits(sharedBits);
        Limits.count("repeats", repeats);
    }
}

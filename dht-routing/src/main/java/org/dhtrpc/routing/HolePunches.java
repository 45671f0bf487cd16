package org.dhtrpc.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The candidates that the hole puncher is asked for, each at most once by a lookup. A hole puncher that never says how it
 * went is waited for {@link #PATIENCE} only, and does not work for more than {@link KademliaConfig#MAX_PUNCHES} at once.
 */
final class HolePunches {
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final boolean installed;
    private final Deadlines deadlines;
    private final Outbox outbox;

    /** By the number that the outcome will name. */
    private Map<Long, Punch> underWay = Collections.emptyMap();

    private long ids;

    private final class Punch extends Deadlines.Entry {
        private final long id = ids++;
        private final Lookup lookup;
        private final Candidate candidate;

        Punch(Lookup lookup, Candidate candidate) {
            this.lookup = lookup;
            this.candidate = candidate;
        }

        @Override
        void expire(long now) {
            ended(now, id, null);
        }
    }

    /** @param installed whether there is a hole puncher */
    HolePunches(boolean installed, Deadlines deadlines, Outbox outbox) {
        this.installed = installed;
        this.deadlines = deadlines;
        this.outbox = outbox;
    }

    int size() {
        return underWay.size();
    }

    /** Asks the hole puncher for a candidate; false if there is none, or the candidate has no referrer. */
    boolean ask(long now, Lookup lookup, Candidate candidate) {
        Endpoint referrer = candidate.referrer();
        if (!installed || referrer == null || candidate.punched || underWay.size() >= KademliaConfig.MAX_PUNCHES) {
            return false;
        }
        if (underWay.isEmpty()) {
            underWay = new LinkedHashMap<>();
        }
        candidate.punched = true;
        Punch punch = new Punch(lookup, candidate);
        underWay.put(punch.id, punch);
        deadlines.set(punch, now + PATIENCE.toNanos());
        outbox.add(new Effect.Punch(punch.id, candidate.endpoint, referrer));
        return true;
    }

    /** The outcome of a punch: the endpoint that answers, null if it failed. One that comes too late is ignored. */
    void ended(long now, long id, @Nullable Endpoint answering) {
        Punch punch = underWay.remove(id);
        if (punch != null) {
            deadlines.cancel(punch);
            punch.lookup.again(now, punch.candidate, answering);
        }
    }

    /** A candidate has answered by itself: whatever becomes of its punch, another may use its place. */
    void release(Candidate candidate) {
        releaseIf(punch -> punch.candidate == candidate);
    }

    /** A lookup is over, and with it all its punches. */
    void release(Lookup lookup) {
        releaseIf(punch -> punch.lookup == lookup);
    }

    private void releaseIf(Predicate<Punch> over) {
        underWay.values().removeIf(punch -> {
            boolean released = over.test(punch);
            if (released) {
                deadlines.cancel(punch);
            }
            return released;
        });
    }
}

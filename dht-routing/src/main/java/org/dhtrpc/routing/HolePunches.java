package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The candidates that the hole puncher is asked for, each at most once by a lookup. Where those who named one do not know it
 * any more, which takes a round trip, the next of them is asked, up to {@link #REFERRERS}, while the query has patience: what
 * is opened later is of no use to it. No more than {@link KademliaConfig#MAX_PUNCHES} are awaited at once; the hole puncher goes
 * on for as long as it likes with those that are not awaited any more.
 */
final class HolePunches {
    /** How many of those who have named a candidate are asked for it. */
    static final int REFERRERS = 3;

    private final boolean installed;
    private final Deadlines deadlines;
    private final Outbox outbox;

    /** By the number that the outcome will name. */
    private Map<Long, Punch> underWay = Collections.emptyMap();

    private long ids;

    /** All that is done for one candidate, with one referrer after the other; its timer is the patience. */
    private final class Punch extends Deadlines.Entry {
        private final Lookup lookup;
        private final Candidate candidate;
        private final List<Endpoint> asked = new ArrayList<>(1);
        private long id;

        Punch(Lookup lookup, Candidate candidate) {
            this.lookup = lookup;
            this.candidate = candidate;
        }

        /** Asks the next who has named it; false if there is none, or there were enough. */
        boolean begin() {
            Endpoint referrer = next();
            if (referrer == null) {
                return false;
            }
            asked.add(referrer);
            id = ids++;
            if (underWay.isEmpty()) {
                underWay = new LinkedHashMap<>();
            }
            underWay.put(id, this);
            outbox.add(new Effect.Punch(id, candidate.endpoint, referrer));
            return true;
        }

        private @Nullable Endpoint next() {
            for (Endpoint referrer : asked.size() < REFERRERS ? candidate.namedBy() : List.<Endpoint>of()) {
                if (!asked.contains(referrer)) {
                    return referrer;
                }
            }
            return null;
        }

        @Override
        void expire(long now) {
            underWay.remove(id);
            lookup.again(now, candidate, null);
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

    /** Asks the hole puncher for a candidate; false if there is none, or nobody has named the candidate. */
    boolean ask(long now, Lookup lookup, Candidate candidate, Duration patience) {
        if (!installed || candidate.punched || underWay.size() >= KademliaConfig.MAX_PUNCHES) {
            return false;
        }
        Punch punch = new Punch(lookup, candidate);
        if (!punch.begin()) {
            return false;
        }
        candidate.punched = true;
        deadlines.set(punch, now + patience.toNanos());
        return true;
    }

    /** The outcome of a punch: the endpoint that answers, null if it failed. One that comes too late is ignored. */
    void ended(long now, long id, @Nullable Endpoint answering) {
        Punch punch = underWay.remove(id);
        if (punch != null && (answering != null || !punch.begin())) {
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

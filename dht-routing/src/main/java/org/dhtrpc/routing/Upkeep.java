package org.dhtrpc.routing;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;

/**
 * Keeps the routing table true while nobody asks: pings contacts that have been silent, and refreshes buckets with a
 * lookup of a random key in them (Kademlia paper, sections 2.2 and 2.3).
 *
 * <p>One timer per node, however many contacts and buckets there are.
 */
final class Upkeep extends Deadlines.Entry {
    private static final long TICK = Duration.ofSeconds(40).toNanos();
    private static final long SILENT = Duration.ofSeconds(60).toNanos();
    private static final long REFRESH = Duration.ofHours(1).toNanos();
    private static final int PINGS_PER_TICK = 3;
    private static final int PINGS_PER_SILENCE = 2;
    private static final int PINGS_AWAKE = 10;

    private final Identity self;
    private final RoutingTable table;
    private final PingBacks pings;
    private final Joining joining;
    private final Responder responder;
    private final Deadlines deadlines;
    private final RandomGenerator random;
    private final Lookups lookups;

    private int refreshing = -1;
    private boolean busy;
    private boolean begun;
    private long refreshed;

    /** Makes a lookup from our own table. */
    @FunctionalInterface
    interface Lookups {
        Lookup of(Key target, int concurrency, LookupOwner owner);
    }

    Upkeep(
            Identity self,
            RoutingTable table,
            PingBacks pings,
            Joining joining,
            Responder responder,
            Deadlines deadlines,
            RandomGenerator random,
            Lookups lookups) {
        this.self = self;
        this.table = table;
        this.pings = pings;
        this.joining = joining;
        this.responder = responder;
        this.deadlines = deadlines;
        this.random = random;
        this.lookups = lookups;
    }

    /**
     * Begins, or begins anew.
     *
     * @param searched whether the table comes from a search, so that the far buckets hold only whom we met by chance
     */
    void begin(long now, boolean searched) {
        if (!begun) {
            begun = true;
            // Nodes that were started together should not tick together.
            deadlines.set(this, now + TICK / 2 + (random.nextLong() >>> 1) % TICK);
        }
        if (!searched) {
            refreshed = now;
        } else if (!self.ephemeral()) {
            refresh(now);
        }
    }

    /** Nothing is done until the next {@link #begin}; searches under way are forgotten. */
    void rest() {
        begun = false;
        busy = false;
        refreshing = -1;
    }

    /** We were away: who was not heard of meanwhile may be gone. */
    void awake(long now) {
        check(now, PINGS_AWAKE);
    }

    @Override
    void expire(long now) {
        deadlines.set(this, now + TICK);
        responder.forgetOld(now);
        for (Contact contact : table.stale(PINGS_PER_TICK)) {
            pings.contact(now, contact);
        }
        check(now, PINGS_PER_TICK);
        if (table.live() > 0 && !self.ephemeral() && now - refreshed >= REFRESH) {
            refresh(now);
        }
    }

    /**
     * Pings those of whom nothing was heard for the longest. Each that does not answer has two more of them pinged at once:
     * if many are gone, all will soon have been asked, and a node whose contacts are all gone has to join again.
     */
    private void check(long now, int count) {
        for (Contact contact : table.oldest(count, now - SILENT, pings::underWay)) {
            pings.contact(now, contact, later -> check(later, PINGS_PER_SILENCE));
        }
        if (table.live() == 0) {
            joining.lost(now);
        }
    }

    private void refresh(long now) {
        refreshed = now;
        refreshing = table.deepestIncomplete();
        if (!busy) {
            next(now);
        }
    }

    /** One bucket after the other, the nearest first; the k nearest contacts and full buckets need no help. */
    private void next(long now) {
        while (refreshing >= 0 && table.enough(refreshing)) {
            refreshing--;
        }
        if (refreshing < 0) {
            return;
        }
        busy = true;
        new Refresh(refreshing--).begin(now);
    }

    /** A search for a random key of a bucket, which ends as soon as there are enough contacts in it. */
    private final class Refresh implements LookupOwner {
        private final int bucket;
        private final Lookup lookup;

        Refresh(int bucket) {
            this.bucket = bucket;
            this.lookup = lookups.of(table.randomIn(bucket, random), 3, this);
        }

        void begin(long now) {
            lookup.advance(now);
        }

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public void answered(long now, Candidate candidate, Effect.Answer answer) {
            if (table.enough(bucket)) {
                lookup.end();
                ended(now);
            }
        }

        @Override
        public void ended(long now) {
            busy = false;
            next(now);
        }
    }
}

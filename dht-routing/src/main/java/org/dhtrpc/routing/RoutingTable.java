package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.jspecify.annotations.Nullable;

/**
 * The contacts that have proven to be there: k per bucket, a bucket being the keys that share exactly so many leading
 * bits with our own id (Kademlia paper, section 2.4, without the relaxed splitting).
 *
 * <p>A contact that failed to answer is <em>stale</em>: it is neither asked nor named to others, keeps its place until
 * somebody wants it, and is live again after a round trip. The entries themselves are kept by {@link Entries}.
 */
final class RoutingTable {
    /** The unit of ages: an int of them lasts for eight months, and only differences of two count, as it wraps. */
    private static final long TICK = Duration.ofMillis(10).toNanos();

    private static final int FREE_PLACE = -1;
    private static final int NO_PLACE = -2;

    private final int k;
    private final long origin;
    private final SubnetLimit subnets;
    private final Consumer<DhtEvent> events;
    private Key self;
    private Entries entries;

    RoutingTable(Key self, int k, SubnetLimit subnets, long now, Consumer<DhtEvent> events) {
        this.self = self;
        this.k = k;
        this.subnets = subnets;
        this.origin = now;
        this.events = events;
        this.entries = new Entries(self, k);
    }

    int size() {
        return entries.size();
    }

    /** How many entries are not stale. */
    int live() {
        return entries.live(0, entries.size());
    }

    /**
     * Fills the table, which is empty, with contacts that somebody vouches for, as many as there is room for: in each bucket
     * first come, first served. Of two with the same id or endpoint one counts.
     */
    void load(long now, List<Contact> contacts, Reach reach) {
        List<Contact> byBucket = new ArrayList<>(contacts);
        byBucket.sort(Comparator.comparingInt(contact -> self.commonPrefix(contact.id())));
        Endpoints endpoints = new Endpoints(byBucket.size());
        entries.reserve(byBucket.size());
        for (Contact contact : byBucket) {
            int bucket = self.commonPrefix(contact.id());
            if (entries.length(bucket) < k
                    && entries.find(contact.id()) < 0
                    && reach.has(contact)
                    && subnets.admits(entries, bucket, contact.endpoint(), FREE_PLACE)
                    && endpoints.add(contact.endpoint())) {
                entries.heard(entries.insert(contact), tick(now));
            }
        }
        entries.trim();
    }

    /**
     * Records that a contact has proven to be there: a known one is live again, a new one gets a free place, that of a
     * stale entry, or none.
     *
     * @param roundTripNanos the round-trip time, negative if there is no sample
     */
    void verified(long now, Contact contact, long roundTripNanos) {
        if (contact.id().equals(self)) {
            return;
        }
        int index = entries.find(contact.id());
        if (index < 0) {
            index = admit(contact);
        } else if (!entries.contact(index).endpoint().equals(contact.endpoint())) {
            index = takeOver(index, contact);
        }
        if (index >= 0) {
            entries.heard(index, tick(now));
            entries.stale(index, false);
            if (roundTripNanos >= 0) {
                int micros = (int) Math.min(Integer.MAX_VALUE, Math.max(1, roundTripNanos / 1_000));
                int known = entries.roundTrip(index);
                entries.roundTrip(index, known == 0 ? micros : known + (micros - known) / 8);
            }
        }
    }

    private int admit(Contact contact) {
        vacate(contact.endpoint());
        int leaving = place(contact);
        if (leaving == NO_PLACE) {
            return -1;
        }
        if (leaving != FREE_PLACE) {
            remove(leaving);
        }
        return insert(contact);
    }

    /** The place that a newcomer gets: a free one, that of a stale entry, or none. */
    private int place(Contact contact) {
        int bucket = self.commonPrefix(contact.id());
        boolean free = entries.length(bucket) < k;
        if (free && subnets.admits(entries, bucket, contact.endpoint(), FREE_PLACE)) {
            return FREE_PLACE;
        }
        for (int i = entries.start(bucket); i < entries.end(bucket); i++) {
            if (entries.stale(i) && subnets.admits(entries, bucket, contact.endpoint(), i)) {
                return i;
            }
        }
        return NO_PLACE;
    }

    /** An id has moved to another endpoint, which may have had another id until now. */
    private int takeOver(int index, Contact contact) {
        // Whoever holds the id keeps it while it answers: otherwise anyone could take a contact's place.
        if (!mayMove(index, contact)) {
            vacate(contact.endpoint());
            return -1;
        }
        remove(index);
        return admit(contact);
    }

    private boolean mayMove(int index, Contact contact) {
        int bucket = self.commonPrefix(contact.id());
        return entries.stale(index) && subnets.admits(entries, bucket, contact.endpoint(), index);
    }

    /** Whoever was at this endpoint is not there any more: somebody answers there who is somebody else, or does not say. */
    void vacate(Endpoint endpoint) {
        int tenant = entries.find(endpoint);
        if (tenant >= 0) {
            remove(tenant);
        }
    }

    private int insert(Contact contact) {
        int index = entries.insert(contact);
        events.accept(new DhtEvent.ContactAdded(contact));
        return index;
    }

    private void remove(int index) {
        events.accept(new DhtEvent.ContactRemoved(entries.remove(index)));
    }

    /**
     * We are known by another id now: our contacts are offered the places around that one, the live ones first. Those who find
     * none leave.
     */
    void rearrange(Key id) {
        if (id.equals(self)) {
            return;
        }
        Entries before = entries;
        self = id;
        entries = new Entries(id, k);
        offer(before, false);
        offer(before, true);
    }

    private void offer(Entries before, boolean stale) {
        for (int i = 0; i < before.size(); i++) {
            if (before.stale(i) != stale) {
                continue;
            }
            Contact contact = before.contact(i);
            int bucket = self.commonPrefix(contact.id());
            if (contact.id().equals(self)
                    || entries.length(bucket) >= k
                    || !subnets.admits(entries, bucket, contact.endpoint(), FREE_PLACE)) {
                events.accept(new DhtEvent.ContactRemoved(contact));
                continue;
            }
            int place = entries.insert(contact);
            entries.heard(place, before.heard(i));
            entries.stale(place, stale);
            if (before.roundTrip(i) > 0) {
                entries.roundTrip(place, before.roundTrip(i));
            }
        }
    }

    /** The live contact at an endpoint, unless it was heard of since then; null if there is none. */
    @Nullable
    Contact silentSince(Endpoint endpoint, long since) {
        int index = entries.find(endpoint);
        boolean silent = index >= 0 && !entries.stale(index) && entries.heard(index) - tick(since) <= 0;
        return silent ? entries.contact(index) : null;
    }

    /** Whether somebody live was heard of at or after this time. */
    boolean heardSince(long since) {
        for (int i = 0; i < entries.size(); i++) {
            if (!entries.stale(i) && entries.heard(i) - tick(since) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * A contact failed to answer: it turns stale, or leaves if it was and {@code certain} says that it is gone.
     *
     * @return the contact if it is still here
     */
    @Nullable
    Contact failed(Endpoint endpoint, boolean certain) {
        int index = entries.find(endpoint);
        if (index < 0) {
            return null;
        }
        if (entries.stale(index) && certain) {
            remove(index);
            return null;
        }
        entries.stale(index, true);
        return entries.contact(index);
    }

    /** Whether a new contact is worth a ping: it would be admitted, and there are not enough without it. */
    boolean wants(Contact contact) {
        if (contact.id().equals(self)) {
            return false;
        }
        int index = entries.find(contact.id());
        if (index >= 0) {
            return mayMove(index, contact);
        }
        return !enough(self.commonPrefix(contact.id())) && place(contact) != NO_PLACE;
    }

    /** See {@link Entries#closest}. */
    List<Contact> closest(Key target, int count, @Nullable Endpoint except) {
        return entries.closest(target, count, except);
    }

    /**
     * The live contacts that were not heard of for the longest, and not since {@code since}, oldest first.
     *
     * @param except those who are left out
     */
    List<Contact> oldest(int count, long since, Predicate<Contact> except) {
        List<Contact> oldest = new ArrayList<>(count);
        int limit = tick(since);
        for (int n = 0; n < count; n++) {
            int pick = -1;
            for (int i = 0; i < entries.size(); i++) {
                boolean older = pick < 0 || entries.heard(i) - entries.heard(pick) < 0;
                boolean silent = !entries.stale(i) && entries.heard(i) - limit <= 0;
                if (older && silent && !oldest.contains(entries.contact(i)) && !except.test(entries.contact(i))) {
                    pick = i;
                }
            }
            if (pick < 0) {
                break;
            }
            oldest.add(entries.contact(pick));
        }
        return oldest;
    }

    /** The live contacts that were heard of last, the latest first. */
    List<Contact> latest(int count) {
        return IntStream.range(0, entries.size())
                .filter(i -> !entries.stale(i))
                .boxed()
                .sorted((one, other) -> entries.heard(other) - entries.heard(one))
                .limit(count)
                .map(entries::contact)
                .toList();
    }

    /** The contacts that failed to answer and wait for another chance. */
    List<Contact> stale(int count) {
        List<Contact> found = new ArrayList<>();
        for (int i = 0; i < entries.size() && found.size() < count; i++) {
            if (entries.stale(i)) {
                found.add(entries.contact(i));
            }
        }
        return found;
    }

    /**
     * The deepest bucket that may lack somebody: that of our k-th nearest contact, if a lookup has found the k nearest. -1
     * if there are fewer.
     */
    int deepestIncomplete() {
        List<Contact> nearest = closest(self, k, null);
        return nearest.size() < k ? -1 : self.commonPrefix(nearest.get(k - 1).id());
    }

    /**
     * Whether nobody need be looked for to fill a bucket. One that holds our k nearest has to know everybody, k at most; a
     * farther one only shows the way to a part of the network, and half as many will do. Who is met by chance gets a place
     * all the same.
     */
    boolean enough(int bucket) {
        int live = entries.live(entries.start(bucket), entries.end(bucket));
        boolean near = entries.size() - entries.start(bucket) < k;
        return live >= (near ? k : k / 2);
    }

    /** A random key that falls into a bucket. */
    Key randomIn(int bucket, RandomGenerator random) {
        return self.randomInBucket(bucket, random);
    }

    List<KnownContact> export(long now) {
        List<KnownContact> known = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            int micros = entries.roundTrip(i);
            known.add(new KnownContact(
                    entries.contact(i),
                    Duration.ofNanos((tick(now) - entries.heard(i)) * TICK),
                    micros == 0 ? null : Duration.ofNanos(micros * 1_000L)));
        }
        return known;
    }

    /** Whether its parts fit together; takes as long as the table is large. */
    boolean consistent() {
        return entries.consistent();
    }

    private int tick(long now) {
        return (int) ((now - origin) / TICK);
    }
}

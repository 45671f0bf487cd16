package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
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
 * <p>All entries lie in flat arrays, ordered by bucket; what they hold are shared {@link Contact}s. A contact that failed
 * to answer is <em>stale</em>: it is neither asked nor named to others, keeps its place until somebody wants it, and
 * is live again after a round trip.
 *
 * <p>Invariants: buckets hold at most k entries; an id and an endpoint occur once; our own id never does.
 */
final class RoutingTable {
    /** The unit in which ages are kept, so that an int lasts for weeks; only differences of two count, as it wraps. */
    private static final long TICK = Duration.ofMillis(1).toNanos();

    private final Key self;
    private final int k;
    private final long origin;
    private final Consumer<DhtEvent> events;

    private Contact[] contacts = new Contact[0];
    private int[] heard = new int[0];
    private int[] roundTrip = new int[0];
    private boolean[] stale = new boolean[0];
    private int size;

    /** Where each bucket starts; one more than there are buckets, which are as many as the deepest entry needs. */
    private int[] starts = {0};

    RoutingTable(Key self, int k, long now, Consumer<DhtEvent> events) {
        this.self = self;
        this.k = k;
        this.origin = now;
        this.events = events;
    }

    int size() {
        return size;
    }

    /** How many entries are not stale. */
    int live() {
        int live = 0;
        for (int i = 0; i < size; i++) {
            live += stale[i] ? 0 : 1;
        }
        return live;
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
        int index = find(contact.id());
        if (index < 0) {
            index = admit(contact);
        } else if (!contacts[index].endpoint().equals(contact.endpoint())) {
            // Whoever holds the id keeps it while it answers: otherwise anyone could take a contact's place.
            index = stale[index] ? takeOver(index, contact) : -1;
        }
        if (index >= 0) {
            heard[index] = tick(now);
            stale[index] = false;
            if (roundTripNanos >= 0) {
                int micros = (int) Math.min(Integer.MAX_VALUE, Math.max(1, roundTripNanos / 1_000));
                roundTrip[index] = roundTrip[index] == 0 ? micros : roundTrip[index] + (micros - roundTrip[index]) / 8;
            }
        }
        assert invariants();
    }

    private int admit(Contact contact) {
        evict(contact.endpoint());
        int bucket = self.commonPrefix(contact.id());
        if (end(bucket) - start(bucket) < k) {
            return insert(bucket, contact);
        }
        for (int i = start(bucket); i < end(bucket); i++) {
            if (stale[i]) {
                return replace(i, contact);
            }
        }
        return -1;
    }

    /** An id has moved to another endpoint, which may have had another id until now. */
    private int takeOver(int index, Contact contact) {
        remove(index);
        evict(contact.endpoint());
        return insert(self.commonPrefix(contact.id()), contact);
    }

    private void evict(Endpoint endpoint) {
        int tenant = find(endpoint);
        if (tenant >= 0) {
            remove(tenant);
        }
    }

    private int replace(int index, Contact contact) {
        remove(index);
        return insert(self.commonPrefix(contact.id()), contact);
    }

    private int insert(int bucket, Contact contact) {
        int index = end(bucket);
        if (size == contacts.length) {
            grow(size + Math.max(8, size / 4));
        }
        move(index, index + 1, size - index);
        if (bucket + 2 > starts.length) {
            int buckets = starts.length;
            starts = Arrays.copyOf(starts, bucket + 2);
            Arrays.fill(starts, buckets, starts.length, size);
        }
        size++;
        for (int i = bucket + 1; i < starts.length; i++) {
            starts[i]++;
        }
        contacts[index] = contact;
        heard[index] = 0;
        roundTrip[index] = 0;
        stale[index] = false;
        events.accept(new DhtEvent.ContactAdded(contact));
        return index;
    }

    private void remove(int index) {
        Contact contact = contacts[index];
        move(index + 1, index, size - index - 1);
        size--;
        for (int i = self.commonPrefix(contact.id()) + 1; i < starts.length; i++) {
            starts[i]--;
        }
        events.accept(new DhtEvent.ContactRemoved(contact));
    }

    private void grow(int capacity) {
        contacts = Arrays.copyOf(contacts, capacity);
        heard = Arrays.copyOf(heard, capacity);
        roundTrip = Arrays.copyOf(roundTrip, capacity);
        stale = Arrays.copyOf(stale, capacity);
    }

    private void move(int from, int to, int length) {
        System.arraycopy(contacts, from, contacts, to, length);
        System.arraycopy(heard, from, heard, to, length);
        System.arraycopy(roundTrip, from, roundTrip, to, length);
        System.arraycopy(stale, from, stale, to, length);
    }

    /**
     * A contact failed to answer: it turns stale, or leaves if it was and {@code certain} says that it is gone.
     *
     * @return the contact if it is still here
     */
    @Nullable
    Contact failed(Endpoint endpoint, boolean certain) {
        int index = find(endpoint);
        if (index < 0) {
            return null;
        }
        if (stale[index] && certain) {
            remove(index);
            return null;
        }
        stale[index] = true;
        return contacts[index];
    }

    /** Whether a new contact would be admitted. */
    boolean wants(Contact contact) {
        if (contact.id().equals(self)) {
            return false;
        }
        int index = find(contact.id());
        if (index >= 0) {
            return stale[index];
        }
        int bucket = self.commonPrefix(contact.id());
        if (end(bucket) - start(bucket) < k) {
            return true;
        }
        for (int i = start(bucket); i < end(bucket); i++) {
            if (stale[i]) {
                return true;
            }
        }
        return false;
    }

    /**
     * The live contacts nearest to a target, nearest first: exact for every target, also near our own id.
     *
     * @param except an endpoint that is left out
     */
    List<Contact> closest(Key target, int count, @Nullable Endpoint except) {
        List<Contact> nearest = new ArrayList<>(Math.min(count, size));
        int own = self.commonPrefix(target);
        // Where our id and the target differ in bit b, all of bucket b is nearer to the target than any deeper bucket;
        // where they agree, farther. So: the differing buckets upwards, then the others downwards.
        for (int bucket = own; bucket < buckets() && nearest.size() < count; bucket++) {
            if (self.bit(bucket) != target.bit(bucket)) {
                collect(bucket, target, count, except, nearest);
            }
        }
        for (int bucket = buckets() - 1; bucket >= 0 && nearest.size() < count; bucket--) {
            if (self.bit(bucket) == target.bit(bucket)) {
                collect(bucket, target, count, except, nearest);
            }
        }
        return nearest;
    }

    private void collect(int bucket, Key target, int count, @Nullable Endpoint except, List<Contact> nearest) {
        int first = nearest.size();
        for (int i = start(bucket); i < end(bucket); i++) {
            Contact contact = contacts[i];
            if (stale[i] || contact.endpoint().equals(except)) {
                continue;
            }
            int place = nearest.size();
            while (place > first
                    && target.compareDistance(
                                    contact.id(), nearest.get(place - 1).id())
                            < 0) {
                place--;
            }
            nearest.add(place, contact);
        }
        while (nearest.size() > count) {
            nearest.remove(nearest.size() - 1);
        }
    }

    /** The entries that were not heard of for the longest, and not since {@code since}, oldest first; stale ones too. */
    List<Contact> oldest(int count, long since) {
        List<Contact> oldest = new ArrayList<>(count);
        int limit = tick(since);
        for (int n = 0; n < count; n++) {
            int pick = -1;
            for (int i = 0; i < size; i++) {
                boolean older = pick < 0 || heard[i] - heard[pick] < 0;
                if (older && heard[i] - limit <= 0 && !oldest.contains(contacts[i])) {
                    pick = i;
                }
            }
            if (pick < 0) {
                break;
            }
            oldest.add(contacts[pick]);
        }
        return oldest;
    }

    /** The contacts that failed to answer and wait for another chance. */
    List<Contact> stale(int count) {
        List<Contact> found = new ArrayList<>();
        for (int i = 0; i < size && found.size() < count; i++) {
            if (stale[i]) {
                found.add(contacts[i]);
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

    private int buckets() {
        return starts.length - 1;
    }

    /** Whether a bucket has k entries. */
    boolean full(int bucket) {
        return end(bucket) - start(bucket) >= k;
    }

    /** A random key that falls into a bucket. */
    Key randomIn(int bucket, RandomGenerator random) {
        return self.randomInBucket(bucket, random);
    }

    List<KnownContact> export(long now) {
        List<KnownContact> known = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            known.add(new KnownContact(
                    contacts[i],
                    Duration.ofMillis(tick(now) - heard[i]),
                    roundTrip[i] == 0 ? null : Duration.ofNanos(roundTrip[i] * 1_000L)));
        }
        return known;
    }

    private int find(Key id) {
        int bucket = self.commonPrefix(id);
        for (int i = start(bucket); i < end(bucket); i++) {
            if (contacts[i].id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    private int find(Endpoint endpoint) {
        for (int i = 0; i < size; i++) {
            if (contacts[i].endpoint().equals(endpoint)) {
                return i;
            }
        }
        return -1;
    }

    private int start(int bucket) {
        return bucket < starts.length ? starts[bucket] : size;
    }

    private int end(int bucket) {
        return bucket + 1 < starts.length ? starts[bucket + 1] : size;
    }

    private int tick(long now) {
        return (int) ((now - origin) / TICK);
    }

    private boolean invariants() {
        assert starts[0] == 0 && starts[starts.length - 1] == size : "buckets do not cover the entries";
        for (int bucket = 0; bucket < buckets(); bucket++) {
            assert end(bucket) - start(bucket) <= k : "bucket " + bucket + " is too full";
            for (int i = start(bucket); i < end(bucket); i++) {
                assert self.commonPrefix(contacts[i].id()) == bucket : "wrong bucket";
            }
        }
        return true;
    }
}

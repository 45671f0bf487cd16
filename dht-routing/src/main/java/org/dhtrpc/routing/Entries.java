package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RoutingTable} has: contacts and what is known of each, in flat arrays, ordered by bucket. Whom to take and
 * whom to drop is the table's business.
 *
 * <p>Invariants: buckets hold at most k entries; an id and an endpoint occur once; our own id never does.
 */
final class Entries {
    private static final int STALE = 1;

    private final Key self;
    private final int k;

    private @Nullable Contact[] contacts = new Contact[0];
    private int[] heard = new int[0];

    /** Made with the first sample: a table that was filled has none. */
    private int[] roundTrips = new int[0];

    /** Of each entry whether it is stale, in the lowest bit, and seven bits of its endpoint's hash. */
    private byte[] marks = new byte[0];

    private int size;

    /** Where each bucket starts; one more than there are buckets, which are as many as the deepest entry needs. */
    private int[] starts = {0};

    Entries(Key self, int k) {
        this.self = self;
        this.k = k;
    }

    int size() {
        return size;
    }

    int buckets() {
        return starts.length - 1;
    }

    /** Where a bucket begins. */
    int start(int bucket) {
        return bucket < starts.length ? starts[bucket] : size;
    }

    /** Where it ends, exclusively. */
    int end(int bucket) {
        return bucket + 1 < starts.length ? starts[bucket + 1] : size;
    }

    /** How many entries a bucket has. */
    int length(int bucket) {
        return end(bucket) - start(bucket);
    }

    Contact contact(int index) {
        return Objects.requireNonNull(contacts[index], "no entry");
    }

    boolean stale(int index) {
        return (marks[index] & STALE) != 0;
    }

    void stale(int index, boolean isStale) {
        marks[index] = (byte) (isStale ? marks[index] | STALE : marks[index] & ~STALE);
    }

    /** How many are not stale, from one place up to another, exclusively. */
    int live(int from, int to) {
        int live = 0;
        for (int i = from; i < to; i++) {
            live += stale(i) ? 0 : 1;
        }
        return live;
    }

    /** When it was last heard of, in the table's ticks. */
    int heard(int index) {
        return heard[index];
    }

    void heard(int index, int tick) {
        heard[index] = tick;
    }

    /** The smoothed round-trip time in microseconds; 0 if there was no sample. */
    int roundTrip(int index) {
        return roundTrips.length == 0 ? 0 : roundTrips[index];
    }

    void roundTrip(int index, int micros) {
        if (roundTrips.length == 0) {
            roundTrips = new int[contacts.length];
        }
        roundTrips[index] = micros;
    }

    /** The entry with this id; -1 if there is none. */
    int find(Key id) {
        int bucket = self.commonPrefix(id);
        for (int i = start(bucket); i < end(bucket); i++) {
            if (contact(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** The entry with this endpoint; -1 if there is none. */
    int find(Endpoint endpoint) {
        byte mark = mark(endpoint);
        for (int i = 0; i < size; i++) {
            // All entries are passed for every reply of a stranger, and nearly none need be looked at.
            if ((marks[i] & ~STALE) == mark && contact(i).endpoint().equals(endpoint)) {
                return i;
            }
        }
        return -1;
    }

    private static byte mark(Endpoint endpoint) {
        int hash = endpoint.hashCode();
        return (byte) ((hash ^ hash >>> 16) << 1);
    }

    /** Makes room for so many in all. */
    void reserve(int capacity) {
        if (capacity > contacts.length) {
            resize(capacity);
        }
    }

    /** Gives up the room that is free. */
    void trim() {
        if (size < contacts.length) {
            resize(size);
        }
    }

    /** Inserts a live contact into its bucket, which has room, and returns its place. */
    int insert(Contact contact) {
        int bucket = self.commonPrefix(contact.id());
        assert length(bucket) < k : "bucket " + bucket + " is full";
        assert !contact.id().equals(self) : "our own id: " + contact;
        assert find(contact.id()) < 0 : "an id twice: " + contact;
        int index = end(bucket);
        if (size == contacts.length) {
            resize(size + Math.max(8, size / 4));
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
        marks[index] = mark(contact.endpoint());
        if (roundTrips.length > 0) {
            roundTrips[index] = 0;
        }
        assert index >= start(bucket) && index + 1 == end(bucket) : "not in its bucket: " + contact;
        return index;
    }

    /** Removes an entry and returns its contact. */
    Contact remove(int index) {
        Contact contact = contact(index);
        move(index + 1, index, size - index - 1);
        contacts[--size] = null;
        for (int i = self.commonPrefix(contact.id()) + 1; i < starts.length; i++) {
            starts[i]--;
        }
        return contact;
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
        return nearest.isEmpty() ? List.of() : nearest;
    }

    private void collect(int bucket, Key target, int count, @Nullable Endpoint except, List<Contact> nearest) {
        int first = nearest.size();
        for (int i = start(bucket); i < end(bucket); i++) {
            Contact contact = contact(i);
            int place = nearest.size();
            boolean tooFar = place == count && !nearer(target, contact, nearest.get(count - 1));
            if (tooFar || stale(i) || contact.endpoint().equals(except)) {
                continue;
            }
            if (place == count) {
                nearest.remove(--place);
            }
            while (place > first && nearer(target, contact, nearest.get(place - 1))) {
                place--;
            }
            nearest.add(place, contact);
        }
    }

    private static boolean nearer(Key target, Contact one, Contact other) {
        return target.compareDistance(one.id(), other.id()) < 0;
    }

    private void resize(int capacity) {
        contacts = Arrays.copyOf(contacts, capacity);
        heard = Arrays.copyOf(heard, capacity);
        marks = Arrays.copyOf(marks, capacity);
        if (roundTrips.length > 0) {
            roundTrips = Arrays.copyOf(roundTrips, capacity);
        }
    }

    private void move(int from, int to, int length) {
        System.arraycopy(contacts, from, contacts, to, length);
        System.arraycopy(heard, from, heard, to, length);
        System.arraycopy(marks, from, marks, to, length);
        if (roundTrips.length > 0) {
            System.arraycopy(roundTrips, from, roundTrips, to, length);
        }
    }

    /** Whether all of the invariants hold, not only what a change can break by itself; tests ask. */
    boolean consistent() {
        boolean consistent = starts[0] == 0 && starts[buckets()] == size;
        Set<Key> ids = new HashSet<>();
        Set<Endpoint> endpoints = new HashSet<>();
        for (int bucket = 0; bucket < buckets(); bucket++) {
            consistent &= length(bucket) >= 0 && length(bucket) <= k;
            for (int i = start(bucket); i < end(bucket); i++) {
                Contact contact = contact(i);
                consistent &= self.commonPrefix(contact.id()) == bucket
                        && !contact.id().equals(self)
                        && ids.add(contact.id())
                        && endpoints.add(contact.endpoint());
            }
        }
        return consistent;
    }
}

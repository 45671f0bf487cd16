package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;

/**
 * What {@link SimulatedHost#contacts} gives a node to begin with, so that a network of any size is there at once: k
 * contacts for every bucket, or all that exist where there are fewer, picked by chance from all ids.
 *
 * <p>Tables of a network that has lived are not so perfect. {@link #stale} leaves contacts in them that are long gone, and
 * {@link #bias} prefers the old. The time that a real table takes to form is what real joins are for.
 *
 * @param k contacts per bucket, as the nodes themselves have it
 * @param stale the share of all contacts that are gone: nobody answers there; 0 to less than 1
 * @param bias how often, 0 to 1, of two contacts that would do the older is taken, that is the one whose host was made
 *     first; else chance decides
 */
public record WarmStart(int k, double stale, double bias) {
    /** 20 contacts per bucket, all of them alive, picked by chance alone. */
    public static final WarmStart EXACT = new WarmStart(20, 0, 0);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public WarmStart {
        if (k < 1 || k > 20) {
            throw new IllegalArgumentException("A bucket has 1 to 20 contacts, not " + k);
        }
        if (!(stale >= 0 && stale <= 0.9)) {
            throw new IllegalArgumentException("The share of stale contacts is 0 to 0.9, not " + stale);
        }
        if (!(bias >= 0 && bias <= 1)) {
            throw new IllegalArgumentException("A bias is 0 to 1, not " + bias);
        }
    }

    /** The same with another number of contacts per bucket, 1 to 20. */
    public WarmStart k(int contacts) {
        return new WarmStart(contacts, stale, bias);
    }

    /** The same with this share of stale contacts, 0 to 0.9. */
    public WarmStart stale(double share) {
        return new WarmStart(k, share, bias);
    }

    /** The same with this bias towards old contacts, 0 to 1. */
    public WarmStart bias(double share) {
        return new WarmStart(k, stale, share);
    }

    /** How many must have left before, so that the stale are that share of all. */
    int departed(int alive) {
        return (int) Math.round(alive * stale / (1 - stale));
    }

    /** A table for the node with this id, bucket by bucket, the farthest first. */
    List<Contact> table(SortedContacts all, Key self, RandomGenerator random) {
        List<Contact> table = new ArrayList<>();
        int from = 0;
        int to = all.size();
        for (int bit = 0; bit < Key.BITS && to - from > 1; bit++) {
            int middle = all.split(from, to, bit);
            if (self.bit(bit)) {
                pick(all, from, middle, random, table);
                from = middle;
            } else {
                pick(all, middle, to, random, table);
                to = middle;
            }
        }
        // Who is left is the node itself, unless it is not among them.
        if (to - from == 1 && !all.get(from).id().equals(self)) {
            table.add(all.get(from));
        }
        return table;
    }

    private void pick(SortedContacts all, int from, int to, RandomGenerator random, List<Contact> table) {
        if (to - from <= k) {
            for (int i = from; i < to; i++) {
                table.add(all.get(i));
            }
            return;
        }
        int[] picked = new int[k];
        for (int count = 0; count < k; ) {
            int candidate = pickOne(all, from, to, random);
            picked[count] = candidate;
            int same = 0;
            while (picked[same] != candidate) {
                same++;
            }
            if (same == count) {
                table.add(all.get(candidate));
                count++;
            }
        }
    }

    private int pickOne(SortedContacts all, int from, int to, RandomGenerator random) {
        int one = random.nextInt(from, to);
        if (bias == 0 || random.nextDouble() >= bias) {
            return one;
        }
        int other = random.nextInt(from, to);
        return age(all.get(other)) < age(all.get(one)) ? other : one;
    }

    /** Hosts are numbered in the order in which they were made. */
    private static long age(Contact contact) {
        return AddressPlan.anyNumber(contact.endpoint());
    }
}

package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;

/** Contacts in the order of their ids, in which those that share a prefix stand together: a binary trie, folded flat. */
final class SortedContacts {
    private final Contact[] contacts;

    SortedContacts(Collection<Contact> contacts) {
        this.contacts = contacts.toArray(new Contact[0]);
        Arrays.sort(this.contacts, Comparator.comparing(Contact::id));
    }

    int size() {
        return contacts.length;
    }

    Contact get(int index) {
        return contacts[index];
    }

    /**
     * Where the ids whose next bit is one begin.
     *
     * @param from the first of a run of ids that agree in all bits before this one
     * @param to the end of that run, exclusively
     */
    int split(int from, int to, int bit) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (contacts[middle].id().bit(bit)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Those nearest to a target by XOR, nearest first: exact. */
    List<Contact> nearest(Key target, int count) {
        List<Contact> nearest = new ArrayList<>(Math.min(count, size()));
        collect(target, count, 0, size(), 0, nearest);
        return nearest;
    }

    /** All who agree with the target in the next bit are nearer to it than all who do not. */
    private void collect(Key target, int count, int from, int to, int bit, List<Contact> nearest) {
        int wanted = count - nearest.size();
        if (to - from <= wanted || bit == Key.BITS) {
            List<Contact> run = new ArrayList<>(Arrays.asList(contacts).subList(from, to));
            run.sort((left, right) -> target.compareDistance(left.id(), right.id()));
            nearest.addAll(run.subList(0, Math.min(wanted, run.size())));
            return;
        }
        int middle = split(from, to, bit);
        boolean one = target.bit(bit);
        collect(target, count, one ? middle : from, one ? to : middle, bit + 1, nearest);
        if (nearest.size() < count) {
            collect(target, count, one ? from : middle, one ? middle : to, bit + 1, nearest);
        }
    }
}

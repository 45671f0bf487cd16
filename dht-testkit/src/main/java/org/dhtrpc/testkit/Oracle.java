package org.dhtrpc.testkit;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;

/**
 * Knows the truth that the nodes of a network try to find out: who there is, and who is nearest to what. A picture of one
 * moment; immutable. {@link SimulatedNetwork#oracle} takes one.
 */
public final class Oracle {
    private final SortedContacts contacts;

    /** An oracle that takes these for all there are. */
    public Oracle(Collection<Contact> contacts) {
        this.contacts = new SortedContacts(contacts);
    }

    /** An oracle that takes these nodes for all there are, but for those that are ephemeral: they are never listed. */
    public static Oracle of(Collection<? extends Dht> nodes) {
        return new Oracle(nodes.stream()
                .filter(node -> !node.ephemeral())
                .map(node -> new Contact(node.id(), node.localAddress()))
                .toList());
    }

    /** How many there are. */
    public int size() {
        return contacts.size();
    }

    /**
     * The nodes nearest to a target, nearest first; fewer than {@code count} if there are fewer. Takes time in proportion
     * to the count and to the logarithm of the size.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public List<Contact> nearest(Key target, int count) {
        requireCount(count);
        return contacts.nearest(target, count);
    }

    private static void requireCount(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("A number of nodes is 0 or more, not " + count);
        }
    }

    /**
     * The nodes nearest to a target as a searcher sees it, who never counts itself.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public List<Contact> nearest(Key target, int count, Key searcher) {
        requireCount(count);
        // One more, since the searcher may be among them; and no more than there are, lest it overflows.
        return contacts.nearest(target, Math.min(count, size()) + 1).stream()
                .filter(contact -> !contact.id().equals(searcher))
                .limit(count)
                .toList();
    }

    /** Which share of the true ones is among those found, 0 to 1; 1 if there are no true ones. */
    public static double recall(Collection<Contact> truth, Collection<Contact> found) {
        Set<Contact> all = new HashSet<>(found);
        return truth.isEmpty()
                ? 1
                : (double) truth.stream().filter(all::contains).count() / truth.size();
    }
}

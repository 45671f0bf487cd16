package org.dhtrpc.routing;

import java.util.List;
import java.util.function.IntFunction;
import org.dhtrpc.Contact;

/**
 * Contacts of ours that a search goes on with where so many are gone that fewer than k have answered: those behind the k that
 * it began with, twice as many each time. Others are no help then: they name the k nearest that they know, and have not noticed
 * either who of them is gone.
 */
final class Reserve {
    private final IntFunction<List<Contact>> nearest;
    private int taken;
    private boolean exhausted;

    /**
     * @param nearest so many of our contacts, the nearest
     * @param begun with how many the search has begun
     */
    Reserve(IntFunction<List<Contact>> nearest, int begun) {
        this.nearest = nearest;
        this.taken = begun;
    }

    /** Adds more of them; whether one of these is new. */
    boolean addTo(Candidates candidates) {
        int before = candidates.size();
        while (!exhausted && candidates.size() == before) {
            taken *= 2;
            List<Contact> contacts = nearest.apply(taken);
            exhausted = contacts.size() < taken;
            for (Contact contact : contacts) {
                // Somebody may have answered at another address than it was named by.
                if (!candidates.has(contact.id())) {
                    candidates.learn(contact, null, 1);
                }
            }
        }
        return candidates.size() > before;
    }
}

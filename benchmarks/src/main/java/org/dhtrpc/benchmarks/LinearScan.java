package org.dhtrpc.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.routing.ContactTable;

/** The plain way: all contacts in an array, each compared with the nearest so far. */
final class LinearScan implements ContactTable {
    private final List<Contact> contacts = new ArrayList<>();

    @Override
    public void add(Contact contact) {
        contacts.add(contact);
    }

    @Override
    public List<Contact> closest(Key target) {
        Contact[] nearest = new Contact[K];
        int found = 0;
        for (Contact contact : contacts) {
            if (found < K) {
                found++;
            } else if (target.compareDistance(contact.id(), nearest[K - 1].id()) >= 0) {
                continue;
            }
            int place = found - 1;
            while (place > 0 && target.compareDistance(contact.id(), nearest[place - 1].id()) < 0) {
                nearest[place] = nearest[place - 1];
                place--;
            }
            nearest[place] = contact;
        }
        return Arrays.asList(nearest).subList(0, found);
    }

    @Override
    public List<Contact> held() {
        return contacts;
    }
}

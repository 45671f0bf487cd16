package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** Everybody who is in the network, and those who have been: what tables are filled from. */
final class Population {
    private final Kernel kernel;
    private final WarmStart warmStart;
    private final List<Contact> members = new ArrayList<>();
    private int departed;
    private @Nullable SortedContacts sorted;

    Population(Kernel kernel, WarmStart warmStart) {
        this.kernel = kernel;
        this.warmStart = warmStart;
    }

    void join(Contact contact) {
        members.add(contact);
        sorted = null;
    }

    /** With so many more alive, so many more have left before. Their addresses are counted from the end. */
    void depart(int alive) {
        for (int i = warmStart.departed(alive); i > 0; i--) {
            int number = SimulatedNetwork.MAX_HOSTS - departed++;
            Key id = Key.random(new RandomStream(kernel.label("id").add(number).value()));
            join(new Contact(id, SimulatedHost.address(number)));
        }
    }

    /** How many there are, those who have left included. */
    int size() {
        return members.size();
    }

    List<Contact> table(Key self, int number) {
        SortedContacts all = sorted;
        if (all == null) {
            all = new SortedContacts(members);
            sorted = all;
        }
        return warmStart.table(
                all, self, new RandomStream(kernel.label("contacts").add(number).value()));
    }
}

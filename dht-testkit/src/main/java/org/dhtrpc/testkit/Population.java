package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** Everybody who is in the network, and those who have been: what tables are filled from. */
final class Population {
    private final Medium medium;
    private final WarmStart warmStart;
    private final List<Contact> departed = new ArrayList<>();
    private @Nullable SortedContacts sorted;

    Population(Medium medium, WarmStart warmStart) {
        this.medium = medium;
        this.warmStart = warmStart;
    }

    /** With so many more alive, so many more have left before. Their addresses are counted from the end. */
    void depart(int alive) {
        long all = (long) size() + warmStart.departed(alive);
        if (all > SimulatedNetwork.MAX_HOSTS) {
            throw new IllegalStateException("A network has at most " + SimulatedNetwork.MAX_HOSTS
                    + " hosts, the departed included, not " + all);
        }
        for (int i = warmStart.departed(alive); i > 0; i--) {
            int number = SimulatedNetwork.MAX_HOSTS - departed.size();
            Key id = Key.random(stream("id", number));
            departed.add(new Contact(id, SimulatedHost.address(number)));
        }
        changed();
    }

    /** There are others now, or others than before. */
    void changed() {
        sorted = null;
    }

    /** How many there are, those who have left included. */
    int size() {
        return medium.hosts() + departed.size();
    }

    List<Contact> table(Key self, int number) {
        SortedContacts all = sorted;
        if (all == null) {
            List<Contact> everybody = new ArrayList<>(departed);
            medium.hosts(1).forEach(host -> everybody.add(host.contact()));
            all = new SortedContacts(everybody);
            sorted = all;
        }
        return warmStart.table(all, self, stream("contacts", number));
    }

    private RandomGenerator stream(String purpose, int number) {
        return new RandomStream(medium.kernel().label(purpose).add(number).value());
    }
}

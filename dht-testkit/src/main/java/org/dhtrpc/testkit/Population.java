package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.message.Reply;
import org.jspecify.annotations.Nullable;

/** Everybody who is in the network, and those who have been: what tables are filled from, but for those behind NATs. */
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
        requireRoom(warmStart.departed(alive));
        for (int i = warmStart.departed(alive); i > 0; i--) {
            int number = SimulatedNetwork.MAX_HOSTS - departed.size();
            Key id = Key.random(stream("id", number));
            departed.add(new Contact(id, medium.plan().address(number)));
        }
        changed();
    }

    /**
     * Checks that there are addresses for so many more. The departed are counted from the end, and NATs from the middle.
     *
     * @throws IllegalStateException if there are not
     */
    void requireRoom(int more) {
        int nats = medium.nats().addresses();
        int most = (nats == 0 ? SimulatedNetwork.MAX_HOSTS : Nats.FIRST - 1) - nats;
        if ((long) size() + more > most) {
            throw new IllegalStateException("A network has at most " + most + " hosts, the departed included"
                    + (nats == 0 ? "" : ", beside the " + nats + " addresses of NATs") + ", not "
                    + ((long) size() + more));
        }
    }

    /** There are others now, or others than before. */
    void changed() {
        sorted = null;
    }

    /** How many there are, those who have left included. */
    int size() {
        return medium.hosts() + departed.size();
    }

    /** The nodes that listen on chosen hosts, in the order of these. */
    List<Dht> nodes(Predicate<SimulatedHost> chosen) {
        List<Dht> nodes = new ArrayList<>();
        for (SimulatedHost host : medium.hosts(1)) {
            if (host.node != null && host.live() && chosen.test(host)) {
                nodes.add(host.node);
            }
        }
        return nodes;
    }

    List<Contact> table(Key self, int number) {
        SortedContacts all = sorted;
        if (all == null) {
            List<Contact> everybody = new ArrayList<>(departed);
            for (SimulatedHost host : medium.hosts(1)) {
                if (host.nat() == null) {
                    everybody.add(host.contact());
                }
            }
            all = new SortedContacts(everybody);
            sorted = all;
        }
        return warmStart.table(all, self, stream("contacts", number));
    }

    /**
     * The same reply with the contacts that the hosts themselves have: each was read from bytes, and a network in which
     * every table keeps its own copy of everybody takes four times the memory.
     */
    Reply shared(Reply reply) {
        List<Contact> contacts = reply.contacts();
        if (contacts == null || contacts.isEmpty()) {
            return reply;
        }
        Contact[] shared = new Contact[contacts.size()];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = shared(contacts.get(i));
        }
        return reply.withContacts(List.of(shared));
    }

    private Contact shared(Contact contact) {
        SimulatedHost host = medium.host(medium.plan().number(contact.endpoint()));
        return host != null && host.contact().equals(contact) ? host.contact() : contact;
    }

    private RandomGenerator stream(String purpose, int number) {
        return new RandomStream(medium.kernel().label(purpose).add(number).value());
    }
}

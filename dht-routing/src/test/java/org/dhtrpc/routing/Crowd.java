package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** Everybody whom a fuzzed machine can hear of: few enough to meet again, with addresses and ids of every kind. */
final class Crowd {
    static final int SIZE = 48;

    private static final List<Contact> EVERYBODY = new ArrayList<>();
    private static final List<Endpoint> ODD = List.of(
            Bench.HERE,
            Endpoint.parse("0.0.0.0:7"),
            Endpoint.parse("10.0.0.1:0"),
            Endpoint.parse("[2001:db8::1]:4000"),
            Endpoint.parse("[2001:db8::1]:4001"),
            Endpoint.parse("[::1]:4000"));

    static {
        for (int i = 0; i < SIZE; i++) {
            byte[] address = {10, (byte) (i % 3), 0, (byte) (1 + i % 16)};
            // A third are neighbours of ours; the others crowd in the first buckets.
            Key id = i % 3 == 0 ? Peer.key(Bench.ID, 1 + i) : Key.hashOf(Peer.token(i));
            EVERYBODY.add(new Contact(id, Endpoint.of(address, 4_000 + i)));
        }
    }

    private Crowd() {}

    static Contact member(Choices choices) {
        return EVERYBODY.get(choices.below(SIZE));
    }

    /** The first of them. */
    static List<Contact> first(int count) {
        return EVERYBODY.subList(0, count);
    }

    /** Somebody's address, seldom one where nobody can be. */
    static Endpoint endpoint(Choices choices) {
        int choice = choices.any();
        return choice < SIZE + ODD.size() && choice >= SIZE
                ? ODD.get(choice - SIZE)
                : EVERYBODY.get(choice % SIZE).endpoint();
    }

    static Key key(Choices choices) {
        int choice = choices.any();
        return switch (choice) {
            case 255 -> Bench.ID;
            case 254 -> Key.ZERO;
            default ->
                choice < 3 * SIZE
                        ? EVERYBODY.get(choice % SIZE).id()
                        : Peer.key(Bench.ID, 100 * choices.any() + choice);
        };
    }

    /** The id of whoever is at this address. */
    static @Nullable Key idAt(Endpoint endpoint) {
        for (Contact contact : EVERYBODY) {
            if (contact.endpoint().equals(endpoint)) {
                return contact.id();
            }
        }
        return null;
    }

    static List<Contact> nearest(Key target, int count) {
        return EVERYBODY.stream()
                .sorted((left, right) -> target.compareDistance(left.id(), right.id()))
                .limit(count)
                .toList();
    }

    /** Contacts that nobody vouches for. */
    static List<Contact> rumours(Choices choices) {
        List<Contact> rumours = new ArrayList<>();
        for (int i = choices.below(40); i > 0; i--) {
            rumours.add(new Contact(key(choices), endpoint(choices)));
        }
        return rumours;
    }

    /** The token that somebody gives us. */
    static Bytes token(Endpoint giver) {
        return Peer.token(giver.port());
    }
}

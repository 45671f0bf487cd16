package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * Everybody whom a fuzzed machine can hear of: few enough to meet again, with addresses and ids of every kind. Either all
 * have private addresses, or three of four have public ones, in three subnets.
 */
final class Crowd {
    static final int SIZE = 48;

    private static final List<Endpoint> ODD = List.of(
            Bench.HERE,
            Endpoint.parse("0.0.0.0:7"),
            Endpoint.parse("10.0.0.1:0"),
            Endpoint.parse("[2001:db8::1]:4000"),
            Endpoint.parse("[2001:db8::1]:4001"),
            Endpoint.parse("[::1]:4000"),
            Endpoint.parse("224.0.0.1:4000"),
            Endpoint.parse("127.0.0.1:4000"));

    private static final Crowd NEARBY = new Crowd(false, false);
    private static final Crowd EVERYWHERE = new Crowd(true, false);
    private static final Crowd BOUND_NEARBY = new Crowd(false, true);
    private static final Crowd BOUND_EVERYWHERE = new Crowd(true, true);

    private final List<Contact> everybody = new ArrayList<>();

    /**
     * Everybody.
     *
     * @param everywhere whether most have public addresses
     * @param bound whether their ids follow from those
     */
    static Crowd of(boolean everywhere, boolean bound) {
        return everywhere ? bound ? BOUND_EVERYWHERE : EVERYWHERE : bound ? BOUND_NEARBY : NEARBY;
    }

    private Crowd(boolean everywhere, boolean bound) {
        for (int i = 0; i < SIZE; i++) {
            byte subnet = (byte) (i % 3);
            byte host = (byte) (1 + i % 16);
            byte[] address = everywhere && i % 4 != 0
                    ? new byte[] {(byte) 198, 51, (byte) (100 + subnet), host}
                    : new byte[] {10, subnet, 0, host};
            // A third are neighbours of ours; the others crowd in the first buckets.
            Key id = i % 3 == 0 ? Peer.key(Bench.ID, 1 + i) : Key.hashOf(Peer.token(i));
            Endpoint endpoint = Endpoint.of(address, 4_000 + i);
            everybody.add(new Contact(bound ? Setup.boundId(endpoint) : id, endpoint));
        }
    }

    Contact member(Choices choices) {
        return everybody.get(choices.below(SIZE));
    }

    /** The first of them. */
    List<Contact> first(int count) {
        return everybody.subList(0, count);
    }

    /** Somebody's address, seldom one where nobody can be. */
    Endpoint endpoint(Choices choices) {
        int choice = choices.any();
        return choice < SIZE + ODD.size() && choice >= SIZE
                ? ODD.get(choice - SIZE)
                : everybody.get(choice % SIZE).endpoint();
    }

    Key key(Choices choices) {
        int choice = choices.any();
        return switch (choice) {
            case 255 -> Bench.ID;
            case 254 -> Key.ZERO;
            default ->
                choice < 3 * SIZE
                        ? everybody.get(choice % SIZE).id()
                        : Peer.key(Bench.ID, 100 * choices.any() + choice);
        };
    }

    /** The id of whoever is at this address. */
    @Nullable
    Key idAt(Endpoint endpoint) {
        for (Contact contact : everybody) {
            if (contact.endpoint().equals(endpoint)) {
                return contact.id();
            }
        }
        return null;
    }

    List<Contact> nearest(Key target, int count) {
        return everybody.stream()
                .sorted((left, right) -> target.compareDistance(left.id(), right.id()))
                .limit(count)
                .toList();
    }

    /** Contacts that nobody vouches for. */
    List<Contact> rumours(Choices choices) {
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

package org.dhtrpc.routing;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** Somebody else, as far as the machine can tell: what is asked of it, and what it answers. */
final class Peer {
    final Endpoint endpoint;
    final List<Request> asked = new ArrayList<>();
    List<Contact> names = new ArrayList<>();

    /** Of these it names the 20 nearest to what is asked for. */
    List<Contact> knows = List.of();

    Key id;
    Bytes token;
    boolean listed = true;
    boolean dead;

    /** So many datagrams to it get lost before one arrives. */
    int deaf;

    int error = ErrorCode.NONE;
    int commitError = ErrorCode.NONE;

    @Nullable
    Bytes value;

    Duration latency = Duration.ofMillis(10);

    /** Where it sees our main socket. */
    @Nullable
    Endpoint sees = Bench.HERE;

    /** Whether it answers a ping_nat to where that came from, as one that does not know better. */
    boolean ignoresPort;

    /** Whether its answers to a ping_nat get lost. */
    boolean unheard;

    Peer(Key id, Endpoint endpoint) {
        this.id = id;
        this.endpoint = endpoint;
        this.token = token(endpoint.port());
    }

    /** The number-th peer: an address of its own, and an id at this distance from a target. */
    static Peer at(Key target, int distance) {
        return new Peer(key(target, distance), endpoint(distance));
    }

    /** The number-th peer where ids follow from addresses. */
    static Peer bound(int number) {
        return new Peer(Setup.boundId(endpoint(number)), endpoint(number));
    }

    static Key key(Key target, int distance) {
        ByteBuffer bytes = ByteBuffer.wrap(target.toByteArray());
        bytes.putInt(28, bytes.getInt(28) ^ distance);
        return Key.of(bytes.array());
    }

    static Endpoint endpoint(int number) {
        return Endpoint.of(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number}, 4_000);
    }

    static Bytes token(long number) {
        return Bytes.copyOf(ByteBuffer.allocate(8).putLong(number).flip());
    }

    Contact contact() {
        return new Contact(id, endpoint);
    }

    Peer naming(Peer... others) {
        for (Peer other : others) {
            names.add(other.contact());
        }
        return this;
    }

    private List<Contact> named(Key target) {
        List<Contact> named = new ArrayList<>(names);
        knows.stream()
                .filter(contact -> !contact.endpoint().equals(endpoint))
                .sorted((left, right) -> target.compareDistance(left.id(), right.id()))
                .limit(20)
                .forEach(named::add);
        return named;
    }

    Reply reply(Request request) {
        return reply(request, sees);
    }

    Reply reply(Request request, @Nullable Endpoint to) {
        return new Reply(
                request.transaction(),
                listed ? id : null,
                to,
                request.target() == null ? null : named(request.target()),
                token,
                request.commit() ? commitError : error,
                value);
    }
}

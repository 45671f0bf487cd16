package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The NATs of a network, and the ways through them. Hosts and NATs are known by numbers here; those with public addresses
 * have theirs there. Where a way leads through a NAT is decided when the datagram is there: on its way out when it is sent,
 * on its way in when it has come.
 */
final class Nats {
    /** The first number of a NAT, and address: 10.128.0.0. Those before are the hosts'. */
    static final int FIRST = 1 << 23;

    /** How long a datagram takes in a LAN: little, but not nothing, so that time goes on in a conversation there. */
    private static final long LAN_NANOS = 100_000;

    private final Medium medium;

    /** By number, less {@link #FIRST}; one that has moved is here under each of its addresses. */
    private final List<Nat> nats = new ArrayList<>();

    Nats(Medium medium) {
        this.medium = medium;
    }

    /** The way of a datagram that has left its host: where it seems to come from, and the NAT whose LAN it stays in. */
    record Exit(Endpoint source, @Nullable Nat inside) {}

    Nat add(NatType type, @Nullable Nat outer) {
        medium.requireRoom();
        Nat nat = new Nat(this, type, outer, FIRST + nats.size());
        nats.add(nat);
        return nat;
    }

    /** The number of another address of a NAT. */
    int another(Nat nat) {
        medium.requireRoom();
        nats.add(nat);
        return FIRST + nats.size() - 1;
    }

    /** How many numbers are taken. */
    int addresses() {
        return nats.size();
    }

    Nat own(Nat nat) {
        if (nat.nats() != this) {
            throw new IllegalArgumentException(nat + " is of another network");
        }
        return nat;
    }

    AddressPlan plan() {
        return medium.plan();
    }

    void checkThread() {
        medium.kernel().checkThread();
    }

    long nanoTime() {
        return medium.kernel().nanoTime();
    }

    RandomStream stream(int number, int reboots) {
        return new RandomStream(
                medium.kernel().label("nat").add(number).add(reboots).value());
    }

    private @Nullable Nat nat(int number) {
        return number >= FIRST && number - FIRST < nats.size() ? nats.get(number - FIRST) : null;
    }

    /** Who is at an address in a LAN, or in public if that is null: a number, 0 for nobody. */
    private int at(@Nullable Lan lan, Endpoint address) {
        int number = lan == null ? medium.plan().number(address) : lan.number(address);
        Nat nat = nat(number);
        if (nat != null) {
            // It may have been there, and moved.
            return nat.isAt(address) ? nat.number() : 0;
        }
        SimulatedHost host = medium.host(number);
        // One behind a NAT has a number, but not the public address that goes with it.
        return host != null && host.endpoint().lowBits() == address.lowBits() ? number : 0;
    }

    /** The LAN that those directly behind a NAT are in; null if they have public addresses. */
    static @Nullable Lan lan(@Nullable Nat front) {
        Nat nat = front;
        while (nat != null && nat.lan() == null) {
            nat = nat.outer();
        }
        return nat == null ? null : nat.lan();
    }

    /** The NAT directly before somebody; null if there is none. */
    private @Nullable Nat front(int number) {
        Nat nat = nat(number);
        if (nat != null) {
            return nat.outer();
        }
        SimulatedHost host = medium.host(number);
        return host == null ? null : host.nat();
    }

    private boolean behind(int number, Nat nat) {
        Nat front = front(number);
        while (front != null && front != nat && front.lan() == null) {
            front = front.outer();
        }
        return front == nat;
    }

    /** Lets a datagram out through the NATs before its host, as far as it goes; null if one of them does not let it. */
    @Nullable
    Exit leave(SimulatedHost host, Endpoint from, Endpoint to) {
        Endpoint source = from;
        for (Nat nat = host.nat(); nat != null; nat = nat.outer()) {
            Lan lan = nat.lan();
            boolean stays = lan == null ? behind(at(lan(nat), to), nat) : lan.contains(to);
            if (stays) {
                return new Exit(source, nat);
            }
            boolean hairpin = nat.isAt(to);
            Endpoint external = hairpin && !nat.type().hairpin() ? null : nat.out(source, to);
            if (external == null) {
                return null;
            }
            source = external;
            if (hairpin) {
                return new Exit(source, nat);
            }
        }
        return new Exit(source, null);
    }

    /** Sends a datagram on its way within the LAN of a NAT, or back into it. */
    void inside(Nat nat, Flight flight) {
        medium.kernel().post(medium.kernel().after(LAN_NANOS), () -> {
            Flight arrived = nat.isAt(flight.to) ? through(nat, flight, flight.to) : enter(nat, flight, flight.to);
            if (arrived != null) {
                medium.land(arrived);
            }
        });
    }

    /**
     * Lets a datagram in that has come to a public address; null if a NAT does not, or nobody is there. Without NATs all
     * datagrams go on.
     */
    @Nullable
    Flight arrive(Flight flight) {
        return nats.isEmpty() ? flight : enter(null, flight, flight.to);
    }

    /** @param within the NAT that the datagram is behind already; null if it comes from the public network */
    private @Nullable Flight enter(@Nullable Nat within, Flight flight, Endpoint to) {
        int number = at(lan(within), to);
        if (number == 0) {
            medium.count(Fate.UNREACHABLE);
            return null;
        }
        if (!passes(front(number), within, flight.from, to)) {
            medium.count(Fate.FILTERED);
            return null;
        }
        Nat nat = nat(number);
        if (nat != null) {
            return through(nat, flight, to);
        }
        SimulatedHost host = medium.host(number);
        return host == null || (within == null && host.nat() == null) ? flight : flight.translated(to, host);
    }

    private @Nullable Flight through(Nat nat, Flight flight, Endpoint to) {
        Endpoint inner = nat.in(flight.from, to);
        if (inner == null) {
            medium.count(Fate.FILTERED);
            return null;
        }
        return enter(nat, flight, inner);
    }

    /** Whether the firewalls from {@code within} on, exclusively, to {@code front} let a datagram in. */
    private static boolean passes(@Nullable Nat front, @Nullable Nat within, Endpoint from, Endpoint to) {
        return front == null
                || front == within
                || front.lan() != null
                || (passes(front.outer(), within, from, to) && front.in(from, to) != null);
    }

    /**
     * The number of the host that a datagram to a public address would come to now, or of the NAT if it leads no further.
     *
     * @param place what {@link #place(Endpoint)} says of the address; a NAT that has moved from there leads no further
     */
    int receiver(int place, Endpoint to) {
        int number = place;
        Endpoint address = to;
        for (Nat nat = nat(number); nat != null; nat = nat(number)) {
            Endpoint inner = nat.inner(address);
            int next = inner == null ? 0 : at(lan(nat), inner);
            if (inner == null || next == 0) {
                return number;
            }
            address = inner;
            number = next;
        }
        return number;
    }

    /** Whose place in the world is that of a public address: the number of a host or a NAT, or what it would be. */
    int place(Endpoint to) {
        int number = nats.isEmpty() ? 0 : at(null, to);
        return number == 0 ? medium.plan().number(to) : number;
    }

    /** Whose place in the world is a host's: the last NAT's, or its own. */
    static int place(SimulatedHost host) {
        int place = host.number();
        for (Nat nat = host.nat(); nat != null; nat = nat.outer()) {
            place = nat.lan() == null ? place : nat.number();
        }
        return place;
    }
}

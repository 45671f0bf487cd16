package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.NatType.Filtering;
import org.dhtrpc.testkit.NatType.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * A NAT, or a firewall: what lies between some hosts and the {@link SimulatedNetwork}, or between them and another NAT.
 * {@link SimulatedNetwork#host(Nat)} puts hosts behind it. What it does to datagrams its {@link NatType} says.
 *
 * <p>It costs datagrams no time. Those behind it are a tenth of a millisecond apart and reach each other directly, without
 * mishaps; partitions and holds apply there too. What it does not let pass counts as {@linkplain Traffic#filtered
 * filtered}.
 *
 * <p>For the thread that runs the simulation, as all of the network.
 */
public final class Nat {
    private final Nats nats;
    private final NatType type;
    private final @Nullable Nat outer;
    private final int number;

    /** Null if it does not translate: those behind it have addresses of the network outside. */
    private final @Nullable Lan lan;

    /** Its public address, or that in the LAN of another, with port 0; null if it has none. */
    private @Nullable Endpoint address;

    private final List<SimulatedHost> hosts = new ArrayList<>();

    /** Null as long as it knows nothing. */
    private @Nullable NatTable table;

    private int reboots;

    Nat(Nats nats, NatType type, @Nullable Nat outer, int number) {
        this.nats = nats;
        this.type = type;
        this.outer = outer;
        this.number = number;
        if (type.mapping() == Mapping.NONE) {
            lan = null;
        } else {
            address = portless(outer == null ? nats.plan().address(number) : outer.admit(number));
            lan = lan(type.lan(), number, address);
        }
    }

    private static Lan lan(@Nullable String network, int number, Endpoint outside) {
        Lan lan = network == null ? Lan.of(number) : Lan.parse(network);
        if (!lan.contains(outside)) {
            return lan;
        }
        if (network == null) {
            return Lan.of(number + 1);
        }
        throw new IllegalArgumentException(
                "The LAN " + lan + " of a NAT cannot contain its address outside, " + outside);
    }

    private static Endpoint portless(Endpoint endpoint) {
        return Endpoint.of(endpoint.address(), 0);
    }

    /** What it does to datagrams. */
    public NatType type() {
        return type;
    }

    /**
     * The address by which those outside know the hosts behind it, with port 0: 10.128.0.0 and so on, or one in the LAN of
     * the NAT that it is behind.
     *
     * @throws IllegalStateException if it does not translate, and so has none
     */
    public Endpoint address() {
        if (address == null) {
            throw withoutAddress();
        }
        return address;
    }

    private static IllegalStateException withoutAddress() {
        return new IllegalStateException("What does not translate has no address of its own");
    }

    /** Whether it gives hosts addresses of its own; a firewall does not. */
    public boolean translates() {
        return lan != null;
    }

    /** All hosts behind it, those behind inner NATs included, in the order in which they were made. */
    public List<SimulatedHost> hosts() {
        return List.copyOf(hosts);
    }

    /** How many sessions it remembers now. */
    public int sessions() {
        nats.checkThread();
        return table == null ? 0 : table.sessions(nats.nanoTime());
    }

    /**
     * Makes a mapping that lasts until the {@linkplain #reboot next reboot} and is open for everyone, as port mapping
     * protocols do; what the inner endpoint sends leaves by it too. Behind two NATs, map the one's result at the other.
     *
     * @param inner an endpoint of a host or a NAT directly behind this one; of a host, where one of its transports is bound
     * @return the endpoint outside: with the same port, if that is free
     * @throws IllegalArgumentException if it is not in the LAN of this NAT, or its port is 0
     * @throws IllegalStateException if there are 4,000 such mappings
     */
    public Endpoint map(Endpoint inner) {
        nats.checkThread();
        if (inner.port() == 0 || (lan != null && !lan.contains(inner))) {
            throw new IllegalArgumentException(
                    "Not an endpoint behind " + this + (lan == null ? "" : ", in " + lan) + ": " + inner);
        }
        return table().map(inner, outside(inner), nats.nanoTime());
    }

    /** Has it forget all mappings and sessions, permanent ones too, as a loss of power does. */
    public void reboot() {
        nats.checkThread();
        reboots++;
        table = null;
    }

    /**
     * Gives it another address, which it never had, and has it forget everything, as a provider does that cuts a line each
     * night. What is sent to the old address arrives at nobody. Its place in the {@linkplain Latency world} stays.
     *
     * @throws IllegalStateException if it does not translate, or if there is no address left
     */
    public void move() {
        nats.checkThread();
        if (lan == null) {
            throw withoutAddress();
        }
        Lan around = Nats.lan(outer);
        address = portless(around == null ? nats.plan().address(nats.another(this)) : around.admit(number));
        reboot();
    }

    /** Gives somebody directly behind this one an address. */
    Endpoint admit(int member) {
        if (lan != null) {
            return lan.admit(member);
        }
        return outer == null ? nats.plan().address(member) : outer.admit(member);
    }

    /** Takes note of a host behind this one. */
    void add(SimulatedHost host) {
        hosts.add(host);
        if (outer != null) {
            outer.add(host);
        }
    }

    Nats nats() {
        return nats;
    }

    /** From {@link Nats#FIRST} on; of one that was made with a public address, the last three bytes of that. */
    int number() {
        return number;
    }

    @Nullable
    Nat outer() {
        return outer;
    }

    @Nullable
    Lan lan() {
        return lan;
    }

    /** Whether this is its address, with whatever port. */
    boolean isAt(Endpoint endpoint) {
        return address != null && address.lowBits() == endpoint.lowBits() && endpoint.isIPv4();
    }

    /** What a datagram from an inner endpoint comes from outside; null if it does not get out. */
    @Nullable
    Endpoint out(Endpoint inner, Endpoint remote) {
        return blocked() ? null : table().out(inner, remote, outside(inner), nats.nanoTime());
    }

    /** Where a datagram to an endpoint of this NAT goes inside; null if it does not get in. */
    @Nullable
    Endpoint in(Endpoint remote, Endpoint external) {
        boolean knowsNothing = table == null && !type.tracksUnknown();
        return blocked() || knowsNothing ? null : table().in(remote, external, nats.nanoTime());
    }

    /** Whom an endpoint of this NAT stands for now, whether a datagram would get in or not; null if nobody. */
    @Nullable
    Endpoint inner(Endpoint external) {
        return table == null ? null : table.inner(external);
    }

    private boolean blocked() {
        return type.filtering() == Filtering.ALL;
    }

    private Endpoint outside(Endpoint inner) {
        return address == null ? inner : address;
    }

    private NatTable table() {
        if (table == null) {
            table = new NatTable(type, nats.stream(number, reboots));
        }
        return table;
    }

    @Override
    public String toString() {
        return address == null ? "Nat[firewall]" : "Nat[" + address + "]";
    }
}

package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** What lies between the hosts: the hosts by their addresses, and the links that datagrams take from one to another. */
final class Medium {
    /** What fits in an Ethernet frame behind the headers of IPv4 and UDP. */
    static final int MAX_PAYLOAD = 1_472;

    private final Kernel kernel;
    private final AddressPlan plan;
    private final Fidelity fidelity;
    private final Links links;
    private final Faults faults;
    private final Nats nats;
    private final Population population;
    private final Luck luck;
    private final Tally tally = new Tally();
    private final Taps taps;

    private final ByteBuffer inbox = ByteBuffer.allocate(MAX_PAYLOAD);

    /** By their numbers, which begin with 1. */
    private @Nullable SimulatedHost[] hosts = new @Nullable SimulatedHost[16];

    private int lastHost;

    private boolean closed;
    private boolean deliversCorrupted;
    private @Nullable SimulatedHost encoder;
    private @Nullable Message encoded;
    private int encodedSize;

    Medium(Kernel kernel, AddressPlan plan, Fidelity fidelity, Link link, WarmStart warmStart) {
        this.kernel = kernel;
        this.plan = plan;
        this.fidelity = fidelity;
        this.links = new Links(link);
        this.faults = new Faults(this);
        this.nats = new Nats(this);
        this.population = new Population(this, warmStart);
        this.taps = new Taps(kernel);
        this.luck = new Luck(kernel);
    }

    Kernel kernel() {
        return kernel;
    }

    AddressPlan plan() {
        return plan;
    }

    Fidelity fidelity() {
        return fidelity;
    }

    Links links() {
        return links;
    }

    Faults faults() {
        return faults;
    }

    Nats nats() {
        return nats;
    }

    Population population() {
        return population;
    }

    Taps taps() {
        return taps;
    }

    /** The next host, behind a NAT unless that is null. */
    SimulatedHost addHost(@Nullable Nat nat) {
        requireRoom();
        int number = lastHost + 1;
        if (number == hosts.length) {
            hosts = Arrays.copyOf(hosts, 2 * number);
        }
        SimulatedHost host = new SimulatedHost(this, number, nat);
        hosts[number] = host;
        lastHost = number;
        if (nat != null) {
            nat.add(host);
        }
        return host;
    }

    /** Checks that there is an address left, and the network not closed. */
    void requireRoom() {
        kernel.checkThread();
        if (closed) {
            throw new IllegalStateException("The network is closed");
        }
        population.requireRoom(1);
    }

    /** How many hosts there are; their numbers are 1 to this. */
    int hosts() {
        return lastHost;
    }

    /** The host with this number; null if there is none. */
    @Nullable
    SimulatedHost host(int number) {
        return number > lastHost ? null : hosts[number];
    }

    /** The hosts from this number on. */
    @SuppressWarnings("NullAway") // all places up to the last host's are taken
    List<SimulatedHost> hosts(int first) {
        return Arrays.asList(hosts).subList(first, lastHost + 1);
    }

    void closeAll() {
        closed = true;
        hosts(1).forEach(host -> host.sockets().all().forEach(SimulatedTransport::close));
    }

    /** Remembers what a host has encoded last: it says what the next datagram is. */
    void encoded(SimulatedHost host, Message message, int size) {
        encoder = host;
        encoded = message;
        encodedSize = size;
    }

    /** What this host encoded last and did not send yet, if the datagram has its size; else null. */
    @Nullable
    Message takeEncoded(SimulatedHost host, int size) {
        Message message = encoder == host && encodedSize == size ? encoded : null;
        encoded = null;
        return message;
    }

    /** Sends a datagram on its way. */
    void send(SimulatedHost host, Endpoint from, Endpoint to, @Nullable Message message, ByteBuffer datagram) {
        int size = datagram.remaining();
        tally.sent(message);
        taps.sent(host, to, message, size);
        if (host.nat() == null) {
            sendAbroad(host, from, from, to, message, datagram);
            return;
        }
        boolean forged = from.lowBits() != host.endpoint().lowBits();
        Nats.Exit exit = forged ? null : nats.leave(host, from, to);
        if (exit == null) {
            kernel.trace().sent(kernel.nanoTime(), from, to, message, size, Fate.FILTERED);
            tally.count(Fate.FILTERED);
            datagram.position(datagram.limit());
        } else if (exit.inside() == null) {
            sendAbroad(host, from, exit.source(), to, message, datagram);
        } else {
            kernel.trace().sent(kernel.nanoTime(), from, to, message, size, Fate.UNDER_WAY);
            Object cargo = fidelity.load(datagram);
            nats.inside(exit.inside(), new Flight(host, exit.source(), to, null, size, message, cargo, 0));
        }
    }

    /** @param source where it comes from for those beyond the NATs of its host */
    private void sendAbroad(
            SimulatedHost host,
            Endpoint from,
            Endpoint source,
            Endpoint to,
            @Nullable Message message,
            ByteBuffer datagram) {
        int size = datagram.remaining();
        long label = luck.label(host, from, to);
        int there = nats.place(to);
        int receiver = nats.receiver(there, to);
        Link link = links.between(host.number(), receiver);
        long departure = departure(link, host, size);
        Fate fate = fate(link, host, receiver, size, label);
        if (departure == Line.FULL) {
            fate = Fate.QUEUE_FULL;
        }
        kernel.trace().sent(kernel.nanoTime(), from, to, message, size, fate);
        if (fate != Fate.UNDER_WAY) {
            tally.count(fate);
            datagram.position(datagram.limit());
            return;
        }
        long corruption = luck.corruption(link, label);
        if (corruption != 0) {
            tally.count(Fate.CORRUPTED);
        }
        Flight flight = new Flight(host, source, to, null, size, message, fidelity.load(datagram), corruption);
        long wait = departure - kernel.nanoTime();
        int here = Nats.place(host);
        kernel.post(kernel.after(wait + luck.delay(link, here, there, label)), flight);
        if (luck.duplicated(link, label)) {
            tally.count(Fate.DUPLICATED);
            kernel.post(kernel.after(wait + luck.secondDelay(link, here, there)), flight);
        }
    }

    /** When a datagram is on its way, or {@link Line#FULL}. One that is too large is not even begun. */
    private long departure(Link link, SimulatedHost sender, int size) {
        Link.Bandwidth limits = link.bandwidth();
        return limits == null || size > link.mtu()
                ? kernel.nanoTime()
                : sender.line().up(limits, kernel.nanoTime(), size);
    }

    private Fate fate(Link link, SimulatedHost sender, int receiver, int size, long label) {
        // Always drawn, whatever else stops the datagram: the spells of a line do not depend on the other mishaps.
        boolean lost = luck.lost(link, sender, kernel.nanoTime(), label);
        if (faults.cut(sender.number(), receiver)) {
            return Fate.CUT;
        }
        if (size > link.mtu()) {
            return Fate.TOO_LARGE;
        }
        return lost ? Fate.LOST : Fate.UNDER_WAY;
    }

    /** A datagram has come to the address that it was sent to, and so to the line of its receiver, or to a NAT. */
    void arrive(Flight flight) {
        Flight arrived = nats.arrive(flight);
        if (arrived == null) {
            return;
        }
        SimulatedHost host = receiver(arrived);
        Link.Bandwidth limits =
                links.between(flight.sender.number(), number(arrived)).bandwidth();
        if (host == null || limits == null) {
            land(arrived);
            return;
        }
        long through = host.line().down(limits, kernel.nanoTime(), flight.size);
        if (through == Line.FULL) {
            tally.count(Fate.QUEUE_FULL);
        } else {
            kernel.post(through, () -> land(arrived));
        }
    }

    private @Nullable SimulatedHost receiver(Flight flight) {
        return flight.receiver != null ? flight.receiver : host(plan.number(flight.to));
    }

    private int number(Flight flight) {
        return flight.receiver != null ? flight.receiver.number() : plan.number(flight.to);
    }

    /** A datagram has come to the end of its way. */
    void land(Flight flight) {
        if (faults.catches(flight)) {
            tally.count(Fate.HELD);
        } else {
            pass(flight);
        }
    }

    /** Nothing but a partition lies between a datagram and its host. */
    void pass(Flight flight) {
        SimulatedHost host = receiver(flight);
        if (faults.cut(flight.sender.number(), number(flight))) {
            tally.count(Fate.CUT);
        } else if (host == null) {
            tally.count(Fate.UNREACHABLE);
        } else {
            host.loop().offer(flight);
        }
    }

    /** The host that a datagram has come to takes it. */
    void deliver(Flight flight) {
        SimulatedHost host = receiver(flight);
        SimulatedTransport socket = host == null ? null : host.sockets().at(flight.to.port());
        if (socket == null || !socket.isOpen()) {
            tally.count(Fate.UNREACHABLE);
            return;
        }
        tally.count(Fate.DELIVERED);
        taps.delivered(socket.host(), flight);
        inbox.clear();
        fidelity.unload(flight.cargo, flight.size, inbox);
        deliversCorrupted = flight.corruption != 0;
        if (deliversCorrupted) {
            fidelity.corrupt(flight.cargo, inbox, luck.flips(flight.corruption));
        }
        try {
            // A slice cannot be stretched over the rest of the inbox, and a receiver that keeps it sees it overwritten.
            socket.receive(flight.from, inbox.flip().slice());
        } finally {
            deliversCorrupted = false;
        }
    }

    /** Whether the datagram that is being received has bits flipped. */
    boolean deliversCorrupted() {
        return deliversCorrupted;
    }

    void count(Fate fate) {
        tally.count(fate);
    }

    Traffic traffic() {
        return tally.traffic();
    }
}

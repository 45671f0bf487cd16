package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A machine on a {@link SimulatedNetwork}: everything that makes a node run there, and run the same each time.
 *
 * <p>What it hands out belongs to the thread that runs the simulation. Between two runs any one thread may use it; while
 * a run is under way other threads get an {@link IllegalStateException}, and end the run.
 */
public final class SimulatedHost {
    private static final int FIRST_FREE_PORT = 49_152;
    private static final int LAST_PORT = 65_535;

    /** The first byte of all addresses. */
    private static final int NET = 10;

    private final Medium medium;
    private final Population population;
    private final Contact contact;
    private final RandomGenerator random;

    /** What {@link SimulatedNetwork#start} has made here. */
    @Nullable
    Dht node;

    private @Nullable SimulatedTransport transport;

    /** By their ports; null unless one was made. There may be a million hosts, and few of them have siblings. */
    private @Nullable Map<Integer, SimulatedTransport> siblings;

    private @Nullable Line line;
    private int freePort = FIRST_FREE_PORT;
    private long datagrams;

    /**
     * The host with this number.
     *
     * @param number 1 to 2^24 - 1; the last three bytes of its address
     */
    SimulatedHost(Medium medium, Population population, int number) {
        this.medium = medium;
        this.population = population;
        contact = new Contact(Key.random(stream("id", number)), address(number));
        random = stream("node", number);
        population.join(contact);
    }

    static Endpoint address(int number) {
        byte[] address = {NET, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return Endpoint.of(address, Dht.DEFAULT_PORT);
    }

    private RandomGenerator stream(String purpose, int number) {
        return new RandomStream(medium.kernel().label(purpose).add(number).value());
    }

    /** The number that the host with this address would have; 0 if no host has such an address. */
    static int number(Endpoint address) {
        int bits = (int) address.lowBits();
        return address.isIPv4() && bits >>> 24 == NET ? bits & 0xFF_FFFF : 0;
    }

    /** Counts from 1. */
    int number() {
        return number(endpoint());
    }

    /** Where this host's {@link #transport} is bound: 10.0.0.1 for the first, counting up, always with port 3282. */
    public Endpoint endpoint() {
        return contact.endpoint();
    }

    /** A random id, always the same for this host. */
    public Key id() {
        return contact.id();
    }

    /**
     * What the routing table of a node with this host's {@link #id} would hold after a long life, filled by whoever knows
     * all hosts ({@link WarmStart}): for {@code verifiedContacts} of a node that is to take part at once, without joining.
     * Hosts that are made later are not among them; {@link SimulatedNetwork#start} makes all its hosts before the first
     * node. Made anew at each call, and always the same as long as there are the same hosts.
     */
    public List<Contact> contacts() {
        return population.table(contact.id(), number());
    }

    Contact contact() {
        return contact;
    }

    /** Whether a node listens here. */
    boolean live() {
        return transport != null && transport.isOpen();
    }

    /**
     * The one source of this host's randomness; every call returns the same stream. What is drawn from it shifts nothing
     * anywhere else.
     */
    public RandomGenerator random() {
        return random;
    }

    /**
     * The host's socket, bound to {@link #endpoint}: the same one until it is closed, then a new one, so that a node can
     * stop and another start in its place.
     */
    public Transport transport() {
        medium.kernel().checkThread();
        SimulatedTransport bound = transport;
        if (bound == null) {
            bound = new SimulatedTransport(this, endpoint());
            transport = bound;
        }
        return bound;
    }

    /**
     * The codec for the node on this host, and for no other: with the wire and the sizes of the real one, and known to
     * the trace. If the network is {@linkplain SimulatedNetwork.Builder#byReference by reference} it encodes nothing:
     * {@code decode} returns the very message that was encoded, and only shortly after it was sent or received.
     */
    public Codec codec(Codec real) {
        return new TracedCodec(medium.fidelity().codec(real), this);
    }

    SimulatedTransport bindAnyPort() {
        medium.kernel().checkThread();
        if (siblings == null) {
            siblings = new TreeMap<>();
        }
        int port = nextPort();
        while (siblings.containsKey(port)) {
            port = nextPort();
        }
        SimulatedTransport sibling = new SimulatedTransport(this, Endpoint.of(endpoint().address(), port));
        siblings.put(port, sibling);
        return sibling;
    }

    private int nextPort() {
        int port = freePort;
        freePort = port == LAST_PORT ? FIRST_FREE_PORT : port + 1;
        return port;
    }

    /** The socket that is bound to this port, null if there is none. */
    @Nullable
    SimulatedTransport socket(int port) {
        if (port == endpoint().port()) {
            return transport;
        }
        return siblings == null ? null : siblings.get(port);
    }

    /** Frees the port of a socket that is closed. */
    void release(SimulatedTransport socket) {
        if (socket == transport) {
            transport = null;
        } else if (siblings != null) {
            siblings.remove(socket.localAddress().port(), socket);
        }
    }

    private List<SimulatedTransport> sockets() {
        List<SimulatedTransport> sockets = new ArrayList<>();
        if (transport != null) {
            sockets.add(transport);
        }
        if (siblings != null) {
            sockets.addAll(siblings.values());
        }
        return sockets;
    }

    void closeAll() {
        sockets().forEach(SimulatedTransport::close);
    }

    Medium medium() {
        return medium;
    }

    Line line() {
        if (line == null) {
            line = new Line();
        }
        return line;
    }

    /** The number of the next datagram, from 0. */
    long nextDatagram() {
        return datagrams++;
    }

    void encoded(Message message, int size) {
        medium.encoded(this, message, size);
    }

    boolean receivesCorrupted() {
        return medium.deliversCorrupted();
    }

    @Override
    public String toString() {
        return "SimulatedHost[" + endpoint() + "]";
    }
}

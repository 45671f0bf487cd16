package org.dhtrpc.testkit;

import java.util.List;
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

    private final Medium medium;
    private final Population population;
    private final Contact contact;
    private final RandomGenerator random;

    /** What {@link SimulatedNetwork#start} has made here. */
    @Nullable
    Dht node;

    private @Nullable SimulatedTransport transport;
    private int freePort = FIRST_FREE_PORT;
    private long datagrams;
    private @Nullable Message encoded;
    private int encodedSize;

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
        byte[] address = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return Endpoint.of(address, Dht.DEFAULT_PORT);
    }

    /** The number of the host at an address of ours. */
    static int number(Endpoint endpoint) {
        return (int) endpoint.lowBits() & 0xFF_FFFF;
    }

    private RandomGenerator stream(String purpose, int number) {
        return new RandomStream(medium.kernel().label(purpose).add(number).value());
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
        return population.table(contact.id(), number(contact.endpoint()));
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
        if (transport == null || transport.isClosed()) {
            transport = bind(endpoint());
        }
        return transport;
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
        Endpoint address = nextAddress();
        while (medium.bound(address)) {
            address = nextAddress();
        }
        return bind(address);
    }

    private Endpoint nextAddress() {
        Endpoint address = Endpoint.of(endpoint().address(), freePort);
        freePort = freePort == LAST_PORT ? FIRST_FREE_PORT : freePort + 1;
        return address;
    }

    private SimulatedTransport bind(Endpoint address) {
        SimulatedTransport socket = new SimulatedTransport(this, medium, address);
        medium.bind(socket);
        return socket;
    }

    /** The number of the next datagram, from 0. */
    long nextDatagram() {
        return datagrams++;
    }

    void encoded(Message message, int size) {
        encoded = message;
        encodedSize = size;
    }

    /** What was encoded last and not sent yet, if the datagram has its size; else null. */
    @Nullable
    Message takeEncoded(int size) {
        Message message = encodedSize == size ? encoded : null;
        encoded = null;
        return message;
    }

    @Override
    public String toString() {
        return "SimulatedHost[" + endpoint() + "]";
    }
}

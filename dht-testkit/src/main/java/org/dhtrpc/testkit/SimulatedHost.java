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
    private final Medium medium;

    /** Null unless a NAT is before it: most hosts have none, and shall not pay for one. */
    private final @Nullable Seat seat;

    private final HostSockets sockets = new HostSockets(this);

    private Contact contact;
    private RandomGenerator random;
    private HostLoop loop;

    /** What {@link SimulatedNetwork#start} has made here. */
    @Nullable
    Dht node;

    /** What the node here was given last. */
    private @Nullable Codec codec;

    /** Null unless an adversary has this host. */
    private @Nullable Foothold foothold;

    /** How the next node here finds others; null if its table is filled. */
    private @Nullable Introduction introduction;

    private @Nullable Line line;
    private int renewals;
    private int captures;
    private long datagrams;

    /**
     * The host with this number.
     *
     * @param number 1 to 2^24 - 1; decides its address, unless a NAT gives it one
     */
    SimulatedHost(Medium medium, int number, @Nullable Nat nat) {
        this.medium = medium;
        seat = nat == null ? null : new Seat(nat, number);
        contact = new Contact(
                Key.random(stream("id", number)), nat == null ? medium.plan().address(number) : nat.admit(number));
        random = stream("node", number);
        loop = new HostLoop(medium.kernel(), null);
        medium.population().changed();
    }

    private record Introduction(List<Endpoint> bootstrap, List<Contact> saved) {}

    /** Where a host behind a NAT is, and its number, which does not follow from its address. */
    private record Seat(Nat nat, int number) {}

    private RandomGenerator stream(String purpose, int number) {
        return stream(purpose, number, renewals);
    }

    /** @param life how many there were before it */
    private RandomGenerator stream(String purpose, int number, int life) {
        Hash64 label = medium.kernel().label(purpose).add(number);
        return new RandomStream(life == 0 ? label.value() : label.add(life).value());
    }

    /** Its number, from 1 on; the last three bytes of its address, unless that is public or a NAT has given it. */
    public int number() {
        return seat == null ? medium.plan().number(endpoint()) : seat.number;
    }

    /** The NAT that is directly before it; null if there is none. */
    public @Nullable Nat nat() {
        return seat == null ? null : seat.nat;
    }

    /**
     * Where this host's {@link #transport} is bound: 10.0.0.1 for the first, counting up, unless the network has
     * {@linkplain SimulatedNetworkBuilder#publicAddresses public addresses}, always with port 3282. Behind a NAT that is an
     * address of its LAN, by which nobody outside knows the host.
     */
    public Endpoint endpoint() {
        return contact.endpoint();
    }

    /** A random id, the same for this host until it is {@linkplain #renew renewed}. */
    public Key id() {
        return contact.id();
    }

    /**
     * What the routing table of a node with this host's {@link #id} would hold after a long life, filled by whoever knows
     * all hosts ({@link WarmStart}): for {@code verifiedContacts} of a node that is to take part at once, without joining.
     * Hosts that are made later are not among them; {@link SimulatedNetwork#start} makes all its hosts before the first
     * node. Hosts behind a NAT are not among them either, since others know them by other addresses, if at all; but they
     * have a table themselves. Made anew at each call, and always the same as long as there are the same hosts.
     */
    public List<Contact> contacts() {
        return introduction == null ? medium.population().table(contact.id(), number()) : List.of();
    }

    /**
     * Has the nodes that start here from now on join by the protocol: {@link #contacts} is empty from then on.
     *
     * @param bootstrap whom they ask first; may be empty if somebody is saved
     * @param saved what the node before knew and a restart remembers
     * @throws IllegalArgumentException if there is nobody to ask
     */
    public void introduce(List<Endpoint> bootstrap, List<Contact> saved) {
        medium.kernel().checkThread();
        if (bootstrap.isEmpty() && saved.isEmpty()) {
            throw new IllegalArgumentException(
                    "Somebody who joins must know somebody: no bootstrap node, nobody saved");
        }
        introduction = new Introduction(List.copyOf(bootstrap), List.copyOf(saved));
    }

    /** Whom a node that starts here asks first; empty unless it is {@linkplain #introduce to join}. */
    public List<Endpoint> bootstrap() {
        return introduction == null ? List.of() : introduction.bootstrap;
    }

    /** Whom the node before knew, not asked yet whether they are still there; empty unless this is a restart. */
    public List<Contact> savedContacts() {
        return introduction == null ? List.of() : introduction.saved;
    }

    Contact contact() {
        return contact;
    }

    /** Whether a node listens here, and the host does not stand still. */
    boolean live() {
        return sockets.listen() && !loop.paused();
    }

    /**
     * The one source of this host's randomness; every call returns the same stream, until the host is
     * {@linkplain #renew renewed}. What is drawn from it shifts nothing anywhere else.
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
        return sockets.main();
    }

    /**
     * The codec for the node on this host, and for no other: with the wire and the sizes of the real one, and known to
     * the trace. If the network is {@linkplain SimulatedNetworkBuilder#byReference by reference} it encodes nothing:
     * {@code decode} returns the very message that was encoded, and only shortly after it was sent or received.
     */
    public Codec codec(Codec real) {
        codec = new TracedCodec(medium.fidelity().codec(real), this);
        return codec;
    }

    @Nullable
    Codec codec() {
        return codec;
    }

    /**
     * Puts a host into the hands of an adversary, which reads and writes messages with the codec that {@link #codec} made
     * last. At any time, also while the node on it runs; in the place of the adversary before, if there was one.
     *
     * <p>It is the machine that is captured. After a {@linkplain #crash crash} what the adversary had scheduled is gone like
     * everything else, but the next node that starts there is in its hands too, without another {@link Adversary#begin}.
     *
     * @throws IllegalStateException if no codec was made on this host
     */
    public void capture(Adversary adversary) {
        medium.kernel().checkThread();
        if (codec == null) {
            throw new IllegalStateException(this + " has no codec; start a node on it, or say which");
        }
        captures++;
        foothold = new Foothold(this, adversary, stream("adversary", number(), captures));
        foothold.begin();
    }

    /**
     * Puts a host without a node into the hands of an adversary: nobody else is there, or not any more. Its
     * {@link #transport} is opened, until the host crashes.
     *
     * @param real as for {@link #codec}
     * @throws IllegalStateException if the transport is open already
     */
    public void capture(Adversary adversary, Codec real) {
        transport().open((from, datagram) -> {});
        node = null;
        codec(real);
        capture(adversary);
    }

    /** Whether an adversary has this host. */
    public boolean captured() {
        return foothold != null;
    }

    /** Takes the host from its adversary. What that still sends is dropped. */
    public void release() {
        medium.kernel().checkThread();
        foothold = null;
    }

    @Nullable
    Foothold foothold() {
        return foothold;
    }

    /**
     * Lets the clock of this host run faster than the network's, or slower if it is negative, from now on: that of its loop,
     * by which its timers go. It goes on from what it says, and never back. What is waited for now takes longer if the new
     * speed is slower, but comes no sooner if it is faster. A clock of quartz is right within some 50 parts per million.
     *
     * @param partsPerMillion -500,000 to 500,000; 0 if it is to be right again, though no longer the same as the others
     * @throws IllegalArgumentException if it is beyond that
     */
    public void drift(double partsPerMillion) {
        medium.kernel().checkThread();
        loop.drift(partsPerMillion);
    }

    /**
     * Stops the host, as a machine that sleeps or a process that is not scheduled: no task or timer of its loop runs and
     * nothing is received, until it is {@linkplain #resume resumed}. The network waits for it: datagrams that arrive are
     * kept, without limit. What others call on its node still is handed over, and a transport that is called sends.
     */
    public void pause() {
        loop.pause();
    }

    /**
     * Ends a pause. Everything that came due meanwhile happens now, in the order in which it came due, timers late. Does
     * nothing if the host is not paused.
     */
    public void resume() {
        loop.resume();
    }

    /** Whether it stands still. */
    public boolean paused() {
        return loop.paused();
    }

    /**
     * Ends the node on this host without a word to anyone, as a loss of power would: its tasks and timers are dropped, those
     * that wait and those to come, its sockets are closed, siblings included, and what it still sends is dropped. Their
     * receivers are {@linkplain Transport.Receiver#closed told}, so that nobody waits for its futures for ever; nothing
     * that they do then reaches the network. Datagrams under way to the host arrive at nobody.
     *
     * <p>From then on {@link #transport} gives a new socket at the same address, with another loop, for a node that
     * starts again: with the same id and randomness that goes on, or after {@link #renew} as a stranger. What state it
     * has kept is what the test hands to it.
     */
    public void crash() {
        medium.kernel().checkThread();
        HostLoop last = loop;
        // All are shut before the first receiver is told: it may hold another of them.
        List<Runnable> news =
                sockets.all().stream().map(SimulatedTransport::shut).toList();
        loop = last.next();
        last.end();
        news.forEach(Runnable::run);
    }

    /**
     * Gives the host another {@linkplain #id id} and other {@linkplain #random randomness}, those of its next life: whoever
     * starts on it then has nothing in common with its predecessor but the address.
     *
     * @throws IllegalStateException if a transport of the host is open; close it, or {@link #crash} first
     */
    public void renew() {
        medium.kernel().checkThread();
        if (!sockets.all().isEmpty()) {
            throw new IllegalStateException(this + " has a transport that is not closed; close it or crash first");
        }
        renewals++;
        contact = new Contact(Key.random(stream("id", number())), endpoint());
        random = stream("node", number());
        medium.population().changed();
    }

    HostLoop loop() {
        return loop;
    }

    HostSockets sockets() {
        return sockets;
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

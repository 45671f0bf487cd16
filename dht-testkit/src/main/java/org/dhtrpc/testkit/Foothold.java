package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Adversary} has on one host. Used on the thread that runs the simulation, in the calls of the adversary and
 * at any later time.
 *
 * <p>What has been called with a message may hand on that very object: then it leaves by the socket that it came to, and as
 * the bytes that it came as. Later, or changed, it is encoded, and the socket is the host's {@linkplain
 * SimulatedHost#transport main} one. What is sent where no socket is open, as after a crash, or once the host is no longer
 * {@linkplain #held held}, is dropped.
 */
public final class Foothold {
    private final SimulatedHost host;
    private final Adversary adversary;
    private final RandomGenerator random;
    private @Nullable Passing passing;

    Foothold(SimulatedHost host, Adversary adversary, RandomGenerator random) {
        this.host = host;
        this.adversary = adversary;
        this.random = random;
    }

    /** A message in the hands of the adversary, and the bytes that it came as, good until another one is encoded. */
    private static final class Passing {
        final SimulatedTransport socket;
        final Message message;
        final ByteBuffer datagram;
        boolean stale;

        Passing(SimulatedTransport socket, Message message, ByteBuffer datagram) {
            this.socket = socket;
            this.message = message;
            this.datagram = datagram;
        }
    }

    /** The host. */
    public SimulatedHost host() {
        return host;
    }

    /** Whether the host is still in these hands: neither released nor captured again. If not, nothing is sent any more. */
    public boolean held() {
        return host.foothold() == this;
    }

    /** The adversary's randomness on this host: a stream of its own, so that no draw shifts one of the node's. */
    public RandomGenerator random() {
        return random;
    }

    /** The host's loop: what is scheduled there waits while the host stands still, and is gone after a crash. */
    public EventLoop loop() {
        return host.loop();
    }

    /**
     * Sends as the host itself.
     *
     * @throws IllegalArgumentException if the wire cannot express the message, or it is larger than a datagram may be
     */
    public void send(Endpoint to, Message message) {
        SimulatedTransport socket = socket(message);
        if (socket != null) {
            ByteBuffer datagram = bytes(message);
            socket.dispatch(socket.localAddress(), to, message, datagram);
        }
    }

    /**
     * Sends in the name of somebody else: whoever gets the message takes that for its source, and answers there. The way
     * that it takes, and its mishaps, are the host's. A NAT does not let it out.
     *
     * @throws IllegalArgumentException if the wire cannot express the message, or it is larger than a datagram may be
     */
    public void sendAs(Endpoint from, Endpoint to, Message message) {
        SimulatedTransport socket = socket(message);
        if (socket != null) {
            socket.dispatch(from, to, message, bytes(message));
        }
    }

    /**
     * Hands a message to the node on the host, as if it had come from there; to nobody if there is no node. It need never
     * have been on the wire.
     *
     * @throws IllegalArgumentException if the wire cannot express the message
     */
    public void deliver(Endpoint from, Message message) {
        SimulatedTransport socket = socket(message);
        if (socket != null) {
            socket.take(from, bytes(message));
        }
    }

    private @Nullable SimulatedTransport socket(Message message) {
        host.medium().kernel().checkThread();
        Passing now = passing;
        SimulatedTransport socket = now != null && now.message == message
                ? now.socket
                : host.sockets().at(host.endpoint().port());
        return socket == null || socket.isClosed() || !held() ? null : socket;
    }

    /** A message as the wire has it: what it came as, if that is still at hand. */
    private ByteBuffer bytes(Message message) {
        Passing now = passing;
        if (now != null && now.message == message && !now.stale) {
            return now.datagram.duplicate();
        }
        if (now != null) {
            // A message that travels by reference can be had for a while only, and others may be encoded at any length.
            now.stale = true;
        }
        Codec codec = codec();
        ByteBuffer datagram = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, datagram);
        // It is no news of the next datagram of the node.
        host.medium().takeEncoded(host, datagram.position());
        return datagram.flip();
    }

    private Codec codec() {
        return Objects.requireNonNull(host.codec(), "captured without a codec");
    }

    /** A datagram has come to a socket of the host. */
    void arrived(SimulatedTransport socket, Endpoint from, ByteBuffer datagram) {
        Message message = decoded(datagram);
        if (message == null) {
            socket.take(from, datagram);
        } else {
            pass(socket, message, datagram, () -> adversary.received(this, from, message));
        }
    }

    /** The node on the host has sent a datagram, and this is what it says if that is known. */
    void leaving(SimulatedTransport socket, Endpoint to, @Nullable Message known, ByteBuffer datagram) {
        Message message = known == null ? decoded(datagram) : known;
        if (message == null) {
            socket.dispatch(socket.localAddress(), to, null, datagram);
            return;
        }
        try {
            pass(socket, message, datagram, () -> adversary.sending(this, to, message));
        } catch (Throwable defect) {
            // Whoever sends may be prepared for everything, and swallow it.
            host.medium().kernel().fail(defect);
        }
        datagram.position(datagram.limit());
    }

    private @Nullable Message decoded(ByteBuffer datagram) {
        try {
            return codec().decode(datagram.duplicate());
        } catch (MalformedMessageException passesBy) {
            return null;
        }
    }

    /** One message may pass while another does: a node answers at once. */
    private void pass(SimulatedTransport socket, Message message, ByteBuffer datagram, Runnable call) {
        Passing outer = passing;
        passing = new Passing(socket, message, datagram);
        try {
            call.run();
        } finally {
            passing = outer;
        }
    }

    void begin() {
        adversary.begin(this);
    }

    @Override
    public String toString() {
        return "Foothold[" + host.endpoint() + "]";
    }
}

package org.dhtrpc.testkit;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A socket of a simulated host. It keeps the rules of {@link Transport} but for two: while the simulation runs, calls
 * from other threads throw {@link IllegalStateException} and end the run, since their order would be left to chance; and a
 * receive that throws is not logged, but ends the run at that event.
 */
final class SimulatedTransport implements Transport {
    private static final System.Logger LOG = System.getLogger(SimulatedTransport.class.getName());

    private final SimulatedHost host;
    private final HostLoop loop;
    private final Endpoint localAddress;

    private @Nullable Receiver receiver;
    private boolean closed;

    SimulatedTransport(SimulatedHost host, HostLoop loop, Endpoint localAddress) {
        this.host = host;
        this.loop = loop;
        this.localAddress = localAddress;
    }

    @Override
    public Endpoint localAddress() {
        return localAddress;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public int maxPayload() {
        return Medium.MAX_PAYLOAD;
    }

    @Override
    public void open(Receiver receiver) {
        host.medium().kernel().checkThread();
        if (closed || this.receiver != null) {
            throw new IllegalStateException(localAddress + " is " + (closed ? "closed" : "open") + " already");
        }
        this.receiver = receiver;
    }

    SimulatedHost host() {
        return host;
    }

    boolean isOpen() {
        return receiver != null;
    }

    boolean isClosed() {
        return closed;
    }

    /** A datagram has come. */
    void receive(Endpoint from, ByteBuffer datagram) {
        Foothold foothold = host.foothold();
        if (foothold == null) {
            take(from, datagram);
        } else {
            foothold.arrived(this, from, datagram);
        }
    }

    /** Hands a datagram to whoever listens. */
    void take(Endpoint from, ByteBuffer datagram) {
        if (receiver != null) {
            receiver.receive(from, datagram);
        }
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        requireRoom(to, datagram.remaining());
        Medium medium = host.medium();
        medium.kernel().checkThread();
        Message message = medium.takeEncoded(host, datagram.remaining());
        Foothold foothold = host.foothold();
        if (closed) {
            datagram.position(datagram.limit());
        } else if (foothold == null) {
            medium.send(host, localAddress, to, message, datagram);
        } else {
            foothold.leaving(this, to, message, datagram);
        }
    }

    /** Sends past whoever has captured the host. */
    void dispatch(Endpoint from, Endpoint to, @Nullable Message message, ByteBuffer datagram) {
        requireRoom(to, datagram.remaining());
        host.medium().send(host, from, to, message, datagram);
    }

    private void requireRoom(Endpoint to, int size) {
        if (size > maxPayload()) {
            throw new IllegalArgumentException(
                    "A datagram has at most " + maxPayload() + " bytes, not " + size + ", to " + to);
        }
    }

    @Override
    public CompletionStage<Transport> sibling() {
        return closed
                ? CompletableFuture.failedStage(new IllegalStateException(localAddress + " is closed"))
                : CompletableFuture.completedStage(host.sockets().bindAnyPort());
    }

    @Override
    public void close() {
        host.medium().kernel().checkThread();
        shut().run();
    }

    /** Closes the socket, and returns what tells the receiver. */
    Runnable shut() {
        Receiver last = receiver;
        closed = true;
        receiver = null;
        host.sockets().release(this);
        return last == null ? () -> {} : () -> tellClosed(last);
    }

    private void tellClosed(Receiver receiver) {
        try {
            receiver.closed();
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "The receiver at " + localAddress + " failed when it was told of the end", e);
        }
    }

    @Override
    public String toString() {
        return "SimulatedTransport[" + localAddress + "]";
    }
}

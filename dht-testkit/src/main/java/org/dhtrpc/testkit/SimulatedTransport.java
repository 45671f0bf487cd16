package org.dhtrpc.testkit;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;
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

    boolean isOpen() {
        return receiver != null;
    }

    void receive(Endpoint from, ByteBuffer datagram) {
        if (receiver != null) {
            receiver.receive(from, datagram);
        }
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size > maxPayload()) {
            throw new IllegalArgumentException(
                    "A datagram has at most " + maxPayload() + " bytes, not " + size + ", to " + to);
        }
        host.medium().kernel().checkThread();
        if (closed) {
            host.medium().takeEncoded(host, size);
            datagram.position(datagram.limit());
            return;
        }
        host.medium().send(host, localAddress, to, datagram);
    }

    @Override
    public CompletionStage<Transport> sibling() {
        return closed
                ? CompletableFuture.failedStage(new IllegalStateException(localAddress + " is closed"))
                : CompletableFuture.completedStage(host.bindAnyPort());
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
        host.release(this);
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

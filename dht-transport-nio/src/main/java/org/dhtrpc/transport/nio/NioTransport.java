package org.dhtrpc.transport.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket on the JDK alone.
 *
 * <pre>{@code
 * Transport transport = NioTransport.bind("0.0.0.0", 10001);
 * }</pre>
 *
 * <p>The host chooses the family: an IPv4 address reaches IPv4, an IPv6 address IPv6, and {@code "::"} both. Sending
 * happens on the caller's thread and receiving on the loop's, which passes the bytes to the receiver without a copy, in
 * a direct buffer. Datagrams of any size are received; {@link #maxPayload}, which limits what is sent, is what an
 * Ethernet frame of 1,500 bytes holds beside the headers of IPv4 and UDP, since a datagram in fragments is lost with
 * any one of them.
 *
 * <p>A socket that is bound here asks for a receive buffer of 4 MiB, which holds a burst of 3,000 datagrams. The system
 * may give less (Linux: {@code net.core.rmem_max}, 208 KiB unless somebody has raised it), and drops what does not fit;
 * Linux counts that for each socket, in the last column of {@code /proc/net/udp} and {@code /proc/net/udp6}.
 *
 * <p>The loop runs on a daemon thread, which keeps no program alive: a {@code main} that returns ends it. A program that
 * only serves must wait for something.
 */
public final class NioTransport implements Transport {
    private final DatagramChannel channel;
    private final NioLoop loop;
    private final boolean ownsLoop;
    private final Endpoint localAddress;
    private final AtomicLong dropped = new AtomicLong();

    /** Held while a datagram is with the receiver, which is what {@link #close} waits for. */
    private final Object gate = new Object();

    private @Nullable Receiver receiver;
    private volatile boolean closed;

    private NioTransport(NioLoop loop, boolean ownsLoop, DatagramChannel channel, Endpoint localAddress) {
        this.loop = loop;
        this.ownsLoop = ownsLoop;
        this.channel = channel;
        this.localAddress = localAddress;
    }

    /**
     * A socket on this address, with a loop of its own that ends when it is closed.
     *
     * @param host an address or a name of this machine; a name is looked up, which may block
     * @param port 0 for any that is free
     * @throws UncheckedIOException if that fails, because the port is in use for instance; the message names the address
     * @throws IllegalArgumentException if the port is out of range
     */
    public static NioTransport bind(String host, int port) {
        return bound(host, port, NioTransport::over);
    }

    /**
     * A socket on this address and this loop, which may be shared and outlives it.
     *
     * @param host an address or a name of this machine; a name is looked up, which may block
     * @param port 0 for any that is free
     * @throws UncheckedIOException if that fails, because the port is in use for instance; the message names the address
     * @throws IllegalArgumentException if the port is out of range
     * @throws IllegalStateException if the loop is closed
     */
    public static NioTransport bind(NioLoop loop, String host, int port) {
        return bound(host, port, channel -> over(loop, channel));
    }

    /**
     * Takes over a channel that is bound already, with a loop of its own that ends when it is closed. The channel
     * becomes non-blocking and belongs to the transport from here on, unless this throws; its socket options are left
     * as they are.
     *
     * @throws IllegalArgumentException if the channel is closed, not bound, connected or registered with a selector
     */
    public static NioTransport over(DatagramChannel channel) {
        Endpoint address = Sockets.claim(channel);
        return adopted(new NioTransport(NioLoop.start("dht-nio " + address), true, channel, address));
    }

    /**
     * Takes over a channel that is bound already, on this loop, which may be shared and outlives it; otherwise as
     * {@link #over(DatagramChannel)}.
     *
     * @throws IllegalArgumentException if the channel is closed, not bound, connected or registered with a selector
     * @throws IllegalStateException if the loop is closed
     */
    public static NioTransport over(NioLoop loop, DatagramChannel channel) {
        return adopted(new NioTransport(loop, false, channel, Sockets.claim(channel)));
    }

    private static NioTransport bound(String host, int port, Function<DatagramChannel, NioTransport> over) {
        DatagramChannel channel = Sockets.bound(host, port);
        try {
            return over.apply(channel);
        } catch (RuntimeException e) {
            Sockets.close(channel);
            throw e;
        }
    }

    private static NioTransport adopted(NioTransport transport) {
        transport.loop.adopt(transport);
        return transport;
    }

    @Override
    public Endpoint localAddress() {
        return localAddress;
    }

    @Override
    public NioLoop loop() {
        return loop;
    }

    @Override
    public void open(Receiver receiver) {
        Objects.requireNonNull(receiver, "receiver");
        synchronized (gate) {
            if (closed) {
                throw new IllegalStateException("The transport on " + localAddress + " is closed");
            }
            if (this.receiver != null) {
                throw new IllegalStateException("The transport on " + localAddress + " is open already");
            }
            try {
                loop.watch(channel, this);
            } catch (IOException e) {
                throw new IllegalStateException("The channel on " + localAddress + " was closed by somebody else", e);
            }
            // Not before: a receiver whose open fails is not told of the end. What comes meanwhile waits at the gate.
            this.receiver = receiver;
        }
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size > maxPayload()) {
            throw new IllegalArgumentException(
                    "A datagram of " + size + " bytes is longer than the limit, " + maxPayload());
        }
        if (!closed && !sent(to, datagram, size)) {
            dropped.incrementAndGet();
        }
        datagram.position(datagram.limit());
    }

    private boolean sent(Endpoint to, ByteBuffer datagram, int size) {
        // Some systems take "any address" as their own, and a contact that a stranger named would lead back to us.
        if (to.port() == 0 || to.isWildcard()) {
            return false;
        }
        try {
            return channel.send(datagram, loop.addresses().socketAddress(to)) == size;
        } catch (IOException | UnsupportedAddressTypeException e) {
            return false;
        }
    }

    /**
     * How many datagrams {@link #send} could not hand to the system: no route, an address of the other family, a socket
     * buffer that is full. What is lost behind that is not among them.
     */
    public long dropped() {
        return dropped.get();
    }

    /** Hands at most so many datagrams to the receiver. On the loop, which lends the buffer. */
    void deliver(ByteBuffer buffer, int most) {
        for (int i = 0; i < most && !closed; i++) {
            // The byte order too: a receiver that changed it must not change it for the next one.
            buffer.clear().order(ByteOrder.BIG_ENDIAN);
            try {
                if (!(channel.receive(buffer) instanceof InetSocketAddress from)) {
                    return;
                }
                deliver(loop.addresses().endpoint(from), buffer.flip());
            } catch (IOException e) {
                // Systems may report here what became of a datagram that was sent: the next one is as good as any.
                NioLoop.report(Level.DEBUG, "Receiving on " + localAddress + " failed", e);
            }
        }
    }

    private void deliver(Endpoint from, ByteBuffer datagram) {
        synchronized (gate) {
            Receiver receiver = this.receiver;
            if (closed || receiver == null) {
                return;
            }
            // As in NioLoop.run, without an object for each datagram.
            try {
                receiver.receive(from, datagram);
            } catch (Throwable e) {
                NioLoop.failed(e);
            } finally {
                NioLoop.forgetInterrupt();
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>On another thread than the loop's it waits for a receive that is running: do not hold a lock then that the
     * receiver may want. If the transport has a loop of its own, the loop ends, and siblings are closed with it.
     */
    @Override
    public void close() {
        closed = true;
        Receiver last;
        synchronized (gate) {
            Sockets.close(channel);
            last = receiver;
            receiver = null;
        }
        loop.release(this);
        if (ownsLoop) {
            loop.close();
        }
        if (last != null) {
            tellClosed(last);
        }
    }

    /** Leaves the interrupt of the thread alone: it may be a caller's, and is not ours to take. */
    private static void tellClosed(Receiver receiver) {
        try {
            receiver.closed();
        } catch (Throwable e) {
            NioLoop.report(Level.ERROR, "A receiver failed when it was told of the end", e);
        }
    }

    /** A socket on the same host, any port and the same loop, at once. It ends with that loop at the latest. */
    @Override
    public CompletionStage<Transport> sibling() {
        try {
            // Asked of the channel, because the endpoint has lost the scope of a link-local address.
            InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
            return CompletableFuture.completedStage(
                    bind(loop, local.getAddress().getHostAddress(), 0));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}

package org.dhtrpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket on Netty.
 *
 * <pre>{@code
 * NettyLoops loops = NettyLoops.start(2);
 * Transport transport = NettyTransport.bind(loops, "0.0.0.0", 10001);
 * }</pre>
 *
 * <p>The host chooses the family: an IPv4 address reaches IPv4, an IPv6 address IPv6, and {@code "::"} both. What is sent
 * on the loop leaves when the tasks, timers or receives of this turn are done, many datagrams in one system call where
 * there is such a thing; what another thread sends leaves at once. Datagrams of up to 2,047 bytes are received, and larger
 * ones dropped, which is logged at DEBUG; {@link #maxPayload}, which limits what is sent, is what an Ethernet frame of 1,500
 * bytes holds beside the headers of IPv4 and UDP. The receiver gets the bytes in a heap buffer.
 *
 * <p>The loop runs on a daemon thread, which keeps no program alive: a {@code main} that returns ends it. A program that
 * only serves must wait for something.
 */
public final class NettyTransport implements Transport {
    /** So many may wait to be flushed: far fewer than one system call takes, and not so many that the first one waits. */
    private static final int UNFLUSHED = 64;

    private final NettyLoop loop;
    private final @Nullable NettyLoops own;
    private final DatagramChannel channel;
    private final InetSocketAddress bound;
    private final Endpoint localAddress;
    private final boolean ipv4Only;
    private final Runnable flush;
    private final AtomicLong dropped = new AtomicLong();

    /** Guards the receiver against being set, and the socket against being used past the channel, while this closes. */
    private final Object gate = new Object();

    private volatile @Nullable Receiver receiver;
    private int unflushed;
    private boolean channelClosed;
    private volatile boolean closed;
    private volatile boolean released;

    private NettyTransport(NettyLoop loop, @Nullable NettyLoops own, DatagramChannel channel) {
        this.loop = loop;
        this.own = own;
        this.channel = channel;
        this.bound = loop.sockets().localAddress(channel);
        this.localAddress = Endpoint.of(bound);
        this.flush = channel::flush;
        this.ipv4Only = bound.getAddress() instanceof Inet4Address;
    }

    /**
     * A socket on this address, with a loop of its own, of the {@linkplain NettyIo#best best I/O} there is, that ends when
     * it is closed.
     *
     * @param host an address or a name of this machine; a name is looked up, which may block
     * @param port 0 for any that is free
     * @throws UncheckedIOException if that fails, because the port is in use for instance; the message names the address
     * @throws IllegalArgumentException if the port is out of range
     */
    public static NettyTransport bind(String host, int port) {
        NettyLoops own = NettyLoops.start(1);
        try {
            return bind(own.next(), own, host, port);
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /**
     * A socket on this address, and on one of these loops, which may be shared and outlive it: the caller's own if that is
     * one of them, or each in its turn.
     *
     * @param host an address or a name of this machine; a name is looked up, which may block
     * @param port 0 for any that is free
     * @throws UncheckedIOException if that fails, because the port is in use for instance; the message names the address
     * @throws IllegalArgumentException if the port is out of range
     * @throws IllegalStateException if the loops are closed
     */
    public static NettyTransport bind(NettyLoops loops, String host, int port) {
        return bind(loops.next(), null, host, port);
    }

    static NettyTransport bind(NettyLoop loop, @Nullable NettyLoops own, String host, int port) {
        DatagramChannel channel = Binding.bound(loop.sockets(), host, port);
        try {
            NettyTransport transport = new NettyTransport(loop, own, channel);
            channel.pipeline().addLast(new Inbound(transport));
            loop.adopt(transport, channel);
            return transport;
        } catch (RuntimeException e) {
            channel.unsafe().closeForcibly();
            throw e;
        }
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
    public void open(Receiver receiver) {
        Objects.requireNonNull(receiver, "receiver");
        synchronized (gate) {
            if (closed) {
                throw new IllegalStateException("The transport on " + localAddress + " is closed");
            }
            if (this.receiver != null) {
                throw new IllegalStateException("The transport on " + localAddress + " is open already");
            }
            this.receiver = receiver;
        }
        // After the task that registers the channel.
        loop.execute(() -> loop.turnstile().aside(this, () -> channel.config().setAutoRead(true)));
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size > maxPayload()) {
            throw new IllegalArgumentException(
                    "A datagram of " + size + " bytes is longer than the limit, " + maxPayload());
        }
        if (!closed) {
            if (!reachable(to)) {
                dropped.incrementAndGet();
            } else if (size > 0 && loop.inLoop() && channel.isRegistered()) {
                write(to, datagram);
            } else {
                sendPast(to, datagram);
            }
        }
        datagram.position(datagram.limit());
    }

    /**
     * Some systems take "any address" as their own, and a contact that a stranger named would lead back to us. To Netty's
     * IPv4 sockets an address is four bytes, whatever it has.
     */
    private boolean reachable(Endpoint to) {
        return to.port() != 0 && !to.isWildcard() && (to.isIPv4() || !ipv4Only);
    }

    /** On the loop. */
    private void write(Endpoint to, ByteBuffer datagram) {
        if (channel.isWritable()) {
            InetSocketAddress address = loop.addresses().socketAddress(to);
            ByteBuf copy = channel.alloc().directBuffer(datagram.remaining());
            channel.write(new DatagramPacket(copy.writeBytes(datagram), address), channel.voidPromise());
            if (++unflushed == 1) {
                loop.flushLater(this);
            } else if (unflushed == UNFLUSHED) {
                flush();
            }
        } else {
            dropped.incrementAndGet();
        }
    }

    /** Sends at once, past the channel: on another thread, before there is a channel, or what Netty takes for nothing. */
    private void sendPast(Endpoint to, ByteBuffer datagram) {
        ByteBuf copy = channel.alloc().directBuffer(1 + datagram.remaining()).writeBytes(datagram);
        synchronized (gate) {
            try {
                if (!closed && !loop.sockets().send(channel, copy.nioBuffer(), to.toSocketAddress())) {
                    dropped.incrementAndGet();
                }
            } catch (IOException | UnsupportedAddressTypeException e) {
                dropped.incrementAndGet();
            } finally {
                copy.release();
            }
        }
    }

    /** Hands what was written to the system. On the loop. */
    void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            loop.turnstile().aside(this, flush);
        }
    }

    /**
     * How many datagrams {@link #send} could not hand to the system: no route, an address of the other family, a socket
     * buffer that is full, with a megabyte that waits for it. What is lost behind that nobody counts.
     */
    public long dropped() {
        return dropped.get();
    }

    /** Mostly a datagram that was not sent. What it is while receiving, the next datagram is as good as any. */
    void refused(Throwable cause) {
        if (!closed) {
            dropped.incrementAndGet();
            NettyLoop.report(Level.DEBUG, "The system refused a datagram on " + localAddress, cause);
        }
    }

    /** Hands a datagram to the receiver. On the loop, which lends the buffer. */
    void deliver(InetSocketAddress sender, ByteBuf content) {
        Receiver receiver = this.receiver;
        int size = content.readableBytes();
        if (closed || receiver == null) {
            return;
        }
        if (size > Sockets.RECEIVED_MAX) {
            NettyLoop.report(Level.DEBUG, "A datagram from " + sender + " is too large for " + localAddress, null);
            return;
        }
        Endpoint from = loop.addresses().endpoint(sender);
        ByteBuffer datagram = loop.received(content);
        loop.turnstile().enter(this);
        try {
            receiver.receive(from, datagram);
        } catch (Throwable e) {
            NettyLoop.report(Level.ERROR, "A receiver failed", e);
        } finally {
            // An interrupt left behind would reach the next one.
            boolean unused = Thread.interrupted();
            loop.turnstile().enter(null);
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
        Receiver last;
        synchronized (gate) {
            last = closed ? null : receiver;
            closed = true;
        }
        loop.release(this);
        if (own != null) {
            own.close();
        }
        if (last != null) {
            tellClosed(last);
        }
    }

    private static void tellClosed(Receiver receiver) {
        try {
            receiver.closed();
        } catch (Throwable e) {
            NettyLoop.report(Level.ERROR, "A receiver failed when it was told of the end", e);
        }
    }

    // The parts of closing, in the hands of the loop, which knows where it is itself.

    boolean isReleased() {
        return released;
    }

    /** Closes the socket, if it is open and there is nothing in the system that holds on to it. Under the lock of the loop. */
    void closeSocket(boolean atOnce) {
        if (released) {
            return;
        }
        if (loop.inLoop() && channel.isRegistered()) {
            // What was sent before goes out before.
            flush();
        }
        if (atOnce || !channel.isRegistered()) {
            try {
                loop.sockets().close(channel);
            } catch (IOException e) {
                NettyLoop.report(Level.ERROR, "Closing a socket failed", e);
            }
            released();
        }
    }

    /** Closes the channel, and with it the socket if it is open still. On the loop, or when that has ended. */
    void closeChannel() {
        if (channelClosed) {
            return;
        }
        channelClosed = true;
        if (channel.isRegistered()) {
            channel.close().addListener(future -> released());
        } else {
            channel.unsafe().closeForcibly();
        }
    }

    private void released() {
        released = true;
        loop.released(this);
    }

    /** A socket on the same host, any port and the same loop, at once. It ends with that loop at the latest. */
    @Override
    public CompletionStage<Transport> sibling() {
        try {
            if (closed) {
                throw new IllegalStateException("The transport on " + localAddress + " is closed");
            }
            // Not of the endpoint, which has lost the scope of a link-local address.
            return CompletableFuture.completedStage(
                    bind(loop, null, bound.getAddress().getHostAddress(), 0));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}

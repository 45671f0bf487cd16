package org.dhtrpc.transport.netty;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/** Sockets of the JDK. */
final class NioSockets implements Sockets {
    /** What Netty's channel keeps to itself. */
    private static final AttributeKey<java.nio.channels.DatagramChannel> SOCKET =
            AttributeKey.valueOf(NioSockets.class, "socket");

    private final Provider provider = new Provider();

    @Override
    public IoHandlerFactory handlers() {
        return NioIoHandler.newFactory(provider);
    }

    @Override
    public boolean closeAtOnce() {
        return true;
    }

    @Override
    public DatagramChannel open(SocketProtocolFamily family) throws IOException {
        ProtocolFamily jdk =
                family == SocketProtocolFamily.INET6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        try {
            java.nio.channels.DatagramChannel socket = provider.openDatagramChannel(jdk);
            NioDatagramChannel channel = new NioDatagramChannel(socket);
            channel.attr(SOCKET).set(socket);
            // One that is set takes a single datagram a turn unless it is told otherwise.
            channel.config()
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVED_MAX + 1).maxMessagesPerRead(BATCH));
            return channel;
        } catch (UnsupportedOperationException e) {
            throw new IOException("no " + jdk + " here", e);
        }
    }

    @Override
    public void bind(DatagramChannel channel, InetSocketAddress address) throws IOException {
        socket(channel).bind(address);
    }

    @Override
    public InetSocketAddress localAddress(DatagramChannel channel) {
        return channel.localAddress();
    }

    @Override
    public boolean send(DatagramChannel channel, ByteBuffer datagram, InetSocketAddress to) throws IOException {
        return socket(channel).send(datagram.duplicate(), to) == datagram.remaining();
    }

    /**
     * A closed channel keeps its port until its selector has noticed, which takes a selection; this makes one. Not by
     * way of the selected keys, which are the loop's.
     */
    @Override
    public void close(DatagramChannel channel) throws IOException {
        java.nio.channels.DatagramChannel socket = socket(channel);
        socket.close();
        Selector selector = provider.selector;
        if (selector != null && socket.isRegistered()) {
            try {
                selector.selectNow(key -> {});
            } catch (ClosedSelectorException e) {
                // It has let go of all its channels then.
            }
            // The selection may have used up the wake-up of somebody who handed over a task.
            selector.wakeup();
        }
    }

    private static java.nio.channels.DatagramChannel socket(DatagramChannel channel) {
        return channel.attr(SOCKET).get();
    }

    /** The JDK's, and remembers the selector that Netty has from it. */
    private static final class Provider extends SelectorProvider {
        private final SelectorProvider jdk = SelectorProvider.provider();
        private volatile @Nullable Selector selector;

        @Override
        public AbstractSelector openSelector() throws IOException {
            AbstractSelector opened = jdk.openSelector();
            selector = opened;
            return opened;
        }

        @Override
        public java.nio.channels.DatagramChannel openDatagramChannel() throws IOException {
            return jdk.openDatagramChannel();
        }

        @Override
        public java.nio.channels.DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return jdk.openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return jdk.openPipe();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return jdk.openServerSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return jdk.openSocketChannel();
        }
    }
}

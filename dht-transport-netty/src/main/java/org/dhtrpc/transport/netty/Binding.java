package org.dhtrpc.transport.netty;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** How a socket comes to be: bound, and not yet with a loop. */
final class Binding {
    /**
     * In bytes. Linux gives what {@code net.core.rmem_max} allows, and takes it only while it is filled; what it gives
     * unasked, 208 KiB, holds less than the answers to one burst.
     */
    private static final int RECEIVE_BUFFER = 4 << 20;

    /** How much may wait for a socket buffer that is full, in bytes. */
    private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(1 << 19, 1 << 20);

    private Binding() {}

    /** A new socket on this address, as {@link NettyTransport#bind(String, int)} describes it. */
    static DatagramChannel bound(Sockets sockets, String host, int port) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("A port is 0 to 65535, not " + port);
        }
        try {
            return bound(sockets, new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("Cannot bind " + host + ":" + port + ": unknown host", e);
        } catch (IOException e) {
            String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            throw new UncheckedIOException("Cannot bind " + address + ": " + e.getMessage(), e);
        }
    }

    private static DatagramChannel bound(Sockets sockets, InetSocketAddress address) throws IOException {
        DatagramChannel channel = opened(
                sockets,
                address.getAddress() instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
        try {
            DatagramChannelConfig config = channel.config();
            config.setAutoRead(false);
            config.setAllocator(PooledByteBufAllocator.DEFAULT);
            config.setWriteBufferWaterMark(WAITING);
            if (config.getReceiveBufferSize() < RECEIVE_BUFFER) {
                config.setReceiveBufferSize(RECEIVE_BUFFER);
            }
            sockets.bind(channel, address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.unsafe().closeForcibly();
            throw e;
        }
    }

    private static DatagramChannel opened(Sockets sockets, SocketProtocolFamily family) throws IOException {
        try {
            return sockets.open(family);
        } catch (ChannelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}

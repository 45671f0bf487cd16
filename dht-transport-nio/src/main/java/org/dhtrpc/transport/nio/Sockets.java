package org.dhtrpc.transport.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import org.dhtrpc.Endpoint;

/** Where the sockets come from: a host and a port, or the caller's own making. */
final class Sockets {
    /**
     * On Linux this holds 3,640 replies of the largest size, and 10,000 small datagrams; a quarter of it, 910 replies, and
     * what systems give unasked, 92: less than the answers to one burst. It is taken only while it is filled.
     */
    private static final int RECEIVE_BUFFER = 4 << 20;

    private Sockets() {}

    /** A new socket on this address, as {@link NioTransport#bind(String, int)} describes it. */
    static DatagramChannel bound(String host, int port) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("A port is 0 to 65535, not " + port);
        }
        try {
            return bound(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("Cannot bind " + host + ":" + port + ": unknown host", e);
        } catch (IOException e) {
            String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
            throw new UncheckedIOException("Cannot bind " + address + ": " + e.getMessage(), e);
        }
    }

    private static DatagramChannel bound(InetSocketAddress address) throws IOException {
        DatagramChannel channel = opened(
                address.getAddress() instanceof Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET);
        try {
            if (channel.getOption(StandardSocketOptions.SO_RCVBUF) < RECEIVE_BUFFER) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            }
            return channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static DatagramChannel opened(ProtocolFamily family) throws IOException {
        try {
            return DatagramChannel.open(family);
        } catch (UnsupportedOperationException e) {
            throw new IOException("no " + family + " here", e);
        }
    }

    /** The address of a socket that the caller made, which is non-blocking from here on. */
    static Endpoint claim(DatagramChannel channel) {
        try {
            if (!(channel.getLocalAddress() instanceof InetSocketAddress address)) {
                throw new IllegalArgumentException("The channel is not bound: bind it before it is handed over");
            }
            if (channel.isConnected()) {
                throw new IllegalArgumentException(
                        "The channel is connected to " + channel.getRemoteAddress() + ", and could reach nobody else");
            }
            if (channel.isRegistered()) {
                throw new IllegalArgumentException("The channel is registered with a selector: it has an owner");
            }
            channel.configureBlocking(false);
            return Endpoint.of(address);
        } catch (IOException e) {
            throw new IllegalArgumentException("The channel is closed", e);
        }
    }

    static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            NioLoop.report(Level.ERROR, "Closing a socket failed", e);
        }
    }
}

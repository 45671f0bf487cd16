package org.dhtrpc.transport.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The sockets of one loop, in as far as they differ between the kinds of I/O. Beside what Netty's channels do they can be
 * bound and send before there is a turn of the loop, or without one, and be closed at once.
 */
interface Sockets {
    /** The largest datagram that is received, in bytes. One that fills its buffer may have been cut, and is dropped. */
    int RECEIVED_MAX = 2_047;

    /** How many datagrams of one socket are received in a turn. */
    int BATCH = 16;

    /** The I/O of the loop. */
    IoHandlerFactory handlers();

    /** A new socket that is not bound. */
    DatagramChannel open(SocketProtocolFamily family) throws IOException;

    void bind(DatagramChannel channel, InetSocketAddress address) throws IOException;

    /** The address that the socket was bound to. */
    InetSocketAddress localAddress(DatagramChannel channel);

    /**
     * Sends a datagram past the channel, and whatever waits there. From any thread, if nobody closes the socket meanwhile.
     *
     * @param datagram in direct memory; left as it is
     * @return false if the system did not take it
     */
    boolean send(DatagramChannel channel, ByteBuffer datagram, InetSocketAddress to) throws IOException;

    /** Whether {@link #close} frees the port, or the system holds on to a socket until the loop has had its turn. */
    boolean closeAtOnce();

    /**
     * Closes the socket behind the channel, so that its port is free; the channel itself is closed later, by the loop.
     * On the loop, or on another thread while the loop is held up elsewhere.
     */
    void close(DatagramChannel channel) throws IOException;
}

package org.dhtrpc.transport.netty;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;

/** Sockets of Linux's epoll. */
final class EpollSockets extends UnixSockets {
    /**
     * How many datagrams one system call receives. Their buffer is then as large as the allocator keeps in a thread's
     * cache; with 64, which it does not, a datagram took twice as long.
     */
    private static final int BATCH = 16;

    @Override
    public IoHandlerFactory handlers() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public boolean closeAtOnce() {
        return true;
    }

    @Override
    public DatagramChannel open(SocketProtocolFamily family) {
        EpollDatagramChannel channel = new EpollDatagramChannel(family);
        channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, RECEIVED_MAX + 1);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(BATCH * (RECEIVED_MAX + 1)));
        return channel;
    }
}

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
        // All by one system call. The buffer is as large as the allocator keeps in a thread's cache; with one of 64
        // datagrams, which it does not keep, a datagram took twice as long.
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(BATCH * (RECEIVED_MAX + 1)));
        return channel;
    }
}

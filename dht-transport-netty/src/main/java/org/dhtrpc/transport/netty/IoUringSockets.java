package org.dhtrpc.transport.netty;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;

/** Sockets of Linux's io_uring. */
final class IoUringSockets extends UnixSockets {
    @Override
    public IoHandlerFactory handlers() {
        return IoUringIoHandler.newFactory();
    }

    @Override
    public boolean closeAtOnce() {
        return false;
    }

    @Override
    public DatagramChannel open(SocketProtocolFamily family) {
        IoUringDatagramChannel channel = new IoUringDatagramChannel(family);
        // One that is set takes a single datagram a turn unless it is told otherwise.
        channel.config()
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVED_MAX + 1).maxMessagesPerRead(BATCH));
        return channel;
    }
}

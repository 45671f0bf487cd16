package org.dhtrpc.transport.netty;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What the sockets of Linux have in common: a file descriptor. */
abstract class UnixSockets implements Sockets {
    @Override
    @SuppressWarnings("deprecation") // It has no successor.
    public final void bind(DatagramChannel channel, InetSocketAddress address) throws IOException {
        // The channel has no part in it, and would never know that it is bound.
        channel.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
        socket(channel).bind(address);
    }

    @Override
    public final InetSocketAddress localAddress(DatagramChannel channel) {
        return socket(channel).localAddress();
    }

    @Override
    public final boolean send(DatagramChannel channel, ByteBuffer datagram, InetSocketAddress to) throws IOException {
        int size = datagram.remaining();
        return socket(channel).sendTo(datagram, datagram.position(), datagram.limit(), to.getAddress(), to.getPort())
                == size;
    }

    @Override
    public final void close(DatagramChannel channel) throws IOException {
        socket(channel).close();
    }

    private static Socket socket(DatagramChannel channel) {
        return (Socket) ((UnixChannel) channel).fd();
    }
}

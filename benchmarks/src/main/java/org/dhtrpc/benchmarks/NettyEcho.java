package org.dhtrpc.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** Netty's sockets: what was received goes back in its own buffer, and what one turn sends leaves together. */
final class NettyEcho implements EchoLoop {
    private static final int BUFFER = 2_048;

    /** Datagrams that one system call receives, where there is such a call: as many as our transport has. */
    private static final int BATCH = 16;

    /** Datagrams that are received in one turn of the loop, as by our transport. */
    private static final int READS = 16;

    private final EventLoopGroup group;
    private final Bootstrap sockets;

    /** Of IPv4 alone and with buffers from a pool, as our transport has them: both cost less than what Netty does unasked. */
    private NettyEcho(IoHandlerFactory io, Function<SocketProtocolFamily, Channel> socket) {
        group = new MultiThreadIoEventLoopGroup(1, io);
        sockets = new Bootstrap()
                .group(group)
                .channelFactory(() -> socket.apply(SocketProtocolFamily.INET))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(BUFFER).maxMessagesPerRead(READS));
    }

    static NettyEcho nio() {
        return new NettyEcho(NioIoHandler.newFactory(), NioDatagramChannel::new);
    }

    static NettyEcho epoll() {
        NettyEcho echo = new NettyEcho(EpollIoHandler.newFactory(), EpollDatagramChannel::new);
        echo.sockets
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, BUFFER)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * BUFFER));
        return echo;
    }

    static NettyEcho uring() {
        return new NettyEcho(IoUringIoHandler.newFactory(), IoUringDatagramChannel::new);
    }

    private Channel bind(ChannelHandler handler) {
        return sockets.clone()
                .handler(handler)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public Endpoint answer() {
        Channel channel = bind(new Answering());
        return Endpoint.of((InetSocketAddress) channel.localAddress());
    }

    @Override
    public Load ask(Endpoint whom, int bytes) {
        Asking asking = new Asking(whom.toSocketAddress(), bytes);
        Channel channel = bind(asking);
        return phase -> channel.eventLoop().execute(() -> asking.begin(channel, phase));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket datagram = (DatagramPacket) message;
            // The reference to the content moves on.
            context.write(new DatagramPacket(datagram.content(), datagram.sender()), context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private static final class Asking extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress whom;
        private final int bytes;
        private @Nullable Phase phase;

        Asking(InetSocketAddress whom, int bytes) {
            this.whom = whom;
            this.bytes = bytes;
        }

        void begin(Channel channel, Phase phase) {
            this.phase = phase;
            for (int i = 0; i < phase.window(); i++) {
                ByteBuf datagram = channel.alloc().directBuffer(bytes).writeZero(bytes);
                channel.write(new DatagramPacket(datagram.setLong(0, System.nanoTime()), whom), channel.voidPromise());
            }
            channel.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf datagram = ((DatagramPacket) message).content();
            long sent = datagram.getLong(datagram.readerIndex());
            if (phase != null && phase.ended(sent, true)) {
                datagram.setLong(datagram.readerIndex(), System.nanoTime());
                context.write(new DatagramPacket(datagram, whom), context.voidPromise());
            } else {
                datagram.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}

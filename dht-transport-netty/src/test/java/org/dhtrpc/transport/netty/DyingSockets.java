package org.dhtrpc.transport.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Sockets of NIO whose loop fails when it is told to, in a way that Netty does not survive. */
final class DyingSockets implements Sockets {
    private final Sockets nio = new NioSockets();
    volatile boolean dead;

    @Override
    public IoHandlerFactory handlers() {
        return executor -> new Dying(nio.handlers().newHandler(executor));
    }

    private final class Dying implements IoHandler {
        private final IoHandler handler;

        Dying(IoHandler handler) {
            this.handler = handler;
        }

        @Override
        public int run(IoHandlerContext context) {
            if (dead) {
                throw new AssertionError("thrown on purpose by a test");
            }
            return handler.run(context);
        }

        @Override
        public void prepareToDestroy() {
            handler.prepareToDestroy();
        }

        @Override
        public void destroy() {
            handler.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return handler.register(handle);
        }

        @Override
        public void wakeup() {
            handler.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return handler.isCompatible(type);
        }
    }

    @Override
    public boolean closeAtOnce() {
        return nio.closeAtOnce();
    }

    @Override
    public DatagramChannel open(SocketProtocolFamily family) throws IOException {
        return nio.open(family);
    }

    @Override
    public void bind(DatagramChannel channel, InetSocketAddress address) throws IOException {
        nio.bind(channel, address);
    }

    @Override
    public InetSocketAddress localAddress(DatagramChannel channel) {
        return nio.localAddress(channel);
    }

    @Override
    public boolean send(DatagramChannel channel, ByteBuffer datagram, InetSocketAddress to) throws IOException {
        return nio.send(channel, datagram, to);
    }

    @Override
    public void close(DatagramChannel channel) throws IOException {
        nio.close(channel);
    }
}

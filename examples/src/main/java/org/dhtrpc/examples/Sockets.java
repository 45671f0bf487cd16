package org.dhtrpc.examples;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.netty.NettyIo;
import org.dhtrpc.transport.netty.NettyLoops;
import org.dhtrpc.transport.netty.NettyTransport;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;

/** Where a program's sockets come from: any number of one kind, on two loops that they share. */
interface Sockets extends AutoCloseable {
    /** How the option is explained wherever there is one. */
    String OPTION = "What to send and receive with: ${COMPLETION-CANDIDATES}; netty is epoll where there is one.";

    /** A socket on one of the loops. Port 0 is any that is free. */
    Transport bind(String host, int port);

    /** Ends the loops, and the sockets with them. */
    @Override
    void close();

    /** What {@code --transport} takes. */
    enum Kind {
        NIO,
        NETTY,
        EPOLL,
        IO_URING;

        /**
         * Starts the loops.
         *
         * @throws UnsupportedOperationException if there is no such thing here; the message says why
         */
        Sockets start() {
            return switch (this) {
                case NIO -> nio();
                case NETTY -> netty(NettyIo.best());
                case EPOLL -> netty(NettyIo.EPOLL);
                case IO_URING -> netty(NettyIo.IO_URING);
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static Sockets nio() {
        List<NioLoop> loops = List.of(NioLoop.start("loop-1"), NioLoop.start("loop-2"));
        AtomicInteger turn = new AtomicInteger();
        return new Sockets() {
            @Override
            public Transport bind(String host, int port) {
                return NioTransport.bind(loops.get(turn.getAndIncrement() & 1), host, port);
            }

            @Override
            public void close() {
                loops.forEach(NioLoop::close);
            }
        };
    }

    private static Sockets netty(NettyIo io) {
        NettyLoops loops = NettyLoops.start(io, 2);
        return new Sockets() {
            @Override
            public Transport bind(String host, int port) {
                return NettyTransport.bind(loops, host, port);
            }

            @Override
            public void close() {
                loops.close();
            }
        };
    }
}

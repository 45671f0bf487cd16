package org.dhtrpc.benchmarks;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.netty.NettyIo;
import org.dhtrpc.transport.netty.NettyLoops;
import org.dhtrpc.transport.netty.NettyTransport;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;

/** How datagrams come and go. */
@SuppressWarnings("ImmutableEnumChecker")
enum Io {
    /** The JDK's channels and selector. */
    NIO(SelectorEcho::new, () -> Sockets.nio()),
    /** The same by Netty. */
    NETTY(NettyEcho::nio, () -> Sockets.netty(NettyIo.NIO)),
    /** Netty and Linux's epoll, with batches. */
    EPOLL(NettyEcho::epoll, () -> Sockets.netty(NettyIo.EPOLL)),
    /** Netty and Linux's io_uring. */
    IO_URING(NettyEcho::uring, () -> Sockets.netty(NettyIo.IO_URING));

    static final String HOST = "127.0.0.1";

    private final Supplier<EchoLoop> raw;
    private final Supplier<Sockets> sockets;

    Io(Supplier<EchoLoop> raw, Supplier<Sockets> sockets) {
        this.raw = raw;
        this.sockets = sockets;
    }

    /** Our transport of this kind, any number of them on one loop. */
    Sockets sockets() {
        return sockets.get();
    }

    /** The same sockets without anything of ours. */
    EchoLoop raw() {
        return raw.get();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A loop and sockets on it. */
    record Sockets(Function<Integer, Transport> binding, Runnable end) implements AutoCloseable {
        private static Sockets nio() {
            NioLoop loop = NioLoop.start("benchmark");
            return new Sockets(port -> NioTransport.bind(loop, HOST, port), loop::close);
        }

        private static Sockets netty(NettyIo io) {
            NettyLoops loop = NettyLoops.start(io, 1);
            return new Sockets(port -> NettyTransport.bind(loop, HOST, port), loop::close);
        }

        /** Another socket on loopback, at any port. */
        Transport bind() {
            return bind(0);
        }

        /** Another socket on loopback, at this port; 0 for any that is free. */
        Transport bind(int port) {
            return binding.apply(port);
        }

        /** Ends the loop. */
        @Override
        public void close() {
            end.run();
        }
    }
}

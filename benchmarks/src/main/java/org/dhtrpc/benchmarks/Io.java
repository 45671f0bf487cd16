package org.dhtrpc.benchmarks;

import java.util.Locale;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;

/** How datagrams come and go. */
enum Io {
    /** The JDK's channels and selector. */
    NIO;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static final String HOST = "127.0.0.1";

    /** Our transport of this kind, any number of them on one loop. */
    Sockets sockets() {
        NioLoop loop = NioLoop.start("benchmark");
        return new Sockets() {
            @Override
            public Transport bind(int port) {
                return NioTransport.bind(loop, HOST, port);
            }

            @Override
            public void close() {
                loop.close();
            }
        };
    }

    /** The same sockets without anything of ours. */
    EchoLoop raw() {
        return new SelectorEcho();
    }

    /** A loop and sockets on it. */
    interface Sockets extends AutoCloseable {
        /** Another socket on loopback, at this port; 0 for any that is free. */
        Transport bind(int port);

        /** Another socket on loopback, at any port. */
        default Transport bind() {
            return bind(0);
        }

        /** Ends the loop. */
        @Override
        void close();
    }
}

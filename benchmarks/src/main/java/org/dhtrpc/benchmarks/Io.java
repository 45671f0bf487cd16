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
            public Transport bind() {
                return NioTransport.bind(loop, HOST, 0);
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
        /** Another socket, on loopback and any port. */
        Transport bind();

        /** Ends the loop. */
        @Override
        void close();
    }
}

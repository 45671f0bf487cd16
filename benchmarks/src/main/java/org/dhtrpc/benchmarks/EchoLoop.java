package org.dhtrpc.benchmarks;

import org.dhtrpc.Endpoint;

/** A loop with sockets that answer a datagram with itself, and others that ask those. */
interface EchoLoop extends AutoCloseable {
    /** How large a socket's buffers are, so that nothing is lost. */
    int SOCKET_BUFFER = 4 << 20;

    /** The largest datagram, in bytes. */
    int LARGEST = 1_472;

    /** Opens a socket that answers. */
    Endpoint answer();

    /** Opens a socket that asks. Each datagram begins with the time when it was sent. */
    Load ask(Endpoint whom, int bytes);

    @Override
    void close();
}

package org.dhtrpc.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;

/**
 * One bound socket that moves datagrams. It does not know what they mean, and it does not repeat, order or match them.
 *
 * <p>Rules (reasons in {@code docs/spi/transport.md}): it is bound when it exists (T1); it is opened once (T2); a send
 * is at most one receive of the same bytes (T3); buffers are borrowed, in both directions, for the time of the call
 * (T4); receives are serial, on the loop (T5); no network condition throws or blocks (T6); a datagram that is too large
 * for {@link #maxPayload} throws at the call (T7); a receiver that throws does not stop the next delivery (T8); a send
 * from inside a receive (T9) and from any thread (T10) is a send like others; after {@link #close} nothing is received
 * (T11) and the port is free (T12); the address that a datagram came from is one that can be sent to (T13); siblings
 * share the loop (T16); the receiver is told of the end, whoever brought it about (T17).
 *
 * <p>A bind that fails does so in the implementation's own factory, with an {@link java.io.UncheckedIOException} that
 * names the address.
 */
public interface Transport extends AutoCloseable {
    /** The address that the socket is bound to; the port is never 0. */
    Endpoint localAddress();

    /** The loop that this transport receives on, always the same one. Siblings and decorators return it too. */
    EventLoop loop();

    /**
     * Starts delivering datagrams. Those that came before may be delivered or dropped.
     *
     * @throws IllegalStateException if the transport is open or closed already
     */
    void open(Receiver receiver);

    /**
     * Sends what remains in the buffer, and moves its position to its limit, be the datagram lost or not. The buffer may
     * be changed as soon as this returns. From any thread. Nobody is told if the datagram is lost, here or on its way; on
     * a closed transport it is dropped.
     *
     * @throws IllegalArgumentException if more than {@link #maxPayload} bytes remain; the message names both numbers
     */
    void send(Endpoint to, ByteBuffer datagram);

    /**
     * Closes the socket. When it returns, no further receive begins; called off the loop it may wait for one that is
     * running, so do not hold a lock that the receiver wants, and do not let receivers of two loops close each other's
     * transport. The first to call it also tells the receiver. From any
     * thread; idempotent.
     */
    @Override
    void close();

    /** The largest datagram that {@link #send} takes, in bytes. */
    default int maxPayload() {
        return 1_472;
    }

    /**
     * Another socket of the same kind and family, bound to any free port, on the same loop; for hole punching and
     * firewall tests. Its owner closes it.
     *
     * @return a stage that fails with {@link UnsupportedOperationException} where there is no such thing
     */
    default CompletionStage<Transport> sibling() {
        return CompletableFuture.failedStage(
                new UnsupportedOperationException(getClass().getName() + " has no siblings"));
    }

    /** Where received datagrams go, and the news of their end. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Takes one datagram, on the loop. It lies between the buffer's position and limit; the buffer is borrowed for
         * the time of this call, may be direct, and is big-endian. An empty datagram is one too.
         */
        void receive(Endpoint from, ByteBuffer datagram);

        /**
         * Says that no further receive begins, whoever closed the transport: its owner, the maker of a shared loop, or a
         * loop that died of an error. Called once, if the transport was opened; by the thread that closes it, which is
         * any thread, before its {@link Transport#close} returns, and inside a receive if that is where it closes. The
         * loop may have ended, so that what is handed over to it now may never run. It must not block; what it throws is
         * logged.
         */
        default void closed() {}
    }
}

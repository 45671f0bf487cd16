package org.dhtrpc.it;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose traffic somebody listens to, and through which datagrams can be passed that came from nowhere. So
 * attacks from addresses that this machine does not have reach a node, with all of its decoding, and not one datagram
 * leaves the machine.
 */
final class Wiretap implements Transport {
    /** Addresses that a test may really send to. */
    static final Predicate<Endpoint> LOOPBACK = to -> to.toString().startsWith(Loopback.HOST + ":");

    private final Transport socket;
    private final Listener listener;
    private volatile @Nullable Receiver receiver;

    /** Who listens. On the loop, or where somebody sends. */
    @FunctionalInterface
    interface Listener {
        /**
         * A datagram, also one that is not sent because it would leave the machine.
         *
         * @param out whether it was sent, or received
         */
        void heard(boolean out, Endpoint peer, byte[] datagram);
    }

    Wiretap(Transport socket, Listener listener) {
        this.socket = socket;
        this.listener = listener;
    }

    /** Passes a datagram to the node as if it had come from there. On the loop, see {@link #onLoop}. */
    void inject(Endpoint from, byte[] datagram) {
        Objects.requireNonNull(receiver, "not open yet").receive(from, ByteBuffer.wrap(datagram));
    }

    /** Does something on the loop, and waits until it is done. */
    void onLoop(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop().execute(() -> {
            try {
                work.run();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        Loopback.await(done);
    }

    @Override
    public Endpoint localAddress() {
        return socket.localAddress();
    }

    @Override
    public EventLoop loop() {
        return socket.loop();
    }

    @Override
    public void open(Receiver receiver) {
        this.receiver = receiver;
        socket.open(new Receiver() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                listener.heard(false, from, bytes(datagram));
                receiver.receive(from, datagram);
            }

            @Override
            public void closed() {
                receiver.closed();
            }
        });
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        listener.heard(true, to, bytes(datagram));
        if (LOOPBACK.test(to)) {
            socket.send(to, datagram);
        } else {
            datagram.position(datagram.limit());
        }
    }

    private static byte[] bytes(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public int maxPayload() {
        return socket.maxPayload();
    }

    @Override
    public void close() {
        socket.close();
    }
}

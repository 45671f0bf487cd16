package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/** The sockets by their numbers: the main one, and those that the {@link Agent} has had made beside it. */
final class SiblingSockets {
    private final Transport main;
    private final Inbox inbox;
    private final Consumer<Runnable> input;
    private final Agent agent;

    /** Null as long as one is not made. */
    private final Map<Integer, Slot> sockets = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** Takes what comes in. */
    @FunctionalInterface
    interface Inbox {
        void receive(int socket, Endpoint from, ByteBuffer datagram);
    }

    private static final class Slot {
        private volatile @Nullable Transport transport;
    }

    /** @param input does something on the loop, where it is called */
    SiblingSockets(Transport main, Inbox inbox, Consumer<Runnable> input, Agent agent) {
        this.main = main;
        this.inbox = inbox;
        this.input = input;
        this.agent = agent;
    }

    /** What is sent by a socket that is gone is lost. From any thread. */
    void send(int socket, Endpoint to, ByteBuffer datagram) {
        Slot slot = sockets.get(socket);
        Transport transport = socket == Outbox.MAIN ? main : slot == null ? null : slot.transport;
        if (transport != null) {
            transport.send(to, datagram);
        } else {
            datagram.position(datagram.limit());
        }
    }

    /** On the loop. */
    void open(int socket) {
        Slot slot = new Slot();
        sockets.put(socket, slot);
        made().whenComplete((@Nullable Transport made, @Nullable Throwable failure) -> {
            // At once, so that whoever closes closes this one too, be the loop over or not.
            slot.transport = made;
            if (made != null && (closed || sockets.get(socket) != slot)) {
                made.close();
            } else if (main.loop().inLoop()) {
                input.accept(() -> take(socket, slot, made));
            } else {
                main.loop().execute(() -> input.accept(() -> take(socket, slot, made)));
            }
        });
    }

    private CompletionStage<Transport> made() {
        try {
            return main.sibling();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void take(int socket, Slot slot, @Nullable Transport made) {
        long now = main.loop().nanoTime();
        if (made == null) {
            sockets.remove(socket, slot);
            agent.notOpened(now, socket);
        } else if (sockets.get(socket) == slot && opens(socket, made)) {
            agent.opened(now, socket, made.localAddress());
        }
    }

    private boolean opens(int socket, Transport made) {
        try {
            made.open((from, datagram) -> inbox.receive(socket, from, datagram));
            return true;
        } catch (IllegalStateException e) {
            // Closed meanwhile, by whoever closes all.
            return false;
        }
    }

    void close(int socket) {
        Slot slot = sockets.remove(socket);
        Transport transport = slot == null ? null : slot.transport;
        if (transport != null) {
            transport.close();
        }
    }

    /** Closes all but the main one. From any thread. */
    void close() {
        closed = true;
        sockets.keySet().forEach(this::close);
    }
}

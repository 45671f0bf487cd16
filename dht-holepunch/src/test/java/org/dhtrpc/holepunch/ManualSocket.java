package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/** A socket that goes nowhere, whose loop does nothing unless it is told to. */
final class ManualSocket implements Transport {
    final Loop loop;
    final List<CompletableFuture<Transport>> siblings;
    final List<Endpoint> sentTo = new ArrayList<>();
    boolean closed;
    private final Endpoint local;
    private @Nullable Receiver receiver;

    /** Whoever calls is on it, or not, as the test says. */
    static final class Loop implements EventLoop {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        boolean inLoop;
        boolean ended;

        /** All that was handed over, as the loop does it. */
        void run() {
            boolean before = inLoop;
            inLoop = true;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            inLoop = before;
        }

        /** Nothing is done any more. */
        void end() {
            ended = true;
            tasks.clear();
        }

        @Override
        public long nanoTime() {
            return 5;
        }

        @Override
        public void execute(Runnable task) {
            if (!ended) {
                tasks.add(task);
            }
        }

        @Override
        public Timer schedule(long deadline, Runnable task) {
            return () -> {};
        }

        @Override
        public boolean inLoop() {
            return inLoop;
        }
    }

    private ManualSocket(Endpoint local, Loop loop, List<CompletableFuture<Transport>> siblings) {
        this.local = local;
        this.loop = loop;
        this.siblings = siblings;
    }

    ManualSocket(String local) {
        this(Endpoint.parse(local), new Loop(), new ArrayList<>());
    }

    /** One that a sibling's stage may be completed with. */
    ManualSocket another(int port) {
        return new ManualSocket(Endpoint.of(local.address(), port), loop, siblings);
    }

    boolean opened() {
        return receiver != null;
    }

    @Override
    public Endpoint localAddress() {
        return local;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void open(Receiver receiver) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        this.receiver = receiver;
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        datagram.position(datagram.limit());
        sentTo.add(to);
    }

    @Override
    public void close() {
        boolean first = !closed;
        closed = true;
        if (first && receiver != null) {
            receiver.closed();
        }
    }

    @Override
    public CompletionStage<Transport> sibling() {
        CompletableFuture<Transport> sibling = new CompletableFuture<>();
        siblings.add(sibling);
        return sibling;
    }
}

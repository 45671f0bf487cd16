package org.dhtrpc.node;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What a node sends from: its transport and, if it has to find out whether strangers reach that, a second socket. What it asks
 * leaves from there then, so that nobody knows the main one yet. Closed from any thread, else used on the loop.
 */
final class Sockets {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Transport main;
    private final Problems problems;

    private @Nullable Transport sibling;
    /** Not waited for any longer; null if nothing is. */
    private EventLoop.@Nullable Timer patience;

    private boolean closed;

    Sockets(Transport main, Problems problems) {
        this.main = main;
        this.problems = problems;
    }

    /**
     * Opens the second one, or finds out that there is none, and goes on either way: without it, if it takes more than
     * {@link #PATIENCE} to make.
     *
     * @param receiver of what comes in
     * @param done told whether there is one, on any thread; once more if it comes after all
     */
    void openSibling(Transport.Receiver receiver, Consumer<Boolean> done) {
        EventLoop loop = main.loop();
        EventLoop.Timer timer = loop.schedule(loop.nanoTime() + PATIENCE.toNanos(), () -> {
            without(new IllegalStateException("None was made within " + PATIENCE.toMillis() + " ms"));
            done.accept(false);
        });
        synchronized (this) {
            patience = timer;
        }
        made().whenComplete((@Nullable Transport made, @Nullable Throwable failure) -> {
            timer.cancel();
            if (made == null) {
                without(failure == null ? new IllegalStateException("The transport has made none") : failure);
            }
            done.accept(made != null && take(made, receiver));
        });
    }

    private CompletionStage<Transport> made() {
        try {
            return main.sibling();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void without(Throwable why) {
        problems.report(
                "No second socket beside " + main.localAddress()
                        + ": the node cannot find out whether it is reached from outside",
                why);
    }

    /** False if it cannot be used, or need not be any more. */
    private boolean take(Transport made, Transport.Receiver receiver) {
        synchronized (this) {
            if (!closed && opens(made, receiver)) {
                sibling = made;
                return true;
            }
        }
        made.close();
        return false;
    }

    private boolean opens(Transport made, Transport.Receiver receiver) {
        try {
            made.open(receiver);
            return true;
        } catch (RuntimeException e) {
            without(e);
            return false;
        }
    }

    /** @param fromSibling whether it leaves from the second socket, if there is one */
    void send(Endpoint to, ByteBuffer datagram, boolean fromSibling) {
        Transport chosen = fromSibling ? sibling() : null;
        (chosen == null ? main : chosen).send(to, datagram);
    }

    private synchronized @Nullable Transport sibling() {
        return sibling;
    }

    /** Closes them on a thread of their own: that may have to wait for the receive that holds the loop. */
    void closeElsewhere() {
        Thread closer = new Thread(this::close, "dht-closing");
        closer.setDaemon(true);
        closer.start();
    }

    void close() {
        Transport open;
        synchronized (this) {
            closed = true;
            open = sibling;
            if (patience != null) {
                patience.cancel();
            }
        }
        if (open != null) {
            open.close();
        }
        main.close();
    }
}

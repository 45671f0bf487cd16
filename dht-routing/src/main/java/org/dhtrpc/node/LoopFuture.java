package org.dhtrpc.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A future that is completed on a loop, and knows it: to wait for it there would be to wait for oneself, so that throws
 * instead. So do the futures that are derived from it.
 */
final class LoopFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    private final EventLoop loop;
    private final Runnable cancelled;

    LoopFuture(EventLoop loop) {
        this(loop, () -> {});
    }

    /** A future whose {@link #cancel} also does this. */
    LoopFuture(EventLoop loop, Runnable cancelled) {
        this.loop = loop;
        this.cancelled = cancelled;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new LoopFuture<>(loop);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean first = super.cancel(mayInterruptIfRunning);
        if (first) {
            cancelled.run();
        }
        return first;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseToWait(loop, isDone());
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseToWait(loop, isDone());
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        refuseToWait(loop, isDone());
        return super.join();
    }

    static void refuseToWait(EventLoop loop, boolean done) {
        if (!done && loop.inLoop()) {
            throw new IllegalStateException("Waiting here would wait for ever: this thread runs the node's loop."
                    + " Compose the future (thenAccept, thenCompose …) or subscribe to the stream instead;"
                    + " in a simulation, let the network await it");
        }
    }
}

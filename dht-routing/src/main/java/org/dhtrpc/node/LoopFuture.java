package org.dhtrpc.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dhtrpc.DhtException;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A future that is completed on a loop, and knows it: to wait for it there would be to wait for oneself, so that throws
 * instead. So do the futures that its own methods derive from it.
 */
class LoopFuture<T extends @Nullable Object> extends CompletableFuture<T> implements Callers.Caller {
    private final EventLoop loop;
    private volatile Runnable whenCancelled = () -> {};

    LoopFuture(EventLoop loop) {
        this.loop = loop;
    }

    /** What {@link #cancel} does besides; set before the future is handed out. */
    LoopFuture<T> whenCancelled(Runnable action) {
        whenCancelled = action;
        return this;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new LoopFuture<>(loop);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean pending = !isDone();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (pending && cancelled) {
            cancelled();
        }
        return cancelled;
    }

    /** It was cancelled: what there is to be done besides. */
    void cancelled() {
        whenCancelled.run();
    }

    @Override
    public void end(DhtException failure) {
        completeExceptionally(failure);
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

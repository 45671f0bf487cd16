package org.dhtrpc.node;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** The blocking form of a stream: one result is demanded when one is asked for. */
final class StreamIterator implements QueryIterator, Subscriber<QueryResult> {
    private final Query query;
    private final EventLoop loop;

    /** A result, a failure, or this iterator itself for "no more"; never more than one result and the ends. */
    private final LinkedBlockingQueue<Object> signals = new LinkedBlockingQueue<>();

    private @Nullable Subscription subscription;
    private @Nullable QueryResult next;
    private @Nullable Object end;
    private boolean demanded;

    StreamIterator(Query query, EventLoop loop) {
        this.query = query;
        this.loop = loop;
    }

    /** Said before the iterator is handed out; its subscriber's half may be at work by then. */
    void takesFrom(Subscription given) {
        subscription = given;
    }

    private Subscription subscription() {
        return Objects.requireNonNull(subscription, "it was handed out too soon");
    }

    @Override
    public boolean hasNext() {
        if (next != null) {
            return true;
        }
        if (end == null) {
            Object signal = take();
            if (signal instanceof QueryResult result) {
                next = result;
                demanded = false;
                return true;
            }
            end = signal;
        }
        if (end instanceof RuntimeException failure) {
            end = this;
            throw failure;
        }
        return false;
    }

    private Object take() {
        if (!demanded) {
            demanded = true;
            subscription().request(1);
        }
        LoopFuture.refuseToWait(loop, !signals.isEmpty());
        try {
            return signals.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            subscription().cancel();
            return new DhtException(Reason.INTERRUPTED, "Interrupted while waiting for a result of: " + query, e);
        }
    }

    @Override
    public QueryResult next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more results of: " + query);
        }
        QueryResult result = Objects.requireNonNull(next, "hasNext has set it");
        next = null;
        return result;
    }

    @Override
    public void close() {
        subscription().cancel();
        end = this;
        next = null;
    }

    @Override
    public void onSubscribe(Subscription given) {}

    @Override
    public void onNext(QueryResult result) {
        signals.add(result);
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(failure);
    }

    @Override
    public void onComplete() {
        signals.add(this);
    }
}

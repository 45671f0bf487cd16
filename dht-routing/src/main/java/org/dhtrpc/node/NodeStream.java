package org.dhtrpc.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.jspecify.annotations.Nullable;

/**
 * One query of a caller, between its subscriber and the machine. Everything but the public methods runs on the loop, and
 * so do all signals.
 */
final class NodeStream implements QueryStream, Subscription {
    private static final long NOT_STARTED = -1;

    final Query query;
    final boolean commits;
    private final Driver node;
    private final LoopFuture<QuerySummary> summary;
    private final AtomicBoolean consumed = new AtomicBoolean();

    private @Nullable Subscriber<? super QueryResult> subscriber;
    private long operation = NOT_STARTED;
    private long demand;
    private boolean starting;
    private boolean ended;

    NodeStream(Driver node, Query query, boolean commits) {
        this.node = node;
        this.query = query;
        this.commits = commits;
        this.summary = new LoopFuture<>(node.loop());
    }

    @Override
    public void subscribe(Subscriber<? super QueryResult> consumer) {
        Objects.requireNonNull(consumer, "subscriber");
        boolean first = consumed.compareAndSet(false, true);
        node.execute(() -> begin(consumer, first), () -> {
            consumer.onSubscribe(new Refused());
            consumer.onError(first ? node.closedException() : new IllegalStateException(CONSUMED));
            summary.complete(nothing());
        });
    }

    private static final String CONSUMED = "This stream has a consumer already; query again for another";

    private void begin(Subscriber<? super QueryResult> consumer, boolean first) {
        if (!first) {
            consumer.onSubscribe(new Refused());
            consumer.onError(new IllegalStateException(CONSUMED));
            return;
        }
        if (ended) {
            // Cancelled before anybody subscribed.
            consumer.onSubscribe(this);
            return;
        }
        subscriber = consumer;
        node.opened(this);
        signal(() -> consumer.onSubscribe(this));
    }

    @Override
    public void request(long n) {
        node.execute(() -> demand(n), () -> {});
    }

    private void demand(long n) {
        if (ended) {
            return;
        }
        if (n <= 0) {
            Subscriber<? super QueryResult> consumer = subscriber;
            cancelNow();
            if (consumer != null) {
                consumer.onError(new IllegalArgumentException("Demand is 1 or more results, not " + n));
            }
            return;
        }
        if (operation != NOT_STARTED) {
            node.demand(operation, n);
            return;
        }
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        if (!starting) {
            starting = true;
            node.start(this);
        }
    }

    /** The names of the query's nodes are known: it enters the machine. */
    void started(long id) {
        operation = id;
        if (ended) {
            node.end(id, cancelled());
        } else {
            node.demand(id, demand);
        }
    }

    boolean ended() {
        return ended;
    }

    void deliver(QueryResult result) {
        Subscriber<? super QueryResult> consumer = subscriber;
        if (!ended && consumer != null) {
            signal(() -> consumer.onNext(result));
        }
    }

    /** The query has ended by itself, or because it was cancelled; the latter is not signalled. */
    void finish(QuerySummary sum, @Nullable DhtException failure) {
        Subscriber<? super QueryResult> consumer = subscriber;
        subscriber = null;
        ended = true;
        if (consumer != null) {
            node.ended(this);
            signal(() -> {
                if (failure == null) {
                    consumer.onComplete();
                } else {
                    consumer.onError(failure);
                }
            });
        }
        summary.complete(sum);
    }

    /** It failed before it entered the machine. */
    void fail(DhtException failure) {
        finish(nothing(), failure);
    }

    @Override
    public void cancel() {
        consumed.set(true);
        node.execute(this::cancelNow, () -> summary.complete(nothing()));
    }

    private void cancelNow() {
        if (ended) {
            return;
        }
        ended = true;
        subscriber = null;
        node.ended(this);
        if (operation == NOT_STARTED) {
            summary.complete(nothing());
        } else {
            node.end(operation, cancelled());
        }
    }

    private DhtException cancelled() {
        return new DhtException(Reason.CANCELLED, "The query was cancelled: " + query);
    }

    private static QuerySummary nothing() {
        return new QuerySummary(0, 0, 0, 0, 0, 0, 0, 0, List.of(), false, java.time.Duration.ZERO);
    }

    /** A subscriber that throws is cancelled: the loop is not its business. */
    private void signal(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException | Error e) {
            node.report("The subscriber of a query threw; the query is cancelled: " + query, e);
            cancelNow();
        }
    }

    @Override
    public CompletableFuture<QuerySummary> summary() {
        return summary.copy();
    }

    @Override
    public CompletableFuture<List<QueryResult>> results() {
        List<QueryResult> all = new ArrayList<>();
        LoopFuture<List<QueryResult>> future = new LoopFuture<>(node.loop(), this::cancel);
        subscribe(new Collector(future) {
            @Override
            public void onNext(QueryResult result) {
                all.add(result);
            }

            @Override
            public void onComplete() {
                future.complete(List.copyOf(all));
            }
        });
        return future;
    }

    @Override
    public CompletableFuture<Optional<QueryResult>> first(Predicate<? super QueryResult> matches) {
        LoopFuture<Optional<QueryResult>> future = new LoopFuture<>(node.loop(), this::cancel);
        subscribe(new Collector(future) {
            @Override
            public void onNext(QueryResult result) {
                try {
                    if (!matches.test(result)) {
                        return;
                    }
                    future.complete(Optional.of(result));
                } catch (RuntimeException | Error e) {
                    future.completeExceptionally(e);
                }
                cancelNow();
            }

            @Override
            public void onComplete() {
                future.complete(Optional.empty());
            }
        });
        return future;
    }

    @Override
    public QueryIterator iterator() {
        StreamIterator iterator = new StreamIterator(this, node.loop());
        subscribe(iterator);
        summary.whenComplete((ignoredSummary, ignoredFailure) -> iterator.onComplete());
        return iterator;
    }

    /** Demands everything for a future. */
    private abstract class Collector implements Subscriber<QueryResult> {
        private final CompletableFuture<?> future;

        Collector(CompletableFuture<?> future) {
            this.future = future;
            // Nobody else is told when a stream is cancelled, and then the future would wait for ever.
            summary.whenComplete((ignoredSummary, ignoredFailure) ->
                    future.completeExceptionally(new CancellationException("The query was cancelled: " + query)));
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(failure);
        }
    }

    /** What a consumer gets that comes too late. */
    private static final class Refused implements Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}

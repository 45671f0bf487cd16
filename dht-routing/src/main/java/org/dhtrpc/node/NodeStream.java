package org.dhtrpc.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One query of a caller, between its subscriber and the machine. What is public may be called from any thread, and so
 * may {@link #end}; everything else, and with it the signals, runs on the loop.
 */
final class NodeStream implements QueryStream, Callers.Caller {
    private static final long NOT_ENTERED = -1;

    final Query query;
    final boolean commits;
    private final EventLoop loop;
    private final Callers callers;
    private final Entrance entrance;
    private final Consumer<Runnable> inputs;
    private final BiConsumer<String, Throwable> problems;
    private final LoopFuture<QuerySummary> summary;
    private final Signals signals = new Signals(this::threw);
    private final Demand subscription = new Demand();

    private final AtomicReference<Taken> taken = new AtomicReference<>(Taken.FREE);

    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Subscriber<? super QueryResult> subscriber;

    private volatile boolean concluded;

    private long operation = NOT_ENTERED;
    private long early;
    private boolean starting;

    /** What has become of the one place for a consumer. */
    private enum Taken {
        FREE,
        SUBSCRIBED,
        /** Before anybody subscribed. */
        CANCELLED
    }

    NodeStream(Driver driver, Query query, boolean commits) {
        this(query, commits, driver.loop, driver.callers, driver.dispatch, driver::execute, driver.problems::report);
    }

    NodeStream(
            Query query,
            boolean commits,
            EventLoop loop,
            Callers callers,
            Entrance entrance,
            Consumer<Runnable> inputs,
            BiConsumer<String, Throwable> problems) {
        this.query = query;
        this.commits = commits;
        this.loop = loop;
        this.callers = callers;
        this.entrance = entrance;
        this.inputs = inputs;
        this.problems = problems;
        this.summary = new LoopFuture<>(loop);
    }

    @Override
    public void subscribe(Subscriber<? super QueryResult> consumer) {
        accept(consumer);
    }

    /** Takes the one consumer in, or refuses a further one; either way this is its subscription. */
    private Subscription accept(Subscriber<? super QueryResult> consumer) {
        Objects.requireNonNull(consumer, "subscriber");
        if (!taken.compareAndSet(Taken.FREE, Taken.SUBSCRIBED)) {
            return refuse(
                    consumer,
                    taken.get() == Taken.CANCELLED
                            ? cancelled()
                            : new IllegalStateException(
                                    "This stream has a consumer already; query again for another: " + query));
        }
        subscriber = consumer;
        if (callers.admit(this)) {
            if (concluded) {
                // Cancelled on another thread while this one came in.
                callers.leave(this);
            }
            inputs.accept(this::open);
        }
        return subscription;
    }

    private Subscription refuse(Subscriber<? super QueryResult> consumer, RuntimeException why) {
        return Refused.tell(consumer, why, thrown -> report("A consumer that was refused threw", thrown));
    }

    private void open() {
        Subscriber<? super QueryResult> consumer = subscriber;
        if (consumer != null && opened.compareAndSet(false, true)) {
            signals.tell(() -> consumer.onSubscribe(subscription));
        }
    }

    /** The machine has it now. */
    void entered(long id) {
        operation = id;
        entrance.demand(operation, early);
    }

    boolean ended() {
        return ended.get();
    }

    void deliver(QueryResult result) {
        Subscriber<? super QueryResult> consumer = subscriber;
        if (consumer != null) {
            signals.tell(() -> {
                if (!ended()) {
                    consumer.onNext(result);
                }
            });
        }
    }

    /** It has ended in the machine: by itself, or because it was cancelled, which is not signalled. */
    void finish(QuerySummary sum, @Nullable DhtException failure) {
        signalEnd(failure);
        conclude(sum);
    }

    /** It ends before it has entered the machine, or with the node. */
    @Override
    public void end(DhtException failure) {
        finish(nothing(), failure);
    }

    private void signalEnd(@Nullable RuntimeException failure) {
        Subscriber<? super QueryResult> consumer = subscriber;
        if (!ended.compareAndSet(false, true) || consumer == null) {
            return;
        }
        open();
        signals.tell(() -> {
            if (failure == null) {
                consumer.onComplete();
            } else {
                consumer.onError(failure);
            }
        });
    }

    /** After all that was signalled, so that whoever waits for both sees them in this order. */
    private void conclude(QuerySummary sum) {
        concluded = true;
        callers.leave(this);
        signals.tell(() -> {
            summary.complete(sum);
            // Reactive Streams, rule 3.13: who holds the stream does not hold its subscriber.
            subscriber = null;
        });
    }

    @Override
    public void cancel() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (taken.compareAndSet(Taken.FREE, Taken.CANCELLED)) {
            summary.complete(nothing());
        } else {
            inputs.accept(this::stop);
        }
    }

    private void stop() {
        if (operation == NOT_ENTERED) {
            entrance.forget(this);
            conclude(nothing());
        } else {
            entrance.cancel(operation, cancelled());
        }
    }

    private DhtException cancelled() {
        return new DhtException(Reason.CANCELLED, "The query was cancelled: " + query);
    }

    private static QuerySummary nothing() {
        return new QuerySummary(0, 0, 0, 0, 0, 0, 0, 0, List.of(), false, Duration.ZERO);
    }

    /** A subscriber that throws is cancelled: the loop is not its business. */
    private void threw(Throwable e) {
        report("The subscriber of a query threw; the query is cancelled", e);
        cancel();
    }

    private void report(String what, Throwable thrown) {
        problems.accept(what + ": " + query, thrown);
    }

    @Override
    public CompletableFuture<QuerySummary> summary() {
        return summary.copy();
    }

    @Override
    public CompletableFuture<List<QueryResult>> results() {
        List<QueryResult> all = new ArrayList<>();
        return collect(new Collector<List<QueryResult>>() {
            @Override
            public void onNext(QueryResult result) {
                all.add(result);
            }

            @Override
            public void onComplete() {
                future.complete(List.copyOf(all));
            }
        });
    }

    @Override
    public CompletableFuture<Optional<QueryResult>> first(Predicate<? super QueryResult> matches) {
        Objects.requireNonNull(matches, "predicate");
        return collect(new Collector<Optional<QueryResult>>() {
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
                NodeStream.this.cancel();
            }

            @Override
            public void onComplete() {
                future.complete(Optional.empty());
            }
        });
    }

    private <T> CompletableFuture<T> collect(Collector<T> collector) {
        Subscription own = accept(collector);
        // Nobody else is told when a stream is cancelled, and then the future would wait for ever.
        summary.whenComplete((ignoredSummary, ignoredFailure) ->
                collector.future.completeExceptionally(new CancellationException("The query was cancelled: " + query)));
        return collector.future.whenCancelled(own::cancel);
    }

    @Override
    public QueryIterator iterator() {
        StreamIterator iterator = new StreamIterator(query, loop);
        iterator.takesFrom(accept(iterator));
        summary.whenComplete((ignoredSummary, ignoredFailure) -> iterator.onComplete());
        return iterator;
    }

    /** What the one consumer asks with. What it wants is added up on the way to the loop, so that it cannot pile up there. */
    private final class Demand implements Subscription {
        private final AtomicLong wanted = new AtomicLong();
        private final AtomicBoolean under = new AtomicBoolean();
        private volatile @Nullable IllegalArgumentException mistake;

        @Override
        public void request(long n) {
            if (n <= 0) {
                mistake = new IllegalArgumentException("Demand is 1 or more results, not " + n);
            } else {
                wanted.accumulateAndGet(n, Demand::sum);
            }
            if (under.compareAndSet(false, true)) {
                inputs.accept(this::arrive);
            }
        }

        private void arrive() {
            under.set(false);
            long n = wanted.getAndSet(0);
            if (ended()) {
                return;
            }
            if (mistake != null) {
                signalEnd(mistake);
                stop();
            } else if (operation != NOT_ENTERED && n > 0) {
                entrance.demand(operation, n);
            } else {
                early = sum(early, n);
                if (!starting && early > 0) {
                    starting = true;
                    entrance.start(NodeStream.this);
                }
            }
        }

        private static long sum(long left, long right) {
            return left + right < 0 ? Long.MAX_VALUE : left + right;
        }

        @Override
        public void cancel() {
            NodeStream.this.cancel();
        }
    }

    /** Demands everything for a future. */
    private abstract class Collector<T> implements Subscriber<QueryResult> {
        final LoopFuture<T> future = new LoopFuture<>(loop);

        @Override
        public void onSubscribe(Subscription given) {
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(failure);
        }
    }
}

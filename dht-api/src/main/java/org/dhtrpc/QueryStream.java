package org.dhtrpc;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Predicate;

/**
 * The results of one query or closest, as they arrive.
 *
 * <p>It starts with the first demand and then goes no faster than its subscriber: no further node is asked while
 * results wait to be taken (a commit, once begun, runs to its end whatever the demand, so that nothing is left half
 * stored). It is consumed once, in one of four forms: as a {@link Flow.Publisher}, by {@link #results}, by {@link #first}
 * or by {@link #iterator}. A second consumer gets an {@link IllegalStateException}.
 *
 * <p>Signals are delivered on the node's loop, serially, and must not block it; if the node is closed, the last one may
 * come on the thread that closes it, and a consumer that is refused is told on its own. The stream ends with exactly one of onComplete and onError (a {@link DhtException}), or
 * silently when it is cancelled. Methods may be called from any thread.
 */
public interface QueryStream extends Flow.Publisher<QueryResult> {
    /**
     * Signals the results as the subscriber demands them. Who comes too late is told onSubscribe and then onError: a second
     * consumer on its own thread, with an {@link IllegalStateException}; the first one of a stream that was cancelled with a
     * {@link DhtException} whose reason is {@link DhtException.Reason#CANCELLED}.
     */
    @Override
    void subscribe(Flow.Subscriber<? super QueryResult> subscriber);

    /**
     * All results as one list; demands everything and starts at once. Cancelling the future cancels the query.
     *
     * <p>Waiting for it on the node's loop throws {@link IllegalStateException}; compose it there instead.
     */
    CompletableFuture<List<QueryResult>> results();

    /**
     * The first result that matches, after which the query is cancelled; empty if it ended without one. Demands
     * everything and starts at once.
     */
    CompletableFuture<Optional<QueryResult>> first(Predicate<? super QueryResult> matches);

    /** The results one by one, for code that may block. Starts with the first {@link QueryIterator#hasNext}. */
    QueryIterator iterator();

    /**
     * Completes when the query ends, in whatever way: a failed or cancelled one has a summary too. It starts nothing and
     * never fails; that of a stream which nobody consumes or cancels never completes.
     */
    CompletableFuture<QuerySummary> summary();

    /** Ends the query: nothing more is sent or signalled; {@link #results} fails as cancelled. Idempotent. */
    void cancel();
}

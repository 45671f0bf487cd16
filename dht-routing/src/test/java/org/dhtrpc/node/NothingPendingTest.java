package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.node.Ending.QUERY;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Query;
import org.dhtrpc.QueryIterator;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.node.Ending.End;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of work, ended in each way: it ends once, with the right type, and leaves nothing behind. */
@Timeout(60)
class NothingPendingTest {
    private static final Set<Reason> SILENCE =
            Set.of(Reason.TIMED_OUT, Reason.NO_NODES_RESPONDED, Reason.NO_CLOSE_NODES_RESPONDED);

    /** What a caller can have under way. */
    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private enum Work {
        QUERY_RESULTS((node, query) -> node.query(query).results()),
        QUERY_FIRST((node, query) -> node.query(query).first(result -> true)),
        QUERY_OF_NAMED_NODES((node, query) -> node.query(query.nodes(PEER)).results()),
        QUERY_SUBSCRIBED((node, query) -> new Told(node.query(query))),
        FIND_NODE((node, query) -> node.findNode(TARGET).results()),
        CLOSEST_DISCOVERING((node, query) -> node.closest(query).results()),
        CLOSEST_COMMITTING((node, query) -> node.closest(query).results()),
        CLOSEST_SUBSCRIBED((node, query) -> new Told(node.closest(query))),
        REQUEST((node, query) -> node.request(PEER, query)),
        PING((node, query) -> node.ping(PEER)),
        HOLE_PUNCH((node, query) -> node.holepunch("10.0.0.3:3", "10.0.0.2:2"));

        private final BiFunction<Dht, Query, CompletableFuture<?>> begin;

        Work(BiFunction<Dht, Query, CompletableFuture<?>> begin) {
            this.begin = begin;
        }

        boolean canEnd(End end) {
            return end != End.OWN_DEADLINE
                    || !EnumSet.of(FIND_NODE, PING, HOLE_PUNCH).contains(this);
        }
    }

    /** A subscriber that demands everything, as a future of the end that it is told of. */
    private static final class Told extends CompletableFuture<@Nullable Void> implements Subscriber<QueryResult> {
        private final QueryStream stream;

        Told(QueryStream stream) {
            this.stream = stream;
            stream.subscribe(this);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            stream.cancel();
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(QueryResult result) {}

        @Override
        public void onError(Throwable failure) {
            assertThat(completeExceptionally(failure)).as("the only end").isTrue();
        }

        @Override
        public void onComplete() {
            assertThat(complete(null)).as("the only end").isTrue();
        }
    }

    private final Ending ending = new Ending();
    private final NodeBench bench = ending.bench;

    static Stream<Arguments> everything() {
        return Stream.of(Work.values())
                .flatMap(work ->
                        EnumSet.allOf(End.class).stream().filter(work::canEnd).map(end -> Arguments.of(work, end)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everything")
    void ends_once_with_the_right_type_and_leaves_nothing(Work work, End end) {
        ending.prepare(end);
        CompletableFuture<?> future = work.begin.apply(bench.node, query(end));
        List<@Nullable Throwable> ends = new ArrayList<>();
        future.whenComplete((value, failure) -> ends.add(failure));
        bench.loop.turn();
        if (work == Work.CLOSEST_COMMITTING && !end.refuses()) {
            ending.answerAll(0);
            assertThat(bench.sent).as("the commit").isNotEmpty();
        }
        assertThat(future.isDone()).as("ended at once").isEqualTo(end.refuses());

        ending.end(end, () -> assertThat(future.cancel(true)).isTrue());

        assertThat(ends).as("how often and how it ended").hasSize(1);
        assertEnded(work, end, ends.get(0));
        ending.assertNothingPending(end);
    }

    private static Query query(End end) {
        return end == End.OWN_DEADLINE ? QUERY.deadline(Ending.SHORT) : QUERY;
    }

    private static void assertEnded(Work work, End end, @Nullable Throwable failure) {
        Set<Reason> expected = switch (end) {
            case ANSWERED, CANCELLED -> Set.of();
            case REFUSED_BY_PEER -> refused(work);
            case NEVER_ANSWERED -> SILENCE;
            case OWN_DEADLINE -> Set.of(Reason.TIMED_OUT);
            case SUSPENDED, BEGUN_WHILE_SUSPENDED -> Set.of(Reason.SUSPENDED);
            case NODE_CLOSED, TRANSPORT_CLOSED, LOOP_ENDED -> Set.of(Reason.CLOSED);
            case OVERLOADED -> Set.of(Reason.OVERLOADED);
        };
        if (end == End.CANCELLED) {
            assertThat(failure).isInstanceOf(CancellationException.class);
        } else if (expected.isEmpty()) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            DhtException.class,
                            thrown -> assertThat(thrown.reason()).isIn(expected));
        }
    }

    /** An error answers a query all the same; a request, a commit and a punch it fails. */
    private static Set<Reason> refused(Work work) {
        return switch (work) {
            case PING, FIND_NODE, QUERY_RESULTS, QUERY_FIRST, QUERY_OF_NAMED_NODES, QUERY_SUBSCRIBED -> Set.of();
            case HOLE_PUNCH -> Set.of(Reason.PUNCH_FAILED);
            case REQUEST, CLOSEST_DISCOVERING, CLOSEST_COMMITTING, CLOSEST_SUBSCRIBED ->
                Set.of(Reason.REFUSED, Reason.NO_CLOSE_NODES_RESPONDED);
        };
    }

    @ParameterizedTest
    @EnumSource
    void an_iterator_that_waits_is_told_and_leaves_nothing(End end) {
        ending.prepare(end);
        QueryIterator iterator = bench.node.query(query(end)).iterator();
        // On the loop it demands, as it does anywhere, and then refuses to wait.
        bench.loop.run(() -> assertThatThrownBy(iterator::hasNext).isInstanceOf(RuntimeException.class));
        bench.loop.turn();

        ending.end(end, iterator::close);

        Throwable failure = end.refuses() ? null : failureOf(iterator);
        assertThat(iterator.hasNext()).isFalse();
        if (!end.refuses() && end != End.CANCELLED) {
            assertEnded(Work.QUERY_SUBSCRIBED, end, failure);
        }
        ending.assertNothingPending(end);
    }

    /** Takes all that there is. */
    private static @Nullable Throwable failureOf(QueryIterator iterator) {
        try {
            iterator.forEachRemaining(result -> {});
            return null;
        } catch (DhtException e) {
            return e;
        }
    }

    @Test
    void a_subscriber_that_throws_ends_its_query() {
        QueryStream stream = bench.node.query(QUERY);
        stream.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(QueryResult result) {
                throw new IllegalStateException("a subscriber that throws");
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError("it was cancelled", failure);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("it was cancelled");
            }
        });

        ending.answerAll(0);

        assertThat(stream.summary()).isCompleted();
        ending.assertNothingPending(End.ANSWERED);
    }
}

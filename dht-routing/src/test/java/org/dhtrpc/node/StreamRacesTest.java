package org.dhtrpc.node;

import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.PEER_ID;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.Races.check;
import static org.dhtrpc.node.Races.explore;
import static org.dhtrpc.node.Races.together;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QuerySummary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stream between its caller's threads and the loop: whoever comes first, it ends once, and nobody waits afterwards. */
@Tag("races")
class StreamRacesTest {
    private static final Query QUERY = Query.of("lookup", TARGET);
    private static final QueryResult RESULT =
            new QueryResult(Phase.DISCOVERY, PEER, PEER_ID, null, null, Duration.ZERO);
    private static final QuerySummary SUMMARY =
            new QuerySummary(0, 0, 0, 0, 0, 0, 0, 0, List.of(), false, Duration.ZERO);

    @SuppressWarnings("StaticAssignmentOfThrowable") // one for all interleavings, whose trace nobody reads
    private static final DhtException CLOSED = new DhtException(Reason.CLOSED, "closed");

    /** A stream, its loop, and a machine that has as many results as are wanted. */
    private static final class Setup implements Entrance, Subscriber<QueryResult> {
        final RaceLoop loop = new RaceLoop();
        final Callers callers = new Callers("operations", 1);
        final Mailbox mailbox = new Mailbox(loop);
        final NodeStream stream = new NodeStream(QUERY, false, loop, callers, this, this::execute, this::thrown);
        final CompletableFuture<QuerySummary> summary = stream.summary();

        final AtomicInteger telling = new AtomicInteger();
        volatile @Nullable Subscription subscription;
        int results;
        int ends;

        private void execute(Runnable input) {
            if (loop.inLoop()) {
                mailbox.takeAll();
                input.run();
            } else {
                mailbox.add(input);
            }
        }

        private void thrown(String what, Throwable failure) {
            throw new AssertionError(what, failure);
        }

        Subscription subscription() {
            return Objects.requireNonNull(subscription, "subscribed");
        }

        /** Whatever happened before, the loop comes to it and nobody waits. */
        void assertOver() {
            loop.turn();
            check(summary.isDone(), "the summary is there");
            check(ends <= 1, "it ends once at most, not " + ends + " times");
            check(callers.admit(failure -> {}), "the place of the caller is free again");
        }

        @Override
        public void start(NodeStream started) {
            started.entered(1);
        }

        @Override
        public void forget(NodeStream forgotten) {}

        @Override
        public void demand(long operation, long n) {
            for (long i = 0; i < n; i++) {
                stream.deliver(RESULT);
            }
        }

        @Override
        public void cancel(long operation, DhtException failure) {
            stream.finish(SUMMARY, failure);
        }

        private void told(Runnable signal) {
            check(telling.getAndIncrement() == 0, "one signal at a time");
            signal.run();
            telling.decrementAndGet();
        }

        @Override
        public void onSubscribe(Subscription given) {
            told(() -> subscription = given);
        }

        @Override
        public void onNext(QueryResult result) {
            told(() -> {
                check(ends == 0, "nothing after the end");
                results++;
            });
        }

        @Override
        public void onError(Throwable failure) {
            told(() -> ends++);
        }

        @Override
        public void onComplete() {
            told(() -> ends++);
        }
    }

    @Test
    void subscribing_and_cancelling_while_the_loop_turns_leaves_nobody_waiting() {
        explore(150, () -> {
            Setup race = new Setup();
            together(() -> race.stream.subscribe(race), race.stream::cancel, race.loop::turn);
            race.assertOver();
        });
    }

    @Test
    void no_demand_is_lost_between_two_threads_and_the_loop() {
        explore(() -> {
            Setup race = new Setup();
            race.stream.subscribe(race);
            race.loop.turn();
            together(
                    () -> race.subscription().request(1),
                    () -> race.subscription().request(2),
                    race.loop::turn);
            race.loop.turn();
            check(race.results == 3, "3 results were wanted, and " + race.results + " came");
        });
    }

    @Test
    void a_demand_and_a_cancellation_end_the_stream_once() {
        explore(() -> {
            Setup race = new Setup();
            race.stream.subscribe(race);
            race.loop.turn();
            together(() -> race.subscription().request(2), race.stream::cancel, race.loop::turn);
            race.assertOver();
        });
    }

    @Test
    void a_cancellation_and_the_end_of_the_node_end_the_stream_once() {
        explore(() -> {
            Setup race = new Setup();
            race.stream.subscribe(race);
            race.loop.turn();
            race.subscription().request(1);
            together(race.stream::cancel, () -> race.callers.end(CLOSED), race.loop::turn);
            race.loop.turn();
            check(race.summary.isDone(), "the summary is there");
            check(race.ends <= 1, "it ends once at most, not " + race.ends + " times");
        });
    }

    @Test
    void the_end_of_the_node_reaches_whoever_subscribes_meanwhile() {
        explore(() -> {
            Setup race = new Setup();
            together(() -> race.stream.subscribe(race), () -> race.callers.end(CLOSED));
            check(race.subscription != null, "it has a subscription");
            check(race.ends == 1, "it ends once, not " + race.ends + " times");
            check(race.summary.isDone(), "the summary is there");
        });
    }
}

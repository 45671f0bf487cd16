package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.NodeBench.TOKEN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Query;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of work, ended in each way: it ends once, with the right type, and leaves nothing behind. */
class NothingPendingTest {
    private static final Query QUERY = Query.of("lookup", TARGET);

    /** An application's error code. */
    private static final int REFUSED = 20;

    /** Longer than any request, any query, and any wait for a name; shorter than the first upkeep. */
    private static final Duration LONG = Duration.ofSeconds(31);

    /** What a caller can have under way. */
    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private enum Work {
        QUERY_RESULTS(node -> node.query(QUERY).results()),
        QUERY_FIRST(node -> node.query(QUERY).first(result -> true)),
        QUERY_OF_NAMED_NODES(node -> node.query(QUERY.nodes(PEER)).results()),
        FIND_NODE(node -> node.findNode(TARGET).results()),
        CLOSEST_DISCOVERING(node -> node.closest(QUERY).results()),
        CLOSEST_COMMITTING(node -> node.closest(QUERY).results()),
        REQUEST(node -> node.request(PEER, QUERY)),
        PING(node -> node.ping(PEER)),
        HOLE_PUNCH(node -> node.holepunch("10.0.0.3:3", "10.0.0.2:2"));

        private final Function<Dht, CompletableFuture<?>> begin;

        Work(Function<Dht, CompletableFuture<?>> begin) {
            this.begin = begin;
        }
    }

    /** How it can end. */
    private enum End {
        ANSWERED,
        REFUSED_BY_PEER,
        NEVER_ANSWERED,
        CANCELLED,
        NODE_CLOSED,
        TRANSPORT_CLOSED,
        LOOP_ENDED,
        OVERLOADED
    }

    private final List<CompletableFuture<?>> fillers = new ArrayList<>();
    private final CompletableFuture<Punched> punched = new CompletableFuture<>();
    private final NodeBench bench =
            new NodeBench(builder -> builder.verifiedContacts(List.of(new Contact(NodeBench.PEER_ID, PEER)))
                    .queryDeadline(Duration.ofSeconds(20))
                    .holePuncher((peer, referrer) -> punched));

    static Stream<Arguments> everything() {
        return Stream.of(Work.values())
                .flatMap(work -> EnumSet.allOf(End.class).stream().map(end -> Arguments.of(work, end)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everything")
    void ends_once_with_the_right_type_and_leaves_nothing(Work work, End end) {
        // What the node asks for itself, as it starts.
        answerAll(0);
        answerAll(0);
        int timers = bench.loop.alarms();
        if (end == End.OVERLOADED) {
            fill();
        }
        CompletableFuture<?> future = work.begin.apply(bench.node);
        List<@Nullable Throwable> ends = new ArrayList<>();
        future.whenComplete((value, failure) -> ends.add(failure));
        bench.loop.turn();
        if (work == Work.CLOSEST_COMMITTING && end != End.OVERLOADED) {
            answerAll(0);
            assertThat(bench.sent).as("the commit").isNotEmpty();
        }

        end(end, future);

        assertThat(ends).as("how often and how it ended").hasSize(1);
        assertEnded(work, end, ends.get(0));
        assertNothingPending(timers, end);
    }

    /** So many callers as there may be. */
    private void fill() {
        for (int i = 0; i < 4_096; i++) {
            fillers.add(bench.node.ping(PEER));
        }
    }

    private void end(End end, CompletableFuture<?> future) {
        switch (end) {
            case ANSWERED -> {
                punched.complete(new Punched(PEER, "direct", Duration.ZERO));
                answerAll(0);
                answerAll(0);
            }
            case REFUSED_BY_PEER -> {
                punched.completeExceptionally(new DhtException(Reason.PUNCH_FAILED, "failed"));
                answerAll(REFUSED);
                answerAll(REFUSED);
            }
            case NEVER_ANSWERED -> bench.loop.pass(LONG);
            case CANCELLED -> {
                assertThat(future.cancel(true)).isTrue();
                bench.loop.turn();
            }
            case NODE_CLOSED -> bench.loop.run(bench.node::close);
            case TRANSPORT_CLOSED -> {
                bench.receiver().closed();
                bench.loop.turn();
            }
            case LOOP_ENDED -> bench.receiver().closed();
            case OVERLOADED -> {
                fillers.forEach(filler -> filler.cancel(true));
                bench.loop.turn();
            }
        }
    }

    private void answerAll(int error) {
        bench.loop.turn();
        for (Message message : bench.sent()) {
            if (message instanceof Request request) {
                boolean bare = request.command().builtIn();
                bench.receive(new Reply(
                        request.transaction(),
                        NodeBench.PEER_ID,
                        NodeBench.OURS,
                        List.of(),
                        TOKEN,
                        bare ? 0 : error,
                        bare || error != 0 ? null : Bytes.EMPTY));
            }
        }
        bench.loop.turn();
    }

    private static void assertEnded(Work work, End end, @Nullable Throwable failure) {
        Set<Reason> expected = switch (end) {
            case ANSWERED -> Set.of();
            case REFUSED_BY_PEER ->
                switch (work) {
                    case PING, FIND_NODE, QUERY_RESULTS, QUERY_FIRST, QUERY_OF_NAMED_NODES -> Set.of();
                    case HOLE_PUNCH -> Set.of(Reason.PUNCH_FAILED);
                    default -> Set.of(Reason.REFUSED, Reason.NO_CLOSE_NODES_RESPONDED);
                };
            case NEVER_ANSWERED -> Set.of(Reason.TIMED_OUT, Reason.NO_NODES_RESPONDED, Reason.NO_CLOSE_NODES_RESPONDED);
            case NODE_CLOSED, TRANSPORT_CLOSED, LOOP_ENDED -> Set.of(Reason.CLOSED);
            case OVERLOADED -> Set.of(Reason.OVERLOADED);
            case CANCELLED -> Set.of();
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

    /** Nobody waits, in no place that there is, and the loop has no timer but the node's own. */
    private void assertNothingPending(int timers, End end) {
        assertThat(bench.node)
                .extracting(
                        "driver.callers.waiting",
                        "driver.questions.askers.waiting",
                        "driver.dispatch.early",
                        "driver.hosts.searches",
                        "driver.bootstrap.waiting",
                        "driver.inputs.inputs")
                .allSatisfy(
                        waiting -> assertThat(size(waiting)).as("%s", waiting).isZero());
        if (end == End.LOOP_ENDED) {
            // What belongs to a loop that is gone nobody may touch; it goes with the node.
            return;
        }
        assertThat(bench.node)
                .extracting("driver.dispatch.streams", "driver.dispatch.requests")
                .allSatisfy(
                        waiting -> assertThat(size(waiting)).as("%s", waiting).isZero());
        DhtStats stats = bench.loopStats();
        assertThat(stats.operations()).as("operations").isZero();
        assertThat(stats.pendingRequests()).as("requests").isZero();
        assertThat(bench.loop.alarms()).as("timers").isLessThanOrEqualTo(timers);
        assertThat(bench.loop.waiting()).as("tasks").isZero();
    }

    private static int size(Object waiting) {
        return waiting instanceof Map<?, ?> map ? map.size() : ((Collection<?>) waiting).size();
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation of the machine, ended in each way: it ends once, and nothing of it is left in any part. */
class NothingLeftTest {
    private static final Query QUERY = Query.of(Bench.COMMAND, Key.ZERO);

    /** What a caller can have under way. */
    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private enum Kind {
        QUERY_OF_CONTACTS(bench -> bench.begin(QUERY, Long.MAX_VALUE)),
        QUERY_OF_A_NAMED_NODE(bench -> bench.begin(QUERY.nodes(Peer.endpoint(1)), Long.MAX_VALUE)),
        QUERY_WHOSE_RESULTS_WAIT(bench -> bench.begin(QUERY, 1)),
        CLOSEST(bench -> bench.beginClosest(QUERY, Long.MAX_VALUE)),
        CLOSEST_VERBOSE(bench -> bench.beginClosest(QUERY.verbose(true), Long.MAX_VALUE)),
        REQUEST(bench -> bench.request(Peer.endpoint(1), Bench.COMMAND, Duration.ofSeconds(5)));

        private final Function<Bench, Long> begin;

        Kind(Function<Bench, Long> begin) {
            this.begin = begin;
        }
    }

    /** When and how it ends. */
    private enum End {
        ANSWERED,
        ANSWERED_WITH_ERRORS,
        NEVER_ANSWERED,
        CANCELLED_AT_ONCE,
        CANCELLED_WHILE_ANSWERS_COME,
        CANCELLED_WHILE_COMMITTING,
        CANCELLED_WHILE_PUNCHING,
        SUSPENDED_WHILE_PUNCHING,
        CLOSED_WHILE_PUNCHING
    }

    private final Peer hidden = Peer.at(Key.ZERO, 1);
    private final Peer near = Peer.at(Key.ZERO, 2);
    private final Peer guide = Peer.at(Key.ZERO, 1_000).naming(hidden, near);
    private final Bench bench = Bench.setup().punching().knows(guide).build().with(guide, near);

    static Stream<Arguments> everything() {
        return Stream.of(Kind.values())
                .flatMap(kind -> EnumSet.allOf(End.class).stream().map(end -> Arguments.of(kind, end)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everything")
    void an_operation_that_has_ended_leaves_nothing(Kind kind, End end) {
        switch (end) {
            case ANSWERED -> bench.with(hidden);
            case ANSWERED_WITH_ERRORS -> {
                bench.with(hidden);
                Stream.of(hidden, near, guide).forEach(peer -> {
                    peer.error = ErrorCode.UNKNOWN_COMMAND;
                    peer.commitError = ErrorCode.UNKNOWN_COMMAND;
                });
            }
            case NEVER_ANSWERED -> Stream.of(near, guide).forEach(peer -> peer.dead = true);
            default -> {}
        }
        long operation = kind.begin.apply(bench);

        end(operation, end);

        assertThat(bench.finished.containsKey(operation) != bench.answered.containsKey(operation))
                .as("ended, and as what it was")
                .isTrue();
        assertNothingPending();
    }

    private void end(long operation, End end) {
        switch (end) {
            case CANCELLED_AT_ONCE -> bench.cancel(operation);
            case CANCELLED_WHILE_ANSWERS_COME -> {
                bench.runMillis(15);
                bench.cancel(operation);
            }
            case CANCELLED_WHILE_COMMITTING -> {
                bench.with(hidden);
                bench.runMillis(25);
                bench.cancel(operation);
            }
            case CANCELLED_WHILE_PUNCHING -> {
                bench.runMillis(2_000);
                bench.cancel(operation);
            }
            case SUSPENDED_WHILE_PUNCHING -> {
                bench.runMillis(2_000);
                bench.machine.suspend(bench.now);
                bench.drain();
            }
            case CLOSED_WHILE_PUNCHING -> {
                bench.runMillis(2_000);
                bench.close();
            }
            case ANSWERED, ANSWERED_WITH_ERRORS, NEVER_ANSWERED -> {
                bench.runMillis(30_000);
                // What was not demanded yet would wait for ever, and is no business of the machine's.
                bench.demand(operation, Long.MAX_VALUE);
                bench.runMillis(30_000);
            }
        }
    }

    private void assertNothingPending() {
        DhtStats stats = bench.machine.stats();
        assertThat(stats.operations()).as("operations").isZero();
        assertThat(stats.pendingCalls()).as("calls").isZero();
        assertThat(bench.machine)
                .extracting("parts.punches.underWay")
                .as("punches")
                .isEqualTo(Map.of());
        // Pings before somebody is given up are the node's own, and have an end too.
        bench.runMillis(6_000);
        assertThat(bench.machine.stats().pendingRequests()).as("requests").isZero();
        assertThat(bench.machine)
                .extracting("parts.deadlines.size")
                .as("no timer: this node neither joins nor was told to")
                .isEqualTo(0);
    }
}

package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.node.Ending.End;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs no peer, or answers one: it ends as well in each way that it can, and leaves nothing behind. */
class NobodyWaitsTest {
    private final Ending ending = new Ending();
    private final NodeBench bench = ending.bench;

    /** What a caller asks of the node itself. */
    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private enum Question {
        CONTACTS(Dht::contacts),
        STATS(Dht::stats),
        SUSPEND(Dht::suspend),
        RESUME(Dht::resume);

        private final Function<Dht, CompletableFuture<?>> ask;

        Question(Function<Dht, CompletableFuture<?>> ask) {
            this.ask = ask;
        }
    }

    static Stream<Arguments> questions() {
        EnumSet<End> ends =
                EnumSet.of(End.ANSWERED, End.CANCELLED, End.NODE_CLOSED, End.TRANSPORT_CLOSED, End.LOOP_ENDED);
        return Stream.of(Question.values()).flatMap(question -> ends.stream().map(end -> Arguments.of(question, end)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("questions")
    void a_question_on_its_way_to_the_loop_ends_once(Question question, End end) {
        CompletableFuture<?> future = question.ask.apply(bench.node);
        List<@Nullable Throwable> ends = endsOf(future);
        assertThat(future).isNotDone();

        ending.end(end, () -> assertThat(future.cancel(true)).isTrue());

        // Who asks a node that has closed on its loop is told how it was in the end.
        boolean told = end == End.ANSWERED || (end == End.NODE_CLOSED && question == Question.STATS);
        assertEnded(ends, end, told ? null : Reason.CLOSED);
        ending.assertNothingPending(end);
    }

    @ParameterizedTest
    @EnumSource
    void a_question_that_is_one_too_many_ends_at_once(Question question) {
        List<CompletableFuture<?>> fillers = IntStream.range(0, 4_096)
                .<CompletableFuture<?>>mapToObj(i -> question.ask.apply(bench.node))
                .toList();

        List<@Nullable Throwable> ends = endsOf(question.ask.apply(bench.node));

        assertEnded(ends, End.OVERLOADED, Reason.OVERLOADED);
        bench.loop.turn();
        assertThat(fillers).allSatisfy(filler -> assertThat(filler).isCompleted());
        ending.assertNothingPending(End.OVERLOADED);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANSWERED", "NEVER_ANSWERED", "CANCELLED", "NODE_CLOSED", "TRANSPORT_CLOSED", "LOOP_ENDED"})
    void who_waits_for_the_node_to_be_ready_is_told_once(End end) {
        Ending joining = new Ending(new NodeBench(builder -> builder.bootstrap(PEER)));
        CompletableFuture<?> future = joining.bench.node.ready();
        List<@Nullable Throwable> ends = endsOf(future);
        joining.bench.loop.turn();
        assertThat(future).isNotDone();

        if (end == End.ANSWERED) {
            while (!joining.bench.sent.isEmpty()) {
                joining.answerAll(0);
            }
        }
        joining.end(end, () -> assertThat(future.cancel(true)).isTrue());

        assertEnded(
                ends,
                end,
                switch (end) {
                    case ANSWERED -> null;
                    case NEVER_ANSWERED -> Reason.BOOTSTRAP_FAILED;
                    default -> Reason.CLOSED;
                });
        joining.assertNobodyWaits(end);
    }

    private static List<@Nullable Throwable> endsOf(CompletableFuture<?> future) {
        List<@Nullable Throwable> ends = new ArrayList<>();
        future.whenComplete((value, failure) -> ends.add(failure));
        return ends;
    }

    private static void assertEnded(List<@Nullable Throwable> ends, End end, @Nullable Reason reason) {
        assertThat(ends).hasSize(1);
        if (end == End.CANCELLED) {
            assertThat(ends.get(0)).isInstanceOf(CancellationException.class);
        } else if (reason == null) {
            assertThat(ends.get(0)).isNull();
        } else {
            assertThat(ends.get(0))
                    .isInstanceOfSatisfying(
                            DhtException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(reason));
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ANSWERED", "REFUSED_BY_PEER", "NEVER_ANSWERED", "SUSPENDED", "NODE_CLOSED", "TRANSPORT_CLOSED"})
    void a_handler_that_answers_later_is_waited_for_until_then(End end) {
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        bench.node.onQueryAsync("later", query -> answer);
        bench.loop.turn();
        bench.sent();
        bench.receive(new Request(7, null, NodeBench.OURS, Command.of("later"), TARGET, NodeBench.TOKEN, null)
                .withPadding(400));
        assertThat(bench.loopStats().pendingCalls()).isEqualTo(1);

        switch (end) {
            case ANSWERED -> answer.complete(Bytes.EMPTY);
            case REFUSED_BY_PEER -> answer.completeExceptionally(new IllegalStateException("failed"));
            default -> ending.end(end, () -> {});
        }
        bench.loop.turn();

        assertThat(errorsToldTo(7))
                .isEqualTo(
                        switch (end) {
                            case ANSWERED -> List.of(ErrorCode.NONE);
                            case REFUSED_BY_PEER -> List.of(ErrorCode.HANDLER_FAILED);
                            default -> List.of();
                        });
        ending.assertNothingPending(end);
        // It comes after all, and there is nobody to tell.
        answer.complete(Bytes.EMPTY);
        bench.loop.turn();
        assertThat(errorsToldTo(7)).isEmpty();
        ending.assertNothingPending(end);
    }

    private List<Integer> errorsToldTo(long transaction) {
        List<Integer> errors = new ArrayList<>();
        for (Message message : bench.sent()) {
            if (message instanceof Reply reply && reply.transaction() == transaction) {
                errors.add(reply.error());
            }
        }
        return errors;
    }
}

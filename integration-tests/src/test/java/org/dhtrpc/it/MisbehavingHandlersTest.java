package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.it.Loopback.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.dhtrpc.AsyncQueryHandler;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryHandler;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A handler that throws, answers twice, too much or never harms nobody: the node goes on answering. */
class MisbehavingHandlersTest {
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Loopback network = new Loopback();
    private final Stranger stranger = new Stranger();
    private Dht node;
    private Endpoint address;

    @BeforeEach
    void start() {
        node = network.start();
        node.onQuery("echo", query -> query.value());
        address = node.localAddress();
    }

    @AfterEach
    void close() {
        Reply echo = stranger.ask(address, stranger.request(address, "echo", false, null, VALUE));
        stranger.close();
        network.close();
        assertThat(echo.value()).as("the node answers as before").isEqualTo(VALUE);
    }

    @Test
    void one_that_throws_is_answered_with_an_error_at_once_and_without_its_text() {
        CompletableFuture<DhtEvent> told = new CompletableFuture<>();
        node.onEvent(event -> {
            if (event instanceof DhtEvent.HandlerFailed) {
                told.complete(event);
            }
        });
        IllegalStateException secret = new IllegalStateException("the password is hunter2");
        Reply reply = ask(query -> {
            throw secret;
        });
        assertThat(reply.error()).isEqualTo(ErrorCode.HANDLER_FAILED);
        assertThat(reply.value()).isNull();
        assertThat(await(told))
                .isInstanceOfSatisfying(
                        DhtEvent.HandlerFailed.class,
                        failed -> assertThat(failed.cause()).isSameAs(secret));
    }

    @Test
    void one_that_throws_an_error() {
        assertThat(ask(query -> {
                            throw new StackOverflowError("not a real one");
                        })
                        .error())
                .isEqualTo(ErrorCode.HANDLER_FAILED);
    }

    @Test
    void one_that_returns_no_stage_or_a_failed_one() {
        assertThat(askAsync(query -> null).error()).isEqualTo(ErrorCode.HANDLER_FAILED);
        assertThat(askAsync(query -> CompletableFuture.failedFuture(new IllegalStateException("late")))
                        .error())
                .isEqualTo(ErrorCode.HANDLER_FAILED);
    }

    @Test
    void one_that_refuses_sends_its_own_code_which_the_caller_gets() {
        node.onQuery("picky", query -> {
            throw DhtException.refused(77);
        });
        Dht caller = network.start();
        assertThatThrownBy(() -> await(caller.request(address, Query.of("picky", Key.ZERO))))
                .isInstanceOfSatisfying(DhtException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(DhtException.Reason.REFUSED);
                    assertThat(failure.code()).isEqualTo(77);
                })
                .hasMessageContainingAll(address.toString(), "77");
    }

    @Test
    void one_that_answers_twice_sends_one_reply() {
        Request request = stranger.request(address, "stutter", false, null, VALUE);
        node.onQueryAsync("stutter", query -> new Stuttering());

        assertThat(stranger.ask(address, request).value()).isEqualTo(VALUE);
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(await(node.stats()).lateAnswers()).isEqualTo(1);
    }

    @Test
    void one_that_never_answers_leaves_the_others_alone() {
        node.onQueryAsync("silent", query -> new CompletableFuture<>());
        for (int i = 0; i < 200; i++) {
            stranger.send(address, stranger.request(address, "silent", false, null, VALUE));
        }
        assertThat(stranger.untilPong(address)).isEmpty();
        assertThat(await(node.stats()).pendingCalls()).isEqualTo(200);
    }

    @Test
    void when_too_many_have_not_answered_further_calls_are_refused_as_overloaded_until_one_answers() {
        int limit = 1_024;
        int batch = 64;
        Dht patient = network.start(builder -> builder.requestTimeout(Duration.ofMinutes(5)));
        Endpoint there = patient.localAddress();
        Queue<CompletableFuture<Bytes>> held = new ConcurrentLinkedQueue<>();
        patient.onQueryAsync("slow", query -> {
            CompletableFuture<Bytes> answer = new CompletableFuture<>();
            held.add(answer);
            return answer;
        });
        for (int i = 1; i <= limit; i++) {
            stranger.send(there, stranger.request(there, "slow", false, null, VALUE));
            if (i % batch == 0) {
                assertThat(stranger.untilPong(there)).isEmpty();
            }
        }
        assertThat(stranger.ask(there, stranger.request(there, "slow", false, null, VALUE))
                        .error())
                .isEqualTo(ErrorCode.OVERLOADED);
        assertThat(await(patient.stats()).pendingCalls()).isEqualTo(limit);

        held.remove().complete(VALUE);
        assertThat(stranger.receive().value()).isEqualTo(VALUE);
        stranger.send(there, stranger.request(there, "slow", false, null, VALUE));
        assertThat(stranger.untilPong(there)).isEmpty();
        assertThat(await(patient.stats()).pendingCalls()).isEqualTo(limit);
    }

    @Test
    void one_that_answers_more_than_a_datagram_holds() {
        Reply reply = ask(query -> Bytes.of(new byte[5_000]));
        assertThat(reply.error()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(reply.value()).isNull();
    }

    @Test
    void one_that_is_taken_away_while_it_works_and_one_that_is_replaced() {
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        var registration = node.onQueryAsync("slow", query -> answer);
        Request request = stranger.request(address, "slow", false, null, VALUE);
        stranger.send(address, request);
        assertThat(stranger.untilPong(address)).isEmpty();
        registration.close();
        registration.close();

        assertThat(stranger.ask(address, stranger.request(address, "slow", false, null, VALUE))
                        .error())
                .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        answer.complete(VALUE);
        assertThat(stranger.receiveReply(request).value()).isEqualTo(VALUE);

        node.onQuery("slow", query -> Bytes.utf8("new"));
        registration.close();
        assertThat(stranger.ask(address, stranger.request(address, "slow", false, null, VALUE))
                        .value())
                .isEqualTo(Bytes.utf8("new"));
    }

    @Test
    void a_listener_that_throws_is_forgotten() {
        node.onEvent(event -> {
            throw new IllegalStateException("a listener's own trouble");
        });
        stranger.send(address, new byte[0]);
        assertThat(stranger.untilPong(address)).isEmpty();
    }

    @Test
    void nodes_without_the_command_are_errors_and_no_commit_targets_but_guide_the_search() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        List<Dht> without = List.of(network.start(bootstrap), network.start(bootstrap), network.start(bootstrap));
        Dht with = network.start(bootstrap);
        with.onClosest("rare", query -> query.value());
        without.forEach(node -> await(node.ready()));
        await(with.ready());
        Dht caller = network.client(bootstrap);
        await(caller.ready());

        var stream = caller.closest(Query.of("rare", Key.ZERO).value(VALUE));
        assertThat(await(stream.results()))
                .singleElement()
                .satisfies(result -> assertThat(result.id()).isEqualTo(with.id()));
        QuerySummary summary = await(stream.summary());
        assertThat(summary.errors()).isEqualTo(without.size());
        assertThat(summary.commits()).isEqualTo(1);
        assertThat(summary.closest()).extracting(contact -> contact.id()).containsExactly(with.id());
    }

    @Test
    void when_all_refuse_a_commit_the_failure_names_them_and_their_codes() {
        node.onClosest("test", query -> {
            throw DhtException.refused(77);
        });
        Dht caller = network.client(address);
        await(caller.ready());

        assertThatThrownBy(() -> await(
                        caller.closest(Query.of("test", Key.ZERO).value(VALUE)).results()))
                .hasMessage("No close nodes responded")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .isInstanceOfSatisfying(DhtException.class, refusal -> {
                            assertThat(refusal.code()).isEqualTo(77);
                            assertThat(refusal).hasMessageContaining(address.toString());
                        }));
    }

    private Reply ask(QueryHandler handler) {
        node.onQuery("test", handler);
        return stranger.ask(address, stranger.request(address, "test", false, null, VALUE));
    }

    private Reply askAsync(AsyncQueryHandler handler) {
        node.onQueryAsync("test", handler);
        return stranger.ask(address, stranger.request(address, "test", false, null, VALUE));
    }

    /** A stage that tells everyone twice. */
    private static final class Stuttering extends CompletableFuture<Bytes> {
        @Override
        public CompletableFuture<Bytes> whenComplete(BiConsumer<? super Bytes, ? super Throwable> action) {
            action.accept(VALUE, null);
            action.accept(Bytes.utf8("second"), null);
            return this;
        }
    }
}

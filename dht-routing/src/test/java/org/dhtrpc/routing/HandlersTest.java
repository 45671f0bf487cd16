package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Phase;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What we answer: built-ins, handlers, repeats, errors, and how much. */
class HandlersTest {
    private static final Endpoint PEER = Peer.endpoint(1);
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Peer known = Peer.at(Bench.ID, 9);
    private final Bench bench = handling(Bench.setup().knows(known).build(), Phase.DISCOVERY);

    private static Bench handling(Bench bench, Phase phase) {
        bench.machine.handle(bench.now, Bench.COMMAND, phase);
        return bench;
    }

    private static Request command(long transaction) {
        return new Request(transaction, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, VALUE);
    }

    private static Request commit(long transaction, @Nullable Bytes token) {
        return new Request(transaction, null, Bench.HERE, Bench.COMMAND, Bench.ID, true, token, VALUE, null, 0);
    }

    @Test
    void a_ping_is_answered_with_the_address_that_we_see() {
        Reply pong = bench.asked(PEER, new Request(3, null, Bench.HERE, Command.PING, null, null, null));
        assertThat(pong.transaction()).isEqualTo(3);
        assertThat(pong.to()).isEqualTo(PEER);
        assertThat(pong.sender()).isEqualTo(Bench.ID);
        assertThat(pong.contacts()).isNull();
        assertThat(pong.value()).isNull();
        assertThat(pong.token()).isNotNull();
    }

    @Test
    void on_a_wire_that_wants_it_so_the_pong_has_the_address_as_its_value() {
        Bench old = Bench.setup().wire(15, false, true).build();
        Reply pong = old.asked(PEER, new Request(3, null, null, Command.PING, null, null, null));
        assertThat(pong.value()).isEqualTo(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) 1, (byte) 0x0F, (byte) 0xA0));
        assertThat(pong.token()).satisfies(token -> assertThat(token.size()).isEqualTo(32));
    }

    @Test
    void a_handler_gets_the_query_and_its_value_goes_back_with_contacts_and_a_token() {
        bench.receive(PEER, command(5));
        assertThat(bench.calls).singleElement().satisfies(call -> {
            assertThat(call.command()).isEqualTo(Bench.COMMAND);
            assertThat(call.query().from()).isEqualTo(PEER);
            assertThat(call.query().value()).isEqualTo(VALUE);
            assertThat(call.query().phase()).isEqualTo(Phase.DISCOVERY);
        });
        assertThat(bench.replies()).isEmpty();
        bench.answer(bench.calls.get(0), ErrorCode.NONE, Bytes.utf8("answer"));
        assertThat(bench.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.transaction()).isEqualTo(5);
            assertThat(reply.value()).isEqualTo(Bytes.utf8("answer"));
            assertThat(reply.contacts()).containsExactly(known.contact());
            assertThat(reply.token()).isNotNull();
            assertThat(reply.error()).isZero();
        });
    }

    @Test
    void a_repeat_is_absorbed_while_the_handler_works() {
        bench.receive(PEER, command(5));
        bench.receive(PEER, command(5));
        bench.receive(PEER, command(5));
        assertThat(bench.calls).hasSize(1);
        assertThat(bench.sent).isEmpty();
        assertThat(bench.machine.stats().repeatsReceived()).isEqualTo(2);
        assertThat(bench.machine.stats().requestsReceived()).isEqualTo(3);
    }

    @Test
    void a_repeat_after_the_answer_gets_the_very_same_reply() {
        bench.receive(PEER, command(5));
        bench.answer(bench.calls.get(0), ErrorCode.NONE, VALUE);
        bench.runMillis(900);
        bench.receive(PEER, command(5));
        assertThat(bench.calls).hasSize(1);
        assertThat(bench.replies()).hasSize(2);
        assertThat(bench.replies().get(1)).isSameAs(bench.replies().get(0));
    }

    @Test
    void the_same_transaction_id_of_another_sender_or_another_question_is_not_a_repeat() {
        bench.receive(PEER, command(5));
        bench.receive(Peer.endpoint(2), command(5));
        bench.receive(PEER, command(6));
        // Short ids come round again before the horizon.
        bench.receive(PEER, new Request(5, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null));
        assertThat(bench.calls).hasSize(4);
        assertThat(bench.machine.stats().repeatsReceived()).isZero();
    }

    @Test
    void an_answered_request_is_forgotten_after_the_horizon() {
        bench.receive(PEER, command(5));
        bench.answer(bench.calls.get(0), ErrorCode.NONE, VALUE);
        bench.runMillis(4_999);
        bench.receive(PEER, command(5));
        assertThat(bench.calls).hasSize(1);
        bench.runMillis(1);
        bench.receive(PEER, command(5));
        assertThat(bench.calls).hasSize(2);
    }

    @Test
    void the_memory_of_answered_requests_is_bounded() {
        int flood = KademliaConfig.MAX_REMEMBERED + 100;
        for (int i = 0; i < flood; i++) {
            bench.receive(PEER, command(i));
            bench.answer(bench.calls.get(i), ErrorCode.NONE, VALUE);
        }
        bench.receive(PEER, command(flood - 1));
        assertThat(bench.calls).hasSize(flood);
        bench.receive(PEER, command(0));
        assertThat(bench.calls).hasSize(flood + 1);
    }

    @Test
    void a_second_answer_is_dropped_and_counted() {
        bench.receive(PEER, command(5));
        bench.answer(bench.calls.get(0), ErrorCode.NONE, VALUE);
        bench.answer(bench.calls.get(0), ErrorCode.NONE, Bytes.utf8("other"));
        assertThat(bench.replies()).hasSize(1);
        assertThat(bench.machine.stats().lateAnswers()).isEqualTo(1);
    }

    @Test
    void a_handler_that_never_answers_is_forgotten_and_its_late_answer_counted() {
        bench.receive(PEER, command(5));
        assertThat(bench.machine.stats().pendingCalls()).isEqualTo(1);
        bench.runMillis(5_000);
        assertThat(bench.machine.stats().pendingCalls()).isZero();
        bench.answer(bench.calls.get(0), ErrorCode.NONE, VALUE);
        assertThat(bench.sent).isEmpty();
        assertThat(bench.machine.stats().lateAnswers()).isEqualTo(1);
    }

    @Test
    void more_calls_than_may_wait_are_refused_as_overloaded() {
        for (int i = 0; i < KademliaConfig.MAX_CALLS; i++) {
            bench.receive(PEER, command(i));
        }
        Reply reply = bench.asked(PEER, command(99_999));
        assertThat(reply.error()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(bench.machine.stats().pendingCalls()).isEqualTo(KademliaConfig.MAX_CALLS);
        bench.answer(bench.calls.get(0), ErrorCode.NONE, VALUE);
        bench.receive(PEER, command(99_999));
        assertThat(bench.calls).hasSize(KademliaConfig.MAX_CALLS + 1);
    }

    @Test
    void the_error_of_a_handler_is_answered_with_contacts_and_a_token() {
        bench.receive(PEER, command(5));
        bench.answer(bench.calls.get(0), ErrorCode.HANDLER_FAILED, null);
        assertThat(bench.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.error()).isEqualTo(ErrorCode.HANDLER_FAILED);
            assertThat(reply.contacts()).containsExactly(known.contact());
            assertThat(reply.token()).isNotNull();
        });
        assertThat(bench.machine.stats().errorsSent()).isEqualTo(1);
    }

    @Test
    void an_unknown_command_is_an_error_that_still_guides_the_search() {
        Request unknown = new Request(5, null, Bench.HERE, Command.of("other"), Bench.ID, null, null);
        Reply reply = bench.asked(PEER, unknown);
        assertThat(reply.error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        assertThat(reply.contacts()).containsExactly(known.contact());
        assertThat(reply.token()).isNotNull();
    }

    @Test
    void a_command_is_unknown_again_once_its_handler_is_taken_away() {
        bench.machine.unhandle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        assertThat(bench.asked(PEER, command(5)).error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    }

    @Test
    void a_users_ping_is_not_the_built_in_one() {
        Request ping = new Request(5, null, Bench.HERE, Command.of("ping"), Bench.ID, null, null);
        assertThat(bench.asked(PEER, ping).error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    }

    @Test
    void a_built_in_command_that_we_do_not_know_and_a_search_for_nothing_are_errors() {
        Request strange = new Request(5, null, Bench.HERE, Command.builtIn(99), null, null, null);
        assertThat(bench.asked(PEER, strange).error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        Request aimless = new Request(6, null, Bench.HERE, Command.FIND_NODE, null, null, null);
        assertThat(bench.asked(PEER, aimless).error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    }

    @Test
    void discovery_without_a_query_handler_but_with_one_for_commits_is_a_reply_without_a_value() {
        Bench storing = handling(Bench.setup().build(), Phase.COMMIT);
        Reply reply = storing.asked(PEER, command(5));
        assertThat(reply.error()).isZero();
        assertThat(reply.value()).isNull();
        assertThat(storing.calls).isEmpty();
    }

    @Test
    void a_commit_without_a_handler_for_commits_is_an_unknown_command() {
        Bytes token = bench.asked(PEER, commit(4, null)).token();
        assertThat(bench.asked(PEER, commit(5, token)).error()).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
        assertThat(bench.calls).isEmpty();
    }

    @Test
    void a_commit_needs_a_token_of_ours_and_is_given_a_fresh_one_if_it_has_none() {
        Bench storing = handling(Bench.setup().build(), Phase.COMMIT);
        for (Bytes bad : new Bytes[] {null, Bytes.EMPTY, Bytes.of(new byte[7]), Peer.token(12)}) {
            assertThat(storing.asked(PEER, commit(4, bad)).error()).isEqualTo(ErrorCode.INVALID_TOKEN);
        }
        Bytes token = storing.asked(PEER, commit(4, null)).token();
        assertThat(storing.asked(Endpoint.parse("10.0.0.1:4001"), commit(4, token))
                        .error())
                .isEqualTo(ErrorCode.INVALID_TOKEN);
        assertThat(storing.calls).isEmpty();
        storing.receive(PEER, commit(5, token));
        assertThat(storing.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.query().phase()).isEqualTo(Phase.COMMIT));
    }

    @Test
    void a_token_in_a_discovery_makes_it_no_commit() {
        Bytes token = bench.asked(PEER, commit(4, null)).token();
        bench.receive(PEER, new Request(5, null, Bench.HERE, Bench.COMMAND, Bench.ID, token, VALUE));
        assertThat(bench.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.query().phase()).isEqualTo(Phase.DISCOVERY));
    }

    @Test
    void an_expired_token_is_refused_with_one_that_works() {
        Bench storing = handling(Bench.setup().build(), Phase.COMMIT);
        Bytes old = storing.asked(PEER, commit(4, null)).token();
        storing.run(Tokens.PERIOD);
        storing.receive(PEER, commit(5, old));
        assertThat(storing.calls).hasSize(1);
        storing.run(Tokens.PERIOD);
        Reply refusal = storing.asked(PEER, commit(6, old));
        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_TOKEN);
        storing.receive(PEER, commit(7, refusal.token()));
        assertThat(storing.calls).hasSize(2);
    }

    @Test
    void on_a_wire_without_errors_an_error_is_silence() {
        Bench old = handling(Bench.setup().wire(15, false, true).build(), Phase.DISCOVERY);
        assertThat(old.ask(PEER, commit(1, null))).isNull();
        old.receive(PEER, command(3));
        old.answer(old.calls.get(0), ErrorCode.HANDLER_FAILED, null);
        old.receive(PEER, command(4));
        old.answer(old.calls.get(1), ErrorCode.NONE, Bytes.of(new byte[2_000]));
        old.receive(PEER, command(3));
        assertThat(old.sent).isEmpty();
        assertThat(old.calls).hasSize(2);
    }

    @Test
    void on_a_wire_without_errors_who_does_not_know_a_command_shows_the_way_and_gives_no_token() {
        Bench old = handling(Bench.setup().wire(15, false, true).build(), Phase.DISCOVERY);
        Command unknown = Command.of(7);
        Reply reply = old.asked(PEER, new Request(2, null, null, unknown, Bench.ID, null, null));
        assertThat(reply.contacts()).isNotNull();
        assertThat(reply.token()).isNull();
        Request commit = new Request(3, null, null, unknown, Bench.ID, true, Bytes.of(new byte[32]), null, null, 0);
        assertThat(old.ask(PEER, commit)).isNull();
    }

    @Test
    void after_a_flood_of_calls_nothing_is_left_behind() {
        for (int i = 0; i < 3_000; i++) {
            bench.receive(Peer.endpoint(i), command(i));
        }
        bench.run(Duration.ofSeconds(6));
        assertThat(bench.machine.stats().pendingCalls()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }
}

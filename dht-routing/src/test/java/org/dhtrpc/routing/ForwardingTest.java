package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Rejection;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A question that goes on, its answer that comes from somebody else, and whoever has asked. */
class ForwardingTest {
    private static final Endpoint ASKER = Peer.endpoint(1);
    private static final Endpoint THIRD = Peer.endpoint(2);
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final Bytes PASSED_ON = Bytes.utf8("passed on");

    private static Bench handling(Setup setup) {
        Bench bench = setup.build();
        bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        return bench;
    }

    private static Request question(@Nullable Bytes token) {
        return new Request(5, null, Bench.HERE, Bench.COMMAND, Bench.ID, token, VALUE).withPadding(300);
    }

    private static Effect.Call asked(Bench bench) {
        bench.receive(ASKER, question(null));
        return bench.calls.get(bench.calls.size() - 1);
    }

    @Nested
    class Relaying {
        private final Bench bench = handling(Bench.setup());

        @Test
        void the_third_gets_the_same_question_from_us() {
            bench.forward(asked(bench), Forward.relay(THIRD, PASSED_ON));
            assertThat(bench.replies()).isEmpty();
            assertThat(bench.sent).singleElement().satisfies(send -> {
                assertThat(send.to()).isEqualTo(THIRD);
                assertThat(send.message())
                        .isEqualTo(new Request(5, Bench.ID, THIRD, Bench.COMMAND, Bench.ID, null, PASSED_ON)
                                .withPadding(300));
            });
            assertThat(bench.machine.stats().pendingRequests())
                    .as("nobody waits for it")
                    .isZero();
        }

        @Test
        void a_token_that_was_given_to_the_asker_goes_no_further() {
            Request first = new Request(1, null, null, Command.of("other"), null, null, null).withPadding(300);
            Bytes token = bench.asked(ASKER, first).token();
            assertThat(token).isNotNull();
            bench.receive(ASKER, question(token));
            bench.forward(bench.calls.get(0), Forward.relay(THIRD, PASSED_ON));
            assertThat(bench.lastRequest().token()).isNull();
        }

        @Test
        void an_ephemeral_node_relays_without_an_id() {
            Bench hidden = handling(Bench.setup().ephemeral());
            hidden.forward(asked(hidden), Forward.relay(THIRD, null));
            assertThat(hidden.lastRequest().sender()).isNull();
            assertThat(hidden.lastRequest().value()).isNull();
        }

        @Test
        void a_repeat_is_relayed_again_and_not_handled_again() {
            bench.forward(asked(bench), Forward.relay(THIRD, PASSED_ON));
            bench.runMillis(300);
            bench.receive(ASKER, question(null));
            assertThat(bench.calls).hasSize(1);
            assertThat(bench.requestsTo(THIRD)).hasSize(2);
            assertThat(bench.requestsTo(THIRD).get(1))
                    .isEqualTo(bench.requestsTo(THIRD).get(0));
        }

        @Test
        void if_the_third_answers_us_nobody_has_asked() {
            bench.forward(asked(bench), Forward.relay(THIRD, PASSED_ON));
            bench.receive(THIRD, new Reply(5, Peer.key(Bench.ID, 2), Bench.HERE, null, null, 0, VALUE));
            assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);
            assertThat(bench.contacts()).isEmpty();
        }

        @Test
        void to_where_nobody_can_be_the_asker_gets_an_error() {
            Bench choosy = handling(Bench.setup().filter(endpoint -> endpoint.port() != 53));
            for (Endpoint to : List.of(
                    Endpoint.parse("0.0.0.0:7"),
                    Endpoint.parse("10.0.0.7:0"),
                    Endpoint.parse("224.0.0.1:7"),
                    Endpoint.parse("10.0.0.7:53"),
                    Bench.HERE)) {
                for (boolean relayed : new boolean[] {false, true}) {
                    choosy.sent.clear();
                    choosy.runMillis(6_000);
                    choosy.forward(asked(choosy), new Forward(to, VALUE, relayed));
                    assertThat(choosy.sent).singleElement().satisfies(send -> {
                        assertThat(send.to()).isEqualTo(ASKER);
                        assertThat(((Reply) send.message()).error()).isEqualTo(ErrorCode.HANDLER_FAILED);
                    });
                }
            }
        }

        @Test
        void with_more_bytes_than_the_asker_could_have_had_sent_it_is_refused() {
            bench.forward(asked(bench), Forward.relay(THIRD, Bytes.of(new byte[1_150])));
            assertThat(bench.requests()).isEmpty();
            assertThat(bench.replies()).extracting(Reply::error).containsExactly(ErrorCode.TOO_LARGE);

            Bench other = handling(Bench.setup());
            Request little = new Request(6, null, Bench.HERE, Bench.COMMAND, null, null, null);
            other.receive(ASKER, little);
            int limit = 3 * new MsgpackCodec().size(little);
            other.forward(other.calls.get(0), Forward.relay(THIRD, Bytes.of(new byte[limit])));
            assertThat(other.requests()).isEmpty();
        }

        @Test
        void it_is_told_once() {
            Effect.Call call = asked(bench);
            bench.forward(call, Forward.relay(THIRD, PASSED_ON));
            bench.forward(call, Forward.relay(THIRD, PASSED_ON));
            bench.answer(call, 0, VALUE);
            assertThat(bench.sent).hasSize(1);
            assertThat(bench.machine.stats().lateAnswers()).isEqualTo(2);
        }

        @Test
        void what_came_in_on_the_sibling_goes_on_from_there() {
            bench.receiveOnSibling(ASKER, question(null));
            bench.forward(bench.calls.get(0), Forward.relay(THIRD, PASSED_ON));
            assertThat(bench.sent).singleElement().satisfies(send -> {
                assertThat(send.sibling()).isTrue();
                assertThat(send.message().sender()).isNull();
            });
        }
    }

    @Nested
    class Answering {
        private final Bench bench = handling(Bench.setup());

        @Test
        void whoever_asked_first_gets_the_answer_and_not_the_one_who_relayed() {
            bench.forward(asked(bench), Forward.answer(THIRD, VALUE));
            assertThat(bench.sent).singleElement().satisfies(send -> {
                assertThat(send.to()).isEqualTo(THIRD);
                assertThat(send.message()).isInstanceOfSatisfying(Reply.class, reply -> {
                    assertThat(reply.transaction()).isEqualTo(5);
                    assertThat(reply.to()).isEqualTo(THIRD);
                    assertThat(reply.value()).isEqualTo(VALUE);
                    assertThat(reply.sender()).isEqualTo(Bench.ID);
                    assertThat(reply.error()).isZero();
                });
            });
        }

        @Test
        void it_gets_as_much_as_an_address_that_has_proven_nothing() {
            Reply token =
                    bench.asked(ASKER, new Request(1, null, null, Bench.COMMAND, null, true, null, null, null, 90));
            bench.receive(
                    ASKER, new Request(6, null, Bench.HERE, Bench.COMMAND, null, false, token.token(), null, null, 0));
            bench.sent.clear();
            bench.forward(bench.calls.get(0), Forward.answer(THIRD, Bytes.of(new byte[900])));
            assertThat(bench.sent).allSatisfy(send -> {
                assertThat(send.to()).isEqualTo(THIRD);
                assertThat(new MsgpackCodec().size(send.message())).isLessThan(200);
                assertThat(((Reply) send.message()).error()).isEqualTo(ErrorCode.PROVE_ADDRESS);
            });
        }
    }

    @Nested
    class Asking {
        private final Peer relay = Peer.at(Bench.ID, 1);
        private final Key thirdId = Peer.key(Bench.ID, 2);
        private final Bench bench = Bench.setup().build();
        private final long operation = bench.machine.request(
                bench.now, relay.endpoint, Bench.COMMAND, Bench.ID, VALUE, THIRD, 5_000_000_000L, null);

        private final Request request = first();

        private Request first() {
            bench.drain();
            return bench.lastRequest();
        }

        private Reply reply(Endpoint sees, int error, @Nullable Bytes token) {
            return new Reply(request.transaction(), thirdId, sees, List.of(), token, error, VALUE);
        }

        @Test
        void the_answer_of_the_third_that_was_announced_counts() {
            bench.receive(THIRD, reply(Bench.HERE, 0, null));
            Effect.Answer answer = bench.answerTo(operation);
            assertThat(answer.from()).isEqualTo(THIRD);
            assertThat(answer.reply().value()).isEqualTo(VALUE);
            assertThat(bench.machine.stats().pendingRequests()).isZero();
        }

        @Test
        void so_does_that_of_the_one_who_was_asked() {
            bench.receive(relay.endpoint, reply(Bench.HERE, 0, null));
            assertThat(bench.failure(operation)).isNull();
        }

        @Test
        void that_of_a_fourth_does_not() {
            bench.receive(Peer.endpoint(4), reply(Bench.HERE, 0, null));
            assertThat(bench.answered).isEmpty();
            assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);
        }

        @Test
        void nothing_is_learnt_of_the_third_nor_of_ourselves() {
            bench.receive(THIRD, reply(Peer.endpoint(99), 0, null));
            assertThat(bench.contacts()).isEmpty();
            assertThat(bench.machine.publicAddress()).isNull();
            assertThat(bench.events).noneMatch(DhtEvent.AddressChanged.class::isInstance);
        }

        @Test
        void nor_does_it_drive_out_a_contact() {
            Peer contact = new Peer(Peer.key(Bench.ID, 77), THIRD);
            Bench knowing = Bench.setup().knows(contact).build();
            knowing.machine.request(
                    knowing.now, relay.endpoint, Bench.COMMAND, null, null, THIRD, 5_000_000_000L, null);
            knowing.drain();
            knowing.receive(
                    THIRD, new Reply(knowing.lastRequest().transaction(), null, Bench.HERE, null, null, 0, VALUE));
            assertThat(knowing.answered).hasSize(1);
            assertThat(knowing.contacts()).containsExactly(contact.contact());
        }

        @Test
        void if_the_relay_wants_a_proof_of_our_address_the_third_may_answer_that_too() {
            bench.receive(relay.endpoint, reply(Bench.HERE, ErrorCode.PROVE_ADDRESS, relay.token));
            Request again = bench.lastRequest();
            assertThat(again.token()).isEqualTo(relay.token);
            bench.receive(THIRD, new Reply(again.transaction(), thirdId, Bench.HERE, List.of(), null, 0, VALUE));
            assertThat(bench.failure(operation)).isNull();
        }

        @Test
        void a_proof_that_the_third_wants_is_no_use_to_the_relay() {
            bench.receive(THIRD, reply(Bench.HERE, ErrorCode.PROVE_ADDRESS, Peer.token(2)));
            assertThat(bench.requests()).hasSize(1);
            assertThat(bench.failure(operation)).isEqualTo(Reason.REFUSED);
            assertThat(bench.answered.values())
                    .extracting(Effect.Answered::failure)
                    .asString()
                    .contains(THIRD.toString());
        }

        @Test
        void without_any_answer_it_fails_as_others_do() {
            bench.run(Duration.ofSeconds(6));
            assertThat(bench.failure(operation)).isEqualTo(Reason.TIMED_OUT);
        }
    }
}

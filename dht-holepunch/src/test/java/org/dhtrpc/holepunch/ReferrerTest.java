package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.holepunch.Meeting.CALLER;
import static org.dhtrpc.holepunch.Meeting.PEER;
import static org.dhtrpc.holepunch.Meeting.PUNCH;
import static org.dhtrpc.holepunch.Meeting.REFERRER;
import static org.dhtrpc.holepunch.Meeting.ROOM;
import static org.dhtrpc.holepunch.Meeting.SECOND;
import static org.dhtrpc.holepunch.Meeting.accept;
import static org.dhtrpc.holepunch.Meeting.introduce;

import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Meeting.Sent;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Introductions, as the referrer sees them. */
class ReferrerTest {
    private final Meeting meeting = new Meeting();

    private static Endpoint caller(int number) {
        return Endpoint.of(new byte[] {(byte) 198, 51, (byte) (number >>> 8), (byte) number}, 4000);
    }

    private static byte[] error(StunMessage request, int code) {
        return StunWriter.answer(Kind.ERROR, request).error(code, "").bytes();
    }

    @Test
    void without_a_nonce_there_is_one_and_nothing_else() {
        meeting.sees(PEER);
        Sent answer = meeting.answer(CALLER, introduce(PUNCH, PEER, null, 2).bytes());

        assertThat(answer.to()).isEqualTo(CALLER);
        assertThat(answer.code()).isEqualTo(Stun.STALE_NONCE);
        assertThat(answer.message().transaction()).isEqualTo(new TransactionId(PUNCH, 0));
        assertThat(answer.message().value(Stun.NONCE)).hasSize(Nonces.SIZE);
        assertThat(meeting.referrer.size()).isZero();
    }

    @Test
    void a_nonce_of_somebody_else_is_none() {
        meeting.sees(PEER);
        byte[] nonce = meeting.nonce(CALLER);

        for (String other : List.of("198.51.100.7:4001", "198.51.100.8:4000", "[2001:db8::7]:4000")) {
            assertThat(meeting.answer(Endpoint.parse(other), introduce(PUNCH, PEER, nonce))
                            .code())
                    .isEqualTo(Stun.STALE_NONCE);
        }
    }

    @Test
    void a_nonce_is_good_for_five_minutes_and_for_ten_at_most() {
        byte[] nonce = meeting.nonce(CALLER);

        meeting.after(Nonces.PERIOD - 1);
        meeting.sees(PEER);
        assertThat(meeting.answer(CALLER, introduce(1, PEER, nonce)).to()).isEqualTo(PEER);
        meeting.after(Nonces.PERIOD + 1);
        meeting.sees(PEER);
        assertThat(meeting.answer(CALLER, introduce(2, PEER, nonce)).code()).isEqualTo(Stun.STALE_NONCE);
    }

    @Test
    void the_peer_is_told_who_asks_from_where_and_what_he_says() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER), 2)
                .add(Stun.RESUMES, (byte) 1, (byte) 2)
                .padTo(ROOM)
                .bytes();
        StunMessage invite = meeting.answer(CALLER, request).message();

        assertThat(invite.kind()).isEqualTo(Kind.REQUEST);
        assertThat(invite.method()).isEqualTo(Stun.INVITE);
        assertThat(invite.transaction().high()).isEqualTo(PUNCH);
        assertThat(invite.xorAddress(Stun.XOR_PEER_ADDRESS)).isEqualTo(CALLER);
        assertThat(invite.xorAddress(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(PEER);
        assertThat(invite.value(Stun.KEY)).hasSize(32);
        assertThat(invite.value(Stun.PROFILE)).hasSize(12);
        assertThat(invite.value(Stun.RESUMES)).containsExactly(1, 2);
        assertThat(invite.values(Stun.CANDIDATE)).containsExactly(Meeting.candidate(0), Meeting.candidate(1));
        assertThat(invite.has(Stun.NONCE)).isFalse();
        assertThat(meeting.referrer.introductions()).isEqualTo(1);
    }

    @Test
    void the_caller_is_told_where_the_peer_is_what_it_says_and_how_much_would_be_relayed() {
        StunMessage told = meeting.introduced(PUNCH).message();

        assertThat(told.method()).isEqualTo(Stun.INTRODUCE);
        assertThat(told.transaction()).isEqualTo(new TransactionId(PUNCH, 0));
        assertThat(told.xorAddress(Stun.XOR_PEER_ADDRESS)).isEqualTo(PEER);
        assertThat(told.xorAddress(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(CALLER);
        assertThat(told.value(Stun.KEY)).hasSize(32);
        assertThat(told.values(Stun.CANDIDATE)).hasSize(2);
        assertThat(told.number(Stun.RELAY_LIMIT)).isEqualTo(1 << 20);
    }

    @Test
    void who_relays_nothing_says_so_by_silence() {
        StunMessage told = new Meeting(PunchOptions.defaults().relayedBytes(0))
                .introduced(PUNCH)
                .message();

        assertThat(told.has(Stun.RELAY_LIMIT)).isFalse();
    }

    @Test
    void an_unknown_peer_is_answered_in_one_round_trip() {
        byte[] nonce = meeting.nonce(CALLER);

        assertThat(meeting.answer(CALLER, introduce(1, PEER, nonce)).code()).isEqualTo(Stun.PEER_UNKNOWN);
        meeting.sees(PEER);
        meeting.after(Seen.MEMORY + 1);
        assertThat(meeting.answer(CALLER, introduce(2, PEER, nonce)).code()).isEqualTo(Stun.PEER_UNKNOWN);
        assertThat(meeting.referrer.introductions()).isZero();
        assertThat(meeting.referrer.refusals()).isEqualTo(2);
    }

    @Test
    void nobody_is_introduced_to_himself_or_to_the_referrer_or_to_an_address_of_nobody() {
        byte[] nonce = meeting.nonce(CALLER);

        for (String peer :
                List.of("198.51.100.7:4000", REFERRER.toString(), "192.88.0.5:0", "0.0.0.0:1", "224.0.0.1:1")) {
            Endpoint endpoint = Endpoint.parse(peer);
            meeting.sees(endpoint);
            assertThat(meeting.answer(CALLER, introduce(1, endpoint, nonce)).code())
                    .as(peer)
                    .isEqualTo(Stun.FORBIDDEN);
        }
    }

    @Test
    void private_addresses_are_introduced_only_where_they_are_wanted() {
        Endpoint inside = Endpoint.parse("192.168.1.7:4000");
        Meeting wanted = new Meeting(PunchOptions.defaults().privateAddresses(true));
        for (Meeting some : List.of(meeting, wanted)) {
            some.sees(inside, PEER);
        }

        assertThat(meeting.answer(CALLER, introduce(1, inside, meeting.nonce(CALLER)))
                        .code())
                .isEqualTo(Stun.FORBIDDEN);
        assertThat(meeting.answer(inside, introduce(2, PEER, meeting.nonce(inside)))
                        .code())
                .isEqualTo(Stun.FORBIDDEN);
        assertThat(wanted.answer(CALLER, introduce(1, inside, wanted.nonce(CALLER)))
                        .to())
                .isEqualTo(inside);
        assertThat(wanted.answer(inside, introduce(2, PEER, wanted.nonce(inside)))
                        .to())
                .isEqualTo(PEER);
    }

    @Test
    void eight_candidates_are_passed_on_and_nine_are_refused() {
        meeting.sees(PEER);
        byte[] nonce = meeting.nonce(CALLER);

        StunMessage invite = meeting.answer(
                        CALLER, introduce(1, PEER, nonce, 8).padTo(400).bytes())
                .message();
        assertThat(invite.values(Stun.CANDIDATE)).hasSize(8);
        assertThat(meeting.answer(
                                CALLER, introduce(2, PEER, nonce, 9).padTo(400).bytes())
                        .code())
                .isEqualTo(Stun.BAD_REQUEST);
    }

    @Test
    void a_request_too_small_for_what_it_brings_about_is_refused() {
        Endpoint caller = Endpoint.parse("[2001:db8::7]:4000");
        Endpoint peer = Endpoint.parse("[2001:db8:1::7]:4000");
        Meeting wide = new Meeting(PunchOptions.defaults().privateAddresses(true));
        wide.sees(peer);
        byte[] nonce = wide.nonce(caller);

        byte[] bare = introduce(1, peer, nonce, 0).bytes();
        assertThat(wide.answer(caller, bare).code()).isEqualTo(Stun.BAD_REQUEST);
        assertThat(wide.answer(
                                caller,
                                introduce(2, peer, nonce, 0)
                                        .padTo(bare.length + 4)
                                        .bytes())
                        .to())
                .isEqualTo(peer);
    }

    @Test
    void a_request_larger_than_any_is_refused() {
        meeting.sees(PEER);
        byte[] nonce = meeting.nonce(CALLER);

        assertThat(meeting.answer(
                                CALLER,
                                introduce(1, PEER, nonce, 0)
                                        .padTo(Referrer.LARGEST + 4)
                                        .bytes())
                        .code())
                .isEqualTo(Stun.BAD_REQUEST);
        assertThat(meeting.answer(
                                CALLER,
                                introduce(1, PEER, nonce, 0)
                                        .padTo(Referrer.LARGEST)
                                        .bytes())
                        .to())
                .isEqualTo(PEER);
    }

    @Test
    void who_says_no_peer_is_refused() {
        byte[] request = StunWriter.of(Kind.REQUEST, Stun.INTRODUCE, new TransactionId(1, 0))
                .add(Stun.NONCE, meeting.nonce(CALLER))
                .bytes();

        assertThat(meeting.answer(CALLER, request).code()).isEqualTo(Stun.BAD_REQUEST);
    }

    @Test
    void what_does_not_fit_into_the_answer_is_left_out_from_the_end() {
        meeting.sees(PEER);
        byte[] request =
                introduce(PUNCH, PEER, meeting.nonce(CALLER), 0).padTo(128).bytes();
        StunMessage invite = meeting.answer(CALLER, request).message();
        StunMessage told =
                meeting.answer(PEER, accept(invite, 12).padTo(600).bytes()).message();

        assertThat(told.size()).isLessThanOrEqualTo(request.length);
        assertThat(told.number(Stun.RELAY_LIMIT)).isEqualTo(1 << 20);
        assertThat(told.values(Stun.CANDIDATE)).containsExactly(Meeting.candidate(0));
    }

    @Test
    void eight_of_the_peers_candidates_are_told() {
        meeting.sees(PEER);
        byte[] request =
                introduce(PUNCH, PEER, meeting.nonce(CALLER), 0).padTo(1_000).bytes();
        StunMessage invite = meeting.answer(CALLER, request).message();

        assertThat(meeting.answer(PEER, accept(invite, 12).bytes()).message().values(Stun.CANDIDATE))
                .hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {Stun.FORBIDDEN, Stun.TOO_MANY, 599})
    void a_peer_that_does_not_want_to_is_a_403_whatever_its_error(int code) {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        StunMessage invite = meeting.answer(CALLER, request).message();

        Sent told = meeting.answer(PEER, error(invite, code));
        assertThat(told.to()).isEqualTo(CALLER);
        assertThat(told.code()).isEqualTo(Stun.FORBIDDEN);
        assertThat(meeting.answer(CALLER, request).code()).isEqualTo(Stun.FORBIDDEN);
    }

    @Test
    void a_repeat_is_passed_on_again_until_the_peer_has_answered_and_then_answered_from_memory() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        StunMessage first = meeting.answer(CALLER, request).message();
        StunMessage second = meeting.answer(CALLER, request).message();
        assertThat(second.bytes()).isEqualTo(first.bytes());

        byte[] told = meeting.answer(PEER, accept(first, 1).bytes()).message().bytes();
        Sent again = meeting.answer(CALLER, request);
        assertThat(again.to()).isEqualTo(CALLER);
        assertThat(again.message().bytes()).isEqualTo(told);
        assertThat(meeting.referrer.introductions()).isEqualTo(1);
    }

    @Test
    void the_caller_is_answered_as_often_as_he_has_asked() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        StunMessage invite = meeting.answer(CALLER, request).message();
        meeting.answer(CALLER, request);
        byte[] answer = accept(invite, 1).bytes();

        assertThat(meeting.all(PEER, answer)).hasSize(1);
        assertThat(meeting.all(PEER, answer)).hasSize(1);
        assertThat(meeting.all(PEER, answer)).isEmpty();
    }

    @Test
    void there_is_an_end_to_repeats() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        int sent = 0;
        for (int i = 0; i < 100; i++) {
            meeting.sees(PEER);
            sent += meeting.all(CALLER, request).size();
            meeting.after(SECOND / 2);
        }

        assertThat(sent).isEqualTo(1 + Referral.REPEATS);
    }

    @Test
    void a_repeat_is_not_passed_on_to_a_peer_that_is_gone() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        meeting.answer(CALLER, request);
        meeting.after(Seen.MEMORY / 2);
        assertThat(meeting.answer(CALLER, request).to()).isEqualTo(PEER);
        meeting.after(Seen.MEMORY / 2 + 1);

        assertThat(meeting.all(CALLER, request)).isEmpty();
    }

    @Test
    void a_number_in_use_is_refused_to_another_caller_and_for_another_peer() {
        Endpoint other = Endpoint.parse("192.88.0.6:5000");
        meeting.sees(PEER, other);
        byte[] nonce = meeting.nonce(CALLER);
        meeting.answer(CALLER, introduce(PUNCH, PEER, nonce));

        assertThat(meeting.answer(CALLER, introduce(PUNCH, other, nonce)).code())
                .isEqualTo(Stun.FORBIDDEN);
        assertThat(meeting.answer(other, introduce(PUNCH, PEER, meeting.nonce(other)))
                        .code())
                .isEqualTo(Stun.FORBIDDEN);
    }

    @Test
    void a_number_is_forgotten_after_a_minute() {
        meeting.sees(PEER);
        byte[] nonce = meeting.nonce(CALLER);
        StunMessage first =
                meeting.answer(CALLER, introduce(PUNCH, PEER, nonce)).message();
        meeting.after(Referrals.MEMORY + 1);
        meeting.sees(PEER);

        assertThat(meeting.all(PEER, accept(first, 0).bytes())).isEmpty();
        assertThat(meeting.answer(CALLER, introduce(PUNCH, PEER, nonce)).to()).isEqualTo(PEER);
    }

    @Test
    void only_the_peer_can_answer_for_itself() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        StunMessage invite = meeting.answer(CALLER, request).message();
        byte[] answer = accept(invite, 1).bytes();

        assertThat(meeting.all(CALLER, answer)).isEmpty();
        assertThat(meeting.all(Endpoint.parse("192.88.0.5:5001"), answer)).isEmpty();
        assertThat(meeting.all(PEER, answer)).hasSize(1);
    }

    /** It would have data of his choice sent to somebody who has not agreed. */
    @Test
    void the_caller_cannot_accept_in_the_peers_name_by_forging_its_address() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER));
        StunMessage invite = meeting.answer(CALLER, request).message();
        for (int low = -2; low <= 10; low++) {
            byte[] forged = accept(
                            Meeting.read(StunWriter.of(Kind.REQUEST, Stun.INVITE, new TransactionId(PUNCH, low))
                                    .bytes()),
                            1)
                    .bytes();
            assertThat(meeting.all(PEER, forged)).isEmpty();
        }

        assertThat(meeting.all(CALLER, Meeting.indication(Stun.RELAY, PUNCH, 1, 100)))
                .isEmpty();
        assertThat(meeting.all(PEER, accept(invite, 1).bytes()))
                .as("it was over")
                .isEmpty();
    }

    @Test
    void a_source_asks_ten_times_at_once_and_five_times_a_second() {
        byte[] nonce = meeting.nonce(CALLER);
        int unknown = 0;
        for (int i = 0; i < 100; i++) {
            unknown += meeting.answer(CALLER, introduce(i, PEER, nonce)).code() == Stun.PEER_UNKNOWN ? 1 : 0;
        }
        assertThat(unknown).isEqualTo(10);
        meeting.after(SECOND);
        for (int i = 0; i < 100; i++) {
            unknown += meeting.answer(CALLER, introduce(i, PEER, nonce)).code() == Stun.PEER_UNKNOWN ? 1 : 0;
        }
        assertThat(unknown).isEqualTo(15);
    }

    @Test
    void who_forges_a_source_gets_it_ten_answers_at_once_and_does_not_use_up_what_its_owner_may_ask() {
        byte[] nonce = meeting.nonce(CALLER);
        int answers = 0;
        for (int i = 0; i < 1_000; i++) {
            answers += meeting.all(CALLER, introduce(i, PEER, null, 0).bytes()).size();
        }

        assertThat(answers).isEqualTo(9);
        assertThat(meeting.answer(CALLER, introduce(1, PEER, nonce)).code()).isEqualTo(Stun.PEER_UNKNOWN);
    }

    @Test
    void a_target_is_asked_ten_times_a_second_by_all_together() {
        int asked = 0;
        int refused = 0;
        for (int i = 0; i < 50; i++) {
            meeting.sees(PEER);
            Sent sent = meeting.answer(caller(i), introduce(i, PEER, meeting.nonce(caller(i))));
            asked += sent.to().equals(PEER) ? 1 : 0;
            refused += sent.code() == Stun.TOO_MANY ? 1 : 0;
        }
        assertThat(asked).isEqualTo(10);
        assertThat(refused).isEqualTo(40);
    }

    @Test
    void a_repeat_over_the_targets_rate_is_dropped_and_not_refused() {
        meeting.sees(PEER);
        byte[] request = introduce(0, PEER, meeting.nonce(CALLER));
        meeting.answer(CALLER, request);
        for (int i = 1; i < 10; i++) {
            meeting.answer(caller(i), introduce(i, PEER, meeting.nonce(caller(i))));
        }

        assertThat(meeting.all(CALLER, request)).isEmpty();
        meeting.after(SECOND / 10);
        assertThat(meeting.answer(CALLER, request).to()).isEqualTo(PEER);
    }

    @Test
    void what_has_no_fingerprint_or_comes_from_nowhere_is_ignored() {
        byte[] bare = introduce(PUNCH, PEER, null, 2).bare();

        assertThat(meeting.all(CALLER, bare)).isEmpty();
        assertThat(meeting.all(
                        Endpoint.parse("198.51.100.7:0"),
                        introduce(1, PEER, null, 0).bytes()))
                .isEmpty();
        assertThat(meeting.referrer.refusals()).isZero();
    }

    @Test
    void a_hundred_thousand_requests_leave_no_more_than_the_bounds_allow() {
        StunMessage unproven = Meeting.read(introduce(PUNCH, PEER, new byte[Nonces.SIZE]));
        for (int i = 0; i < 100_000; i++) {
            Endpoint caller = Endpoint.of(new byte[] {41, (byte) (i >>> 16), (byte) (i >>> 8), (byte) i}, 4000);
            meeting.sees(caller);
            if (i % 20 == 0) {
                meeting.answer(caller, introduce(i, caller(i), meeting.nonce(caller)));
                meeting.sees(caller(i));
                meeting.answer(caller, introduce(i, caller(i), meeting.nonce(caller)));
            } else {
                meeting.referrer.receive(0, caller, unproven);
                assertThat(meeting.outbox.poll()).isNotNull();
            }
        }

        assertThat(meeting.referrer.introductions()).isEqualTo(5_000);
        assertThat(meeting.referrer.size()).isEqualTo(Referrals.MOST);
        assertThat(meeting.referrer.rated()).isEqualTo(3 * Referrer.MOST_RATED);
        assertThat(meeting.seen.size()).isLessThanOrEqualTo(Seen.MOST);
    }
}

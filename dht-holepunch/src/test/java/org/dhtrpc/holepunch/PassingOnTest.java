package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.holepunch.Meeting.CALLER;
import static org.dhtrpc.holepunch.Meeting.PEER;
import static org.dhtrpc.holepunch.Meeting.PUNCH;
import static org.dhtrpc.holepunch.Meeting.SECOND;
import static org.dhtrpc.holepunch.Meeting.accept;
import static org.dhtrpc.holepunch.Meeting.indication;
import static org.dhtrpc.holepunch.Meeting.introduce;

import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Meeting.Sent;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two ends of a punch say to each other by way of the referrer. */
class PassingOnTest {
    /** A RELAY of 1,024 bytes. */
    private static final byte[] KIBIBYTE = indication(Stun.RELAY, PUNCH, 1, 1_024 - 52);

    private final Meeting meeting = new Meeting();

    private static Endpoint caller(int number) {
        return Endpoint.of(new byte[] {(byte) 198, 51, (byte) (number >>> 8), (byte) number}, 4000);
    }

    private static Endpoint peer(int number) {
        return Endpoint.of(new byte[] {42, 88, (byte) (number >>> 8), (byte) number}, 4000);
    }

    /** Brings two others together. */
    private void introduced(int number) {
        meeting.sees(peer(number));
        Sent invite = meeting.answer(caller(number), introduce(number, peer(number), meeting.nonce(caller(number))));
        meeting.answer(peer(number), accept(invite.message(), 0).bytes());
    }

    private boolean relays(int number) {
        return !meeting.all(caller(number), indication(Stun.RELAY, number, 1, 100))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Stun.NOTIFY, Stun.RELAY})
    void both_ends_get_what_the_other_one_says_byte_for_byte(int method) {
        meeting.introduced(PUNCH);
        byte[] there = indication(method, PUNCH, 1, 100);
        byte[] back = indication(method, PUNCH, -1, 10);

        Sent toPeer = meeting.answer(CALLER, there);
        assertThat(toPeer.to()).isEqualTo(PEER);
        assertThat(toPeer.message().bytes()).isEqualTo(there);
        Sent toCaller = meeting.answer(PEER, back);
        assertThat(toCaller.to()).isEqualTo(CALLER);
        assertThat(toCaller.message().bytes()).isEqualTo(back);
    }

    @ParameterizedTest
    @ValueSource(ints = {Stun.NOTIFY, Stun.RELAY})
    void nobody_else_is_passed_on_whatever_he_knows(int method) {
        meeting.introduced(PUNCH);
        byte[] indication = indication(method, PUNCH, 1, 100);

        for (String other : new String[] {"198.51.100.7:4001", "192.88.0.5:5001", "9.9.9.9:4000"}) {
            assertThat(meeting.all(Endpoint.parse(other), indication)).isEmpty();
        }
        assertThat(meeting.all(CALLER, indication(method, PUNCH + 1, 1, 100))).isEmpty();
        assertThat(meeting.referrer.relayedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {Stun.NOTIFY, Stun.RELAY})
    void nothing_is_passed_on_before_the_peer_has_agreed_or_after_it_has_not(int method) {
        meeting.sees(PEER);
        Sent invite = meeting.answer(CALLER, introduce(PUNCH, PEER, meeting.nonce(CALLER)));
        byte[] indication = indication(method, PUNCH, 1, 100);

        assertThat(meeting.all(CALLER, indication)).isEmpty();
        assertThat(meeting.all(PEER, indication)).isEmpty();
        meeting.answer(
                PEER,
                StunWriter.answer(Kind.ERROR, invite.message())
                        .error(Stun.FORBIDDEN, "")
                        .bytes());
        assertThat(meeting.all(CALLER, indication)).isEmpty();
        assertThat(meeting.all(PEER, indication)).isEmpty();
    }

    @Test
    void a_peer_whose_answer_does_not_fit_has_not_agreed() {
        meeting.sees(PEER);
        byte[] request = introduce(PUNCH, PEER, meeting.nonce(CALLER), 0).bytes();
        Sent invite = meeting.answer(CALLER, request);
        byte[] answer = StunWriter.answer(Kind.SUCCESS, invite.message())
                .add(Stun.KEY, new byte[100])
                .padTo(300)
                .bytes();

        assertThat(meeting.answer(PEER, answer).code()).isEqualTo(Stun.FORBIDDEN);
        assertThat(meeting.all(PEER, indication(Stun.RELAY, PUNCH, 1, 100))).isEmpty();
    }

    @Test
    void the_bytes_of_notices_are_limited_both_ways_together() {
        meeting.introduced(PUNCH);
        byte[] notice = indication(Stun.NOTIFY, PUNCH, 1, 1_024 - 52);
        assertThat(notice).hasSize(1_024);
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += meeting.all(i % 2 == 0 ? CALLER : PEER, notice).size();
            meeting.after(SECOND);
        }

        assertThat(passed).isEqualTo(Referral.NOTICES / 1_024);
    }

    @Test
    void what_is_relayed_is_limited_in_bytes_both_ways_together() {
        Meeting frugal = new Meeting(PunchOptions.defaults().relayedBytes(10_240));
        assertThat(frugal.introduced(PUNCH).message().number(Stun.RELAY_LIMIT)).isEqualTo(10_240);
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += frugal.all(i % 2 == 0 ? CALLER : PEER, KIBIBYTE).size();
            frugal.after(SECOND);
        }

        assertThat(passed).isEqualTo(10);
        assertThat(frugal.referrer.relayedBytes()).isEqualTo(10_240);
    }

    @Test
    void a_limit_of_all_that_fits_a_number_does_not_overflow() {
        Meeting generous = new Meeting(PunchOptions.defaults().relayedBytes(Integer.MAX_VALUE));
        assertThat(generous.introduced(PUNCH).message().number(Stun.RELAY_LIMIT))
                .isEqualTo(Integer.MAX_VALUE);

        assertThat(generous.all(CALLER, KIBIBYTE)).hasSize(1);
    }

    @Test
    void who_relays_nothing_relays_nothing() {
        Meeting none = new Meeting(PunchOptions.defaults().relayedBytes(0));
        none.introduced(PUNCH);

        assertThat(none.all(CALLER, KIBIBYTE)).isEmpty();
        assertThat(none.all(CALLER, indication(Stun.NOTIFY, PUNCH, 1, 10))).hasSize(1);
    }

    @Test
    void what_is_relayed_is_limited_in_a_second() {
        meeting.introduced(PUNCH);
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += meeting.all(CALLER, KIBIBYTE).size();
        }
        assertThat(passed).isEqualTo(64);
        meeting.after(SECOND / 2);
        for (int i = 0; i < 100; i++) {
            passed += meeting.all(PEER, KIBIBYTE).size();
        }
        assertThat(passed).isEqualTo(96);
    }

    @Test
    void relaying_ends_after_two_minutes() {
        meeting.introduced(PUNCH);
        assertThat(meeting.all(CALLER, KIBIBYTE)).hasSize(1);
        for (int i = 0; i < 4; i++) {
            meeting.after(Referral.RELAYED_FOR / 4 - 1);
            assertThat(meeting.all(PEER, KIBIBYTE)).hasSize(1);
        }
        meeting.after(4);

        assertThat(meeting.all(PEER, KIBIBYTE)).isEmpty();
        assertThat(meeting.all(PEER, indication(Stun.NOTIFY, PUNCH, 1, 10))).hasSize(1);
    }

    @Test
    void a_punch_is_remembered_for_a_minute_after_the_last_that_was_passed_on() {
        meeting.introduced(PUNCH);
        byte[] notice = indication(Stun.NOTIFY, PUNCH, 1, 10);
        for (int i = 0; i < 10; i++) {
            meeting.after(Referrals.MEMORY);
            assertThat(meeting.all(CALLER, notice)).hasSize(1);
        }
        meeting.after(Referrals.MEMORY + 1);

        assertThat(meeting.all(CALLER, notice)).isEmpty();
        assertThat(meeting.referrer.size()).isZero();
    }

    @Test
    void what_is_refused_does_not_keep_a_punch_alive() {
        meeting.introduced(PUNCH);
        for (int i = 0; i < 61; i++) {
            assertThat(meeting.all(Endpoint.parse("9.9.9.9:9"), indication(Stun.NOTIFY, PUNCH, 1, 10)))
                    .isEmpty();
            meeting.after(SECOND);
        }

        assertThat(meeting.all(CALLER, indication(Stun.NOTIFY, PUNCH, 1, 10))).isEmpty();
    }

    @Test
    void sixty_four_punches_are_relayed_at_once_and_the_next_when_one_is_over() {
        for (int i = 0; i <= Referrals.MOST_RELAYED; i++) {
            introduced(i);
            assertThat(relays(i)).isEqualTo(i < Referrals.MOST_RELAYED);
        }
        assertThat(relays(0)).isTrue();
        assertThat(meeting.introduced(PUNCH).message().has(Stun.RELAY_LIMIT)).isFalse();

        meeting.after(Referrals.MEMORY);
        assertThat(relays(0)).as("is still remembered").isTrue();
        assertThat(meeting.all(PEER, indication(Stun.NOTIFY, PUNCH, 1, 10))).hasSize(1);
        meeting.after(1);
        assertThat(meeting.all(PEER, KIBIBYTE)).as("63 were quiet for a minute").hasSize(1);
    }

    @Test
    void the_quietest_punch_is_forgotten_when_there_are_too_many() {
        meeting.introduced(PUNCH);
        for (int i = 0; i < 1_400; i++) {
            introduced(i);
            assertThat(meeting.all(CALLER, indication(Stun.NOTIFY, PUNCH, i, 0)).size())
                    .isEqualTo(i < Referral.NOTICES / 52 ? 1 : 0);
            assertThat(meeting.referrer.size()).isLessThanOrEqualTo(Referrals.MOST);
        }

        assertThat(relays(1_400 - Referrals.MOST)).isTrue();
        assertThat(relays(1_400 - Referrals.MOST - 1)).isFalse();
    }
}

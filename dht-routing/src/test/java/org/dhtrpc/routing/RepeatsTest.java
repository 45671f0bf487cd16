package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private final Peer peer = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().build();

    /** After how many ms the last request of now is sent, and sent again, in steps of one ms. */
    private List<Long> sendTimes() {
        List<Long> times = new ArrayList<>();
        int seen = bench.sent.size() - 1;
        for (long ms = 0; ms <= 5_000; ms++) {
            for (; seen < bench.sent.size(); seen++) {
                times.add(ms);
            }
            bench.runMillis(1);
        }
        return times;
    }

    @Test
    void a_request_is_repeated_after_300_ms_then_after_twice_that_and_never_a_third_time() {
        bench.ping(peer);
        assertThat(sendTimes()).containsExactly(0L, 300L, 900L);
        assertThat(bench.machine.stats().requestsSent()).isEqualTo(1);
        assertThat(bench.machine.stats().repeatsSent()).isEqualTo(2);
    }

    @Test
    void a_repeat_is_the_same_message_with_the_same_transaction_id() {
        bench.ping(peer);
        bench.runMillis(5_000);
        assertThat(bench.requests()).hasSize(3);
        assertThat(bench.requests()).containsOnly(bench.requests().get(0));
    }

    @Test
    void a_request_fails_at_its_own_deadline() {
        long standard = bench.ping(peer);
        long impatient = bench.ping(Peer.endpoint(2), Duration.ofMillis(700));
        bench.runMillis(699);
        assertThat(bench.answered).isEmpty();
        bench.runMillis(1);
        assertThat(bench.failure(impatient)).isEqualTo(Reason.TIMED_OUT);
        bench.runMillis(4_299);
        assertThat(bench.answered).doesNotContainKey(standard);
        bench.runMillis(1);
        assertThat(bench.failure(standard)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.requestsTo(Peer.endpoint(2))).hasSize(2);
    }

    @Test
    void after_fast_round_trips_repeats_come_sooner_but_not_at_once() {
        bench.with(peer);
        pings(50);
        peer.dead = true;
        bench.ping(peer);
        assertThat(sendTimes()).containsExactly(0L, 50L, 100L);
    }

    private void pings(int count) {
        for (int i = 0; i < count; i++) {
            bench.ping(peer);
            bench.runMillis(500);
        }
    }

    @Test
    void after_few_round_trips_it_is_careful() {
        bench.with(peer);
        pings(31);
        peer.dead = true;
        bench.ping(peer);
        assertThat(sendTimes()).containsExactly(0L, 100L, 300L);
    }

    @Test
    void a_command_whose_handlers_may_be_slow_is_not_repeated_sooner_until_enough_have_answered() {
        bench.with(peer);
        pings(50);
        peer.latency = Duration.ofMillis(75);
        bench.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        bench.runMillis(200);
        assertThat(bench.machine.stats().repeatsSent()).as("of the first").isZero();
        for (int i = 0; i < 20; i++) {
            bench.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
            bench.runMillis(200);
        }
        assertThat(bench.machine.stats().repeatsSent()).isZero();
        peer.dead = true;
        bench.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        assertThat(sendTimes()).startsWith(0L, 100L, 150L);
    }

    @Test
    void who_answers_late_is_waited_for_so_long_the_next_times_and_repeats_come_later() {
        bench.with(peer);
        pings(50);
        peer.latency = Duration.ofMillis(250);
        pings(1);
        assertThat(bench.machine.stats().repeatsSent()).as("meanwhile").isEqualTo(2);
        peer.dead = true;
        bench.ping(peer);
        // The second repeat when even so slow a one would have answered.
        assertThat(sendTimes()).containsExactly(0L, 100L, 282L);
    }

    @Test
    void nothing_is_learnt_from_a_request_that_was_repeated() {
        bench.with(peer);
        peer.latency = Duration.ofMillis(700);
        bench.ping(peer);
        bench.runMillis(1_000);
        assertThat(bench.machine.contacts(bench.now))
                .singleElement()
                .satisfies(known -> assertThat(known.roundTripTime()).isNull());
        peer.dead = true;
        bench.ping(peer);
        assertThat(sendTimes()).containsExactly(0L, 300L, 900L);
    }

    @Test
    void nothing_is_learnt_from_how_long_a_handler_takes() {
        bench.with(peer);
        peer.latency = Duration.ofMillis(1);
        for (int i = 0; i < 20; i++) {
            bench.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
            bench.runMillis(10);
        }
        assertThat(bench.answered).hasSize(20);
        peer.dead = true;
        bench.ping(peer);
        assertThat(sendTimes()).containsExactly(0L, 300L, 900L);
    }

    @Test
    void the_round_trip_of_a_repeated_request_is_counted_from_its_first_send() {
        long ping = bench.ping(peer);
        bench.runMillis(350);
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(bench.answered.get(ping))
                .satisfies(answered -> assertThat(answered.answer())
                        .satisfies(answer -> assertThat(answer.roundTripNanos())
                                .isEqualTo(Duration.ofMillis(350).toNanos())));
    }

    @Test
    void a_short_deadline_of_a_caller_is_not_held_against_the_contact() {
        Bench knowing = Bench.setup().knows(peer).build();
        for (int i = 0; i < 5; i++) {
            knowing.ping(peer.endpoint, Duration.ofMillis(1));
            knowing.runMillis(2);
        }
        Request anyone = new Request(1, null, Bench.HERE, Command.FIND_NODE, Bench.ID, null, null);
        assertThat(knowing.asked(Peer.endpoint(9), anyone).contacts()).containsExactly(peer.contact());
    }
}

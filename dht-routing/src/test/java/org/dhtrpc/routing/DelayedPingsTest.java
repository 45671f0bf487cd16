package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** A ping that is to be answered after a while, from whoever asks. */
class DelayedPingsTest {
    private static final Duration DELAY = Duration.ofSeconds(8);

    private final Peer peer = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().knows(peer).build().with(peer);

    private long ping() {
        long id = bench.machine.request(
                bench.now,
                peer.endpoint,
                Command.DELAYED_PING,
                null,
                Arguments.ofDelay(DELAY),
                null,
                DELAY.plusSeconds(5).toNanos(),
                null);
        bench.drain();
        return id;
    }

    @Test
    void it_says_after_how_many_milliseconds() {
        ping();
        assertThat(bench.lastRequest().value()).isEqualTo(Bytes.of((byte) 0x40, (byte) 0x1F, (byte) 0, (byte) 0));
    }

    @Test
    void the_answer_counts_whenever_it_comes_and_teaches_nothing_about_the_path() {
        peer.latency = DELAY.plusMillis(10);
        long ping = ping();
        bench.run(DELAY.plusMillis(20));
        assertThat(bench.failure(ping)).isNull();
        assertThat(peer.asked).hasSize(1);
        assertThat(bench.machine.contacts(bench.now))
                .singleElement()
                .satisfies(known -> assertThat(known.roundTripTime()).isNull());
    }

    @Test
    void it_is_repeated_only_after_the_delay() {
        peer.dead = true;
        ping();
        bench.run(DELAY);
        assertThat(peer.asked).hasSize(1);
        bench.run(Duration.ofSeconds(1));
        assertThat(peer.asked).hasSize(2);
        assertThat(peer.asked.get(1)).isEqualTo(peer.asked.get(0));
    }

    @Test
    void it_fails_at_its_deadline_which_counts_from_the_end_of_the_delay() {
        peer.dead = true;
        long ping = ping();
        bench.run(DELAY.plusMillis(4_999));
        assertThat(bench.answered).isEmpty();
        bench.runMillis(1);
        assertThat(bench.failure(ping)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.named()).as("silent after all").isEmpty();
    }

    @Test
    void where_it_has_to_prove_its_address_first_it_waits_as_long_again() {
        ping();
        Request first = bench.lastRequest();
        bench.receive(
                peer.endpoint,
                new Reply(first.transaction(), peer.id, Bench.HERE, null, peer.token, ErrorCode.PROVE_ADDRESS, null));
        Request again = bench.lastRequest();
        assertThat(again.token()).isEqualTo(peer.token);
        assertThat(again.value()).isEqualTo(first.value());
        peer.dead = true;
        int before = bench.requestsTo(peer.endpoint).size();
        bench.run(DELAY);
        assertThat(bench.requestsTo(peer.endpoint)).hasSize(before);
    }
}

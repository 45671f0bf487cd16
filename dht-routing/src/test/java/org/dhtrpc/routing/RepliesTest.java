package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {
    private final Peer peer = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().build();

    @Test
    void a_reply_counts_if_transaction_and_source_are_those_of_the_request() {
        long ping = bench.ping(peer);
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(bench.failure(ping)).isNull();
        assertThat(bench.machine.stats().repliesReceived()).isEqualTo(1);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void a_reply_from_another_source_is_rejected_and_the_right_one_still_counts() {
        long ping = bench.ping(peer);
        Reply reply = peer.reply(bench.lastRequest());
        bench.receive(Peer.endpoint(2), reply);
        assertThat(bench.answered).isEmpty();
        assertThat(bench.contacts()).isEmpty();
        assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);
        bench.receive(peer.endpoint, reply);
        assertThat(bench.failure(ping)).isNull();
    }

    @Test
    void a_reply_with_an_unknown_transaction_is_rejected() {
        bench.ping(peer);
        Request request = bench.lastRequest();
        Request other = new Request(request.transaction() ^ 1, null, null, Command.PING, null, null, null);
        bench.receive(peer.endpoint, peer.reply(other));
        assertThat(bench.answered).isEmpty();
        assertThat(bench.contacts()).isEmpty();
        assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);
    }

    @Test
    void a_second_reply_to_the_same_request_is_rejected() {
        bench.ping(peer);
        Reply reply = peer.reply(bench.lastRequest());
        bench.receive(peer.endpoint, reply);
        bench.receive(peer.endpoint, reply);
        assertThat(bench.answered).hasSize(1);
        assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);
    }

    @Test
    void a_late_reply_counts_up_to_the_deadline() {
        long ping = bench.ping(peer);
        Reply reply = peer.reply(bench.lastRequest());
        bench.runMillis(4_999);
        bench.receive(peer.endpoint, reply);
        assertThat(bench.failure(ping)).isNull();
        assertThat(bench.contacts()).containsExactly(peer.contact());
    }

    @Test
    void after_the_deadline_a_reply_is_nothing() {
        long ping = bench.ping(peer);
        Reply reply = peer.reply(bench.lastRequest());
        bench.runMillis(5_000);
        bench.receive(peer.endpoint, reply);
        assertThat(bench.failure(ping)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.contacts()).isEmpty();
        assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(1);
    }

    @Test
    void a_reply_that_claims_our_own_id_is_rejected() {
        bench.ping(peer);
        peer.id = Bench.ID;
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(bench.answered).isEmpty();
        assertThat(bench.rejected(Rejection.FROM_OURSELVES)).isEqualTo(1);
    }

    @Test
    void a_datagram_from_port_0_is_rejected_for_nobody_can_be_answered_there() {
        var nowhere = org.dhtrpc.Endpoint.parse("192.0.2.9:0");
        bench.receive(nowhere, new Request(1, null, Bench.HERE, Command.PING, null, null, null));
        assertThat(bench.sent).isEmpty();
        assertThat(bench.rejected(Rejection.MALFORMED)).isEqualTo(1);
    }

    @Test
    void a_datagram_from_an_address_family_that_the_wire_lacks_is_rejected_unread() {
        var six = org.dhtrpc.Endpoint.parse("[2001:db8::1]:4000");
        Bench four = Bench.setup()
                .reachable(org.dhtrpc.Endpoint::isIPv4)
                .size(message -> {
                    if (six.equals(message.to())) {
                        throw new IllegalArgumentException("no IPv6 on this wire");
                    }
                    return 100;
                })
                .build();
        four.receive(six, new Request(1, peer.id, Bench.HERE, Command.PING, null, null, null));
        assertThat(four.sent).isEmpty();
        assertThat(four.rejected(Rejection.MALFORMED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 15, 16, 64})
    void ids_have_the_bits_of_the_wire_and_no_two_pending_ones_are_the_same(int bits) {
        Bench narrow = Bench.setup().wire(bits, true, false).build();
        for (int i = 0; i < 5_000; i++) {
            narrow.ping(Peer.endpoint(i), Duration.ofSeconds(5));
        }
        int room = bits == 7 ? 63 : KademliaConfig.MAX_BUSY;
        assertThat(narrow.requests()).hasSize(room);
        Set<Long> transactions = new HashSet<>();
        narrow.requests().forEach(request -> transactions.add(request.transaction()));
        assertThat(transactions).hasSize(room);
        if (bits < 64) {
            assertThat(transactions).allMatch(transaction -> transaction >= 0 && transaction < 1L << bits);
        } else {
            assertThat(transactions).anyMatch(transaction -> transaction < 0);
        }
    }

    @Test
    void a_pong_says_how_it_sees_us_in_its_value_where_the_wire_has_no_other_place() {
        Bench seed = Bench.setup().wire(15, false, true).build();
        seed.ping(peer);
        seed.receive(peer.endpoint, pong(seed, SeenAddress.write(Peer.endpoint(9))));
        assertThat(seed.answered.values()).singleElement().satisfies(end -> {
            Effect.Answer answer = Objects.requireNonNull(end.answer());
            assertThat(answer.reply().to()).isEqualTo(Peer.endpoint(9));
        });
    }

    @Test
    void a_pong_that_does_not_say_how_it_sees_us_is_rejected() {
        Bench seed = Bench.setup().wire(15, false, true).build();
        seed.ping(peer);
        seed.receive(peer.endpoint, pong(seed, null));
        seed.receive(peer.endpoint, pong(seed, Bytes.of((byte) 1)));
        bench.ping(peer);
        bench.receive(peer.endpoint, pong(bench, SeenAddress.write(Peer.endpoint(9))));
        assertThat(seed.answered).isEmpty();
        assertThat(seed.rejected(Rejection.UNEXPECTED_REPLY)).isEqualTo(2);
        assertThat(bench.answered).isEmpty();
    }

    private static Reply pong(Bench bench, @Nullable Bytes value) {
        return new Reply(bench.lastRequest().transaction(), null, null, null, null, 0, value);
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom we ping: strangers who could become contacts, and contacts of whom nothing is certain. */
class PingBacksTest {
    private final Peer peer = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().build();

    private static Request findNode(@Nullable Key sender, @Nullable Bytes token) {
        return new Request(7, sender, Bench.HERE, Command.FIND_NODE, Bench.ID, token, null);
    }

    @Test
    void a_stranger_with_an_id_is_pinged_back_and_enters_when_it_answers() {
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.requestsTo(peer.endpoint))
                .singleElement()
                .satisfies(ping -> assertThat(ping.command()).isEqualTo(Command.PING));
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(bench.named()).containsExactly(peer.contact());
    }

    @Test
    void a_stranger_without_an_id_is_not_pinged_back() {
        bench.asked(peer.endpoint, findNode(null, null));
        assertThat(bench.requests()).isEmpty();
    }

    @Test
    void a_ping_back_is_sent_once_and_not_repeated() {
        bench.asked(peer.endpoint, findNode(peer.id, null));
        bench.runMillis(5_000);
        assertThat(bench.requestsTo(peer.endpoint)).hasSize(1);
    }

    @Test
    void a_stranger_is_not_pinged_back_again_before_the_first_ping_has_gone_silent() {
        bench.asked(peer.endpoint, findNode(peer.id, null));
        bench.runMillis(299);
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.requestsTo(peer.endpoint)).hasSize(1);
        bench.runMillis(1);
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.requestsTo(peer.endpoint)).hasSize(2);
    }

    @Test
    void silent_strangers_make_room_for_the_next_and_their_late_answers_count() {
        for (int i = 0; i < KademliaConfig.MAX_PING_BACKS; i++) {
            bench.asked(Peer.endpoint(100 + i), findNode(Key.hashOf(Peer.token(100 + i)), null));
        }
        Request first = bench.requests().get(0);
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.requestsTo(peer.endpoint)).isEmpty();
        bench.runMillis(300);
        bench.with(peer).asked(peer.endpoint, findNode(peer.id, null));
        bench.runMillis(100);
        assertThat(bench.named()).containsExactly(peer.contact());

        Peer late = new Peer(Key.hashOf(Peer.token(100)), Peer.endpoint(100));
        bench.receive(late.endpoint, late.reply(first));
        assertThat(bench.named()).contains(late.contact());
    }

    @Test
    void far_strangers_are_pinged_back_until_their_bucket_is_half_full() {
        Peer[] full = new Peer[20];
        for (int i = 0; i < 20; i++) {
            full[i] = new Peer(Bench.ID.randomInBucket(0, new java.util.Random(i)), Peer.endpoint(100 + i));
        }
        Bench crowded = Bench.setup().knows(full).build();
        Key late = Bench.ID.randomInBucket(0, new java.util.Random(99));
        for (int i = 0; i < 11; i++) {
            crowded.asked(peer.endpoint, findNode(late, null));
            assertThat(crowded.requestsTo(peer.endpoint)).isEmpty();
            crowded.ping(full[i]);
            crowded.runMillis(5_000);
        }
        crowded.asked(peer.endpoint, findNode(late, null));
        assertThat(crowded.requestsTo(peer.endpoint)).hasSize(1);
    }

    private static Request joining(Key sender, @Nullable Bytes token) {
        return new Request(7, sender, Bench.HERE, Command.FIND_NODE, sender, token, null);
    }

    @Test
    void who_joins_has_time_to_tell_us_of_itself_and_is_not_pinged_then() {
        Bytes token = bench.asked(peer.endpoint, joining(peer.id, null)).token();
        bench.runMillis(2_000);
        bench.asked(peer.endpoint, joining(peer.id, token));
        bench.runMillis(5_000);
        assertThat(bench.named()).containsExactly(peer.contact());
        assertThat(bench.requests()).isEmpty();
    }

    @Test
    void who_joins_and_does_not_tell_us_of_itself_is_pinged_once_though_it_asks_often() {
        for (int i = 0; i < 3; i++) {
            bench.asked(peer.endpoint, joining(peer.id, null));
            bench.runMillis(900);
        }
        assertThat(bench.requests()).isEmpty();
        bench.runMillis(5_000);
        assertThat(bench.requestsTo(peer.endpoint)).hasSize(1);
    }

    @Test
    void those_who_join_are_bounded_too() {
        for (int i = 100; i < 200; i++) {
            bench.asked(Peer.endpoint(i), joining(Key.hashOf(Peer.token(i)), null));
        }
        bench.runMillis(5_000);
        assertThat(bench.requests()).hasSize(KademliaConfig.MAX_PING_BACKS);
    }

    @Test
    void a_flood_of_strangers_gets_a_bounded_number_of_pings_and_our_contacts_are_still_checked() {
        Bench knowing = Bench.setup().knows(peer).build();
        for (int i = 100; i < 1_100; i++) {
            knowing.asked(Peer.endpoint(i), findNode(Key.hashOf(Peer.token(i)), null));
        }
        assertThat(knowing.requests()).hasSize(KademliaConfig.MAX_PING_BACKS);
        knowing.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(1));
        knowing.runMillis(1_000);
        assertThat(knowing.requestsTo(peer.endpoint))
                .anySatisfy(request -> assertThat(request.command()).isEqualTo(Command.PING));
    }

    @Test
    void a_contact_of_whom_a_lookup_lost_one_datagram_is_pinged_before_it_is_given_up() {
        Peer guide = Peer.at(Bench.ID, 10).naming(Peer.at(Bench.ID, 2), Peer.at(Bench.ID, 3));
        Peer unlucky = Peer.at(Bench.ID, 11);
        Bench knowing = Bench.setup()
                .k(2)
                .knows(guide, unlucky)
                .build()
                .with(guide, unlucky, Peer.at(Bench.ID, 2), Peer.at(Bench.ID, 3));
        unlucky.dead = true;
        long query = knowing.begin(Query.of(Command.FIND_NODE, Bench.ID), Long.MAX_VALUE);
        knowing.runMillis(100);
        assertThat(knowing.finished).containsKey(query);
        unlucky.dead = false;
        knowing.runMillis(5_000);
        assertThat(unlucky.asked).extracting(Request::command).containsExactly(Command.FIND_NODE, Command.PING);
        Request about = new Request(7, null, Bench.HERE, Command.FIND_NODE, unlucky.id, null, null);
        assertThat(knowing.asked(Peer.endpoint(99), about).contacts()).startsWith(unlucky.contact());
    }

    @Test
    void a_request_that_was_sent_less_often_than_it_may_be_gets_a_contact_pinged_before_it_is_given_up() {
        Bench knowing = Bench.setup().knows(peer).build().with(peer);
        knowing.ping(peer);
        knowing.runMillis(100);
        peer.dead = true;
        for (int i = 0; i < 2; i++) {
            knowing.ping(peer.endpoint, Duration.ofMillis(60));
            knowing.runMillis(60);
        }
        peer.dead = false;
        knowing.runMillis(1_000);
        assertThat(knowing.named()).containsExactly(peer.contact());
    }

    @Test
    void a_forged_request_from_a_contact_and_a_lost_ping_do_not_cost_it_its_place() {
        Bench knowing = Bench.setup().knows(peer).build().with(peer);
        Key forged = Bench.ID.randomInBucket(0, new java.util.Random(3));
        for (int i = 0; i < 2; i++) {
            peer.dead = true;
            knowing.asked(peer.endpoint, findNode(forged, null));
            knowing.runMillis(4_000);
            peer.dead = false;
            knowing.runMillis(1_100);
            assertThat(knowing.named()).containsExactly(peer.contact());
        }
    }

    @Test
    void silence_of_a_handler_gets_a_contact_pinged_before_it_is_given_up() {
        Bench knowing = Bench.setup().knows(peer).build();
        knowing.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        knowing.runMillis(5_000);
        assertThat(knowing.lastRequest().command()).isEqualTo(Command.PING);
        knowing.receive(peer.endpoint, peer.reply(knowing.lastRequest()));
        assertThat(knowing.named()).containsExactly(peer.contact());
    }
}

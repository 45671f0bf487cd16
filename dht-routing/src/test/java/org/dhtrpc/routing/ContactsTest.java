package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContactsTest {
    private final Peer peer = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().build();

    private static Request findNode(@Nullable Key sender, @Nullable Bytes token) {
        return new Request(7, sender, Bench.HERE, Command.FIND_NODE, Bench.ID, token, null);
    }

    private static Bytes tokenFor(Bench bench, Endpoint endpoint) {
        Bytes token = bench.asked(endpoint, findNode(null, null)).token();
        if (token == null) {
            throw new AssertionError("no token");
        }
        return token;
    }

    /** What a stranger is told. */
    private static List<Contact> named(Bench bench) {
        List<Contact> contacts = bench.asked(Endpoint.parse("203.0.113.9:9"), findNode(null, null))
                .contacts();
        if (contacts == null) {
            throw new AssertionError("no contacts");
        }
        return contacts;
    }

    @Test
    void a_strangers_request_is_answered_but_does_not_enter_the_table() {
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.contacts()).isEmpty();
        assertThat(named(bench)).isEmpty();
    }

    @Test
    void a_stranger_with_an_id_is_pinged_back_and_enters_when_it_answers() {
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.requestsTo(peer.endpoint))
                .singleElement()
                .satisfies(ping -> assertThat(ping.command()).isEqualTo(Command.PING));
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(named(bench)).containsExactly(peer.contact());
    }

    @Test
    void a_stranger_without_an_id_is_not_pinged_back() {
        bench.asked(peer.endpoint, findNode(null, null));
        assertThat(bench.requests()).isEmpty();
    }

    @Test
    void a_request_with_a_valid_token_enters_at_once_and_is_not_pinged_back() {
        bench.asked(peer.endpoint, findNode(peer.id, tokenFor(bench, peer.endpoint)));
        assertThat(named(bench)).containsExactly(peer.contact());
        assertThat(bench.requests()).isEmpty();
    }

    @Test
    void a_token_of_another_port_proves_nothing() {
        Bytes stolen = tokenFor(bench, Endpoint.parse("10.0.0.1:4001"));
        bench.asked(peer.endpoint, findNode(peer.id, stolen));
        assertThat(bench.contacts()).isEmpty();
        assertThat(bench.requests()).as("nor is it a reason to ping anybody").isEmpty();
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
        assertThat(named(bench)).containsExactly(peer.contact());

        Peer late = new Peer(Key.hashOf(Peer.token(100)), Peer.endpoint(100));
        bench.receive(late.endpoint, late.reply(first));
        assertThat(named(bench)).contains(late.contact());
    }

    @Test
    void nobody_is_pinged_back_for_whom_there_is_no_room() {
        Peer[] full = new Peer[20];
        for (int i = 0; i < 20; i++) {
            full[i] = new Peer(Bench.ID.randomInBucket(0, new java.util.Random(i)), Peer.endpoint(100 + i));
        }
        Bench crowded = Bench.setup().knows(full).build();
        Key late = Bench.ID.randomInBucket(0, new java.util.Random(99));
        crowded.asked(peer.endpoint, findNode(late, null));
        assertThat(crowded.requests()).isEmpty();

        crowded.ping(full[3]);
        crowded.runMillis(5_000);
        crowded.asked(peer.endpoint, findNode(late, null));
        assertThat(crowded.requestsTo(peer.endpoint)).hasSize(1);
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
    void a_reply_that_we_asked_for_enters_the_table() {
        bench.ping(peer);
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(bench.contacts()).containsExactly(peer.contact());
    }

    @Test
    void whom_a_reply_names_does_not_enter_and_is_not_named_on() {
        peer.naming(Peer.at(Bench.ID, 2));
        bench.request(peer.endpoint, Command.FIND_NODE, Duration.ofSeconds(5));
        bench.receive(peer.endpoint, peer.reply(bench.lastRequest()));
        assertThat(named(bench)).containsExactly(peer.contact());
    }

    @Test
    void who_fell_silent_is_no_longer_named_and_is_again_once_it_answers() {
        Bench knowing = Bench.setup().knows(peer).build();
        assertThat(named(knowing)).containsExactly(peer.contact());
        knowing.ping(peer);
        knowing.runMillis(5_000);
        assertThat(named(knowing)).isEmpty();
        knowing.with(peer).ping(peer);
        knowing.runMillis(100);
        assertThat(named(knowing)).containsExactly(peer.contact());
    }

    @Test
    void silence_of_a_handler_gets_a_contact_pinged_before_it_is_given_up() {
        Bench knowing = Bench.setup().knows(peer).build();
        knowing.request(peer.endpoint, Bench.COMMAND, Duration.ofSeconds(5));
        knowing.runMillis(5_000);
        assertThat(knowing.lastRequest().command()).isEqualTo(Command.PING);
        knowing.receive(peer.endpoint, peer.reply(knowing.lastRequest()));
        assertThat(named(knowing)).containsExactly(peer.contact());
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
        assertThat(named(knowing)).containsExactly(peer.contact());
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
    void a_forged_request_from_a_contact_and_a_lost_ping_do_not_cost_it_its_place() {
        Bench knowing = Bench.setup().knows(peer).build().with(peer);
        Key forged = Bench.ID.randomInBucket(0, new java.util.Random(3));
        for (int i = 0; i < 2; i++) {
            peer.dead = true;
            knowing.asked(peer.endpoint, findNode(forged, null));
            knowing.runMillis(4_000);
            peer.dead = false;
            knowing.runMillis(1_100);
            assertThat(named(knowing)).containsExactly(peer.contact());
        }
    }

    @Test
    void the_asker_itself_is_not_named_to_it() {
        Bench knowing = Bench.setup().knows(peer, Peer.at(Bench.ID, 2)).build();
        assertThat(knowing.asked(peer.endpoint, findNode(peer.id, null)).contacts())
                .containsExactly(Peer.at(Bench.ID, 2).contact());
    }

    @Test
    void one_endpoint_is_one_contact_whatever_ids_it_proves() {
        for (int i = 1; i <= 5; i++) {
            bench.asked(peer.endpoint, findNode(Peer.key(Bench.ID, i), tokenFor(bench, peer.endpoint)));
        }
        assertThat(bench.contacts()).containsExactly(new Contact(Peer.key(Bench.ID, 5), peer.endpoint));
    }

    @Test
    void the_id_of_a_live_contact_cannot_be_taken_over_from_another_endpoint() {
        Bench knowing = Bench.setup().knows(peer).build();
        Endpoint thief = Peer.endpoint(66);
        knowing.asked(thief, findNode(peer.id, tokenFor(knowing, thief)));
        assertThat(knowing.contacts()).containsExactly(peer.contact());
        knowing.asked(thief, findNode(peer.id, null));
        assertThat(knowing.requests()).isEmpty();
    }

    @Test
    void an_id_that_the_policy_refuses_is_no_id_at_all() {
        Bench strict = Bench.setup().idPolicy(id -> !id.equals(peer.id)).build();
        strict.asked(peer.endpoint, findNode(peer.id, tokenFor(strict, peer.endpoint)));
        strict.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(strict.requests()).isEmpty();
        long ping = strict.ping(peer);
        strict.receive(peer.endpoint, peer.reply(strict.lastRequest()));
        assertThat(strict.answered.get(ping))
                .satisfies(answered -> assertThat(answered.answer())
                        .satisfies(answer -> assertThat(answer.id()).isNull()));
        assertThat(strict.contacts()).isEmpty();
    }

    @Test
    void our_own_id_is_rejected_from_anyone() {
        assertThat(bench.ask(peer.endpoint, findNode(Bench.ID, null))).isNull();
        assertThat(bench.rejected(Rejection.FROM_OURSELVES)).isEqualTo(1);
        assertThat(bench.contacts()).isEmpty();
    }

    @Test
    void an_ephemeral_node_sends_its_id_to_nobody() {
        Bench hidden = Bench.setup().ephemeral().build();
        hidden.ping(peer);
        assertThat(hidden.lastRequest().sender()).isNull();
        assertThat(hidden.asked(peer.endpoint, findNode(null, null)).sender()).isNull();
    }

    @Test
    void verified_contacts_count_at_once_and_saved_ones_only_after_they_have_answered() {
        Peer saved = Peer.at(Bench.ID, 2);
        Bench warm = Bench.setup().knows(peer).saved(saved).build().with(peer, saved);
        assertThat(named(warm)).containsExactly(peer.contact());
        warm.bootstrap();
        assertThat(named(warm)).containsExactly(peer.contact());
        assertThat(warm.requestsTo(saved.endpoint)).hasSize(1);
        warm.runMillis(100);
        assertThat(named(warm)).containsExactly(peer.contact(), saved.contact());
    }

    @Test
    void silent_contacts_are_pinged_in_time_and_removed_if_they_stay_silent() {
        Bench warm = Bench.setup().knows(peer).build();
        warm.bootstrap();
        warm.run(Duration.ofMinutes(10));
        assertThat(warm.contacts()).isEmpty();
        assertThat(warm.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void a_contact_that_answers_without_its_id_loses_its_place() {
        Bench knowing = Bench.setup().knows(peer).build().with(peer);
        peer.listed = false;
        knowing.ping(peer);
        knowing.runMillis(100);
        assertThat(knowing.contacts()).isEmpty();
    }

    @Test
    void a_contact_that_answers_with_an_id_that_the_policy_refuses_or_that_is_anothers_loses_its_place() {
        Peer other = Peer.at(Bench.ID, 2);
        for (Key claimed : new Key[] {Key.ZERO, other.id}) {
            Bench knowing = Bench.setup()
                    .idPolicy(id -> !id.equals(Key.ZERO))
                    .knows(peer, other)
                    .build();
            knowing.ping(peer);
            Peer changed = new Peer(claimed, peer.endpoint);
            knowing.receive(peer.endpoint, changed.reply(knowing.lastRequest()));
            assertThat(knowing.contacts()).containsExactly(other.contact());
        }
    }

    @Test
    void contacts_that_hide_their_ids_do_not_keep_others_from_being_checked() {
        Peer[] hidden = {Peer.at(Bench.ID, 11), Peer.at(Bench.ID, 12), Peer.at(Bench.ID, 13)};
        Bench warm = Bench.setup().knows(hidden).knows(peer).build().with(hidden);
        warm.bootstrap();
        for (Peer each : hidden) {
            each.listed = false;
        }
        warm.run(Duration.ofMinutes(10));
        assertThat(warm.contacts()).isEmpty();
    }

    @Test
    void contacts_that_answer_their_pings_stay_for_days() {
        Bench warm = Bench.setup().knows(peer).build().with(peer);
        warm.bootstrap();
        warm.run(Duration.ofDays(2));
        assertThat(named(warm)).containsExactly(peer.contact());
        assertThat(peer.asked).hasSizeGreaterThan(1_000);
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
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

    @Test
    void a_strangers_request_is_answered_but_does_not_enter_the_table() {
        bench.asked(peer.endpoint, findNode(peer.id, null));
        assertThat(bench.contacts()).isEmpty();
        assertThat(bench.named()).isEmpty();
    }

    @Test
    void a_request_with_a_valid_token_enters_at_once_and_is_not_pinged_back() {
        bench.asked(peer.endpoint, findNode(peer.id, tokenFor(bench, peer.endpoint)));
        assertThat(bench.named()).containsExactly(peer.contact());
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
        assertThat(bench.named()).containsExactly(peer.contact());
    }

    @Test
    void who_fell_silent_is_no_longer_named_and_is_again_once_it_answers() {
        Bench knowing = Bench.setup().knows(peer).build();
        assertThat(knowing.named()).containsExactly(peer.contact());
        knowing.ping(peer);
        knowing.runMillis(5_000);
        assertThat(knowing.named()).isEmpty();
        knowing.with(peer).ping(peer);
        knowing.runMillis(100);
        assertThat(knowing.named()).containsExactly(peer.contact());
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
        assertThat(warm.named()).containsExactly(peer.contact());
        warm.bootstrap();
        assertThat(warm.named()).containsExactly(peer.contact());
        assertThat(warm.requestsTo(saved.endpoint)).hasSize(1);
        warm.runMillis(100);
        assertThat(warm.named()).containsExactly(peer.contact(), saved.contact());
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
        assertThat(warm.named()).containsExactly(peer.contact());
        assertThat(peer.asked).hasSizeGreaterThan(1_000);
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

class LookupTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));

    /** Peers at these distances from the target, both ends included. */
    private static Peer[] peers(int from, int to) {
        Peer[] peers = new Peer[to - from + 1];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = Peer.at(TARGET, from + i);
        }
        return peers;
    }

    private static List<Contact> contacts(Peer... peers) {
        return Arrays.stream(peers).map(Peer::contact).toList();
    }

    private static long find(Bench bench) {
        return bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
    }

    private static QuerySummary summary(Bench bench, long query) {
        return bench.end(query).summary();
    }

    @Test
    void it_asks_ever_nearer_nodes_and_finds_the_k_nearest() {
        Peer[] all = peers(1, 60);
        for (int i = 0; i < all.length; i++) {
            for (int step = 1; step <= 20 && i - step >= 0; step++) {
                all[i].naming(all[i - step]);
            }
        }
        Bench bench = Bench.setup().knows(all[59]).build().with(all);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(bench.failure(query)).isNull();
        assertThat(summary(bench, query).closest()).isEqualTo(contacts(peers(1, 20)));
        assertThat(summary(bench, query).limited()).isFalse();
        assertThat(summary(bench, query).replies()).isEqualTo(bench.results.size());
        assertThat(new HashSet<>(bench.requests().stream().map(Request::to).toList()))
                .as("nobody is asked twice")
                .hasSameSizeAs(bench.requests());
    }

    @Test
    void hops_count_how_far_away_the_nearest_was() {
        Peer[] chain = peers(1, 5);
        for (int i = 1; i < 5; i++) {
            chain[i].naming(chain[i - 1]);
        }
        Bench bench = Bench.setup().knows(chain[4]).build().with(chain);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(summary(bench, query).hops()).isEqualTo(5);
        assertThat(bench.results)
                .extracting(result -> result.referrer())
                .containsExactly(null, chain[4].endpoint, chain[3].endpoint, chain[2].endpoint, chain[1].endpoint);
    }

    @Test
    void it_ends_when_the_k_nearest_have_answered_and_does_not_ask_the_farther_ones() {
        Peer[] all = peers(1, 40);
        Peer guide = Peer.at(TARGET, 1_000).naming(peers(1, 20));
        Peer other = Peer.at(TARGET, 1_001).naming(peers(21, 40));
        Bench bench = Bench.setup().knows(guide, other).build().with(all).with(guide, other);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(summary(bench, query).closest()).isEqualTo(contacts(peers(1, 20)));
        assertThat(summary(bench, query).requests()).isEqualTo(22);
    }

    @Test
    void twenty_dead_nodes_nearer_than_the_live_ones_do_not_hide_them() {
        Peer[] live = peers(21, 45);
        Peer guide = Peer.at(TARGET, 1_000).naming(peers(1, 20));
        Peer other = Peer.at(TARGET, 1_001).naming(peers(21, 40));
        Bench bench = Bench.setup().knows(guide, other).build().with(live).with(guide, other);
        long query = find(bench);
        bench.run(Duration.ofSeconds(60));
        assertThat(summary(bench, query).closest()).isEqualTo(contacts(peers(21, 40)));
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void the_dead_hold_it_up_only_until_they_have_gone_silent() {
        Peer[] live = peers(3, 10);
        Peer guide = Peer.at(TARGET, 1_000).naming(peers(1, 10));
        Bench bench = Bench.setup().knows(guide).build().with(live).with(guide);
        long query = find(bench);
        bench.run(Duration.ofSeconds(2));
        assertThat(bench.finished).containsKey(query);
        assertThat(summary(bench, query).elapsed()).isLessThan(Duration.ofSeconds(2));
        assertThat(summary(bench, query).repeats()).isEqualTo(4);
    }

    @Test
    void a_silent_handler_is_waited_for_to_the_end_unless_k_others_have_answered() {
        for (int k = 1; k <= 2; k++) {
            Peer guide = Peer.at(TARGET, 1_000).naming(peers(1, 1));
            Bench bench = Bench.setup().k(k).knows(guide).build().with(guide);
            long query = bench.begin(Query.of(Bench.COMMAND, TARGET), Long.MAX_VALUE);
            bench.run(Duration.ofSeconds(2));
            assertThat(bench.finished.containsKey(query)).isEqualTo(k == 1);
            bench.run(Duration.ofSeconds(4));
            assertThat(bench.failure(query)).isNull();
        }
    }

    @Test
    void who_stalls_frees_its_slot_for_one_more_and_its_late_answer_counts() {
        Peer slow = Peer.at(TARGET, 1);
        slow.latency = Duration.ofMillis(250);
        Peer[] rest = peers(2, 6);
        Peer guide = Peer.at(TARGET, 1_000).naming(slow).naming(rest);
        Bench bench = Bench.setup()
                .concurrency(1)
                .knows(guide)
                .build()
                .with(guide, slow)
                .with(rest);
        bench.ping(guide);
        bench.runMillis(100);
        long query = find(bench);
        bench.runMillis(50);
        assertThat(bench.requestsTo(slow.endpoint)).hasSize(1);
        assertThat(rest[0].asked).isEmpty();
        bench.runMillis(60);
        assertThat(rest[0].asked).hasSize(1);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(500);
        assertThat(summary(bench, query).closest()).startsWith(slow.contact());
        assertThat(summary(bench, query).failures()).isZero();
    }

    @Test
    void who_answers_only_after_it_has_ended_is_still_a_contact() {
        Peer[] near = {Peer.at(Bench.ID, 1), Peer.at(Bench.ID, 2)};
        Peer slow = Peer.at(Bench.ID, 5);
        slow.latency = Duration.ofSeconds(2);
        Peer other = Peer.at(Bench.ID, 9).naming(near);
        Peer guide = Peer.at(Bench.ID, 1_000).naming(slow, other);
        Bench bench =
                Bench.setup().k(2).knows(guide).build().with(guide, other, slow).with(near);
        long query = bench.begin(Query.of(Command.FIND_NODE, Bench.ID), Long.MAX_VALUE);
        bench.runMillis(100);
        assertThat(summary(bench, query).closest()).isEqualTo(contacts(near));
        assertThat(bench.contacts()).doesNotContain(slow.contact());
        bench.runMillis(2_000);
        assertThat(bench.contacts()).contains(slow.contact());
        assertThat(slow.asked).hasSize(1);
    }

    @Test
    void one_endpoint_is_one_candidate_whatever_ids_are_claimed_for_it() {
        Peer one = Peer.at(TARGET, 30);
        Peer guide = Peer.at(TARGET, 1_000);
        for (int i = 1; i <= 20; i++) {
            guide.names.add(new Contact(Peer.key(TARGET, i), one.endpoint));
        }
        Bench bench = Bench.setup().knows(guide).build().with(guide, one);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(one.asked).hasSize(1);
        assertThat(summary(bench, query).closest()).containsExactly(one.contact(), guide.contact());
    }

    @Test
    void of_one_reply_at_most_k_contacts_are_taken() {
        Peer guide = Peer.at(TARGET, 1_000).naming(peers(1, 100));
        Bench bench = Bench.setup().k(5).knows(guide).build().with(guide).with(peers(1, 100));
        find(bench);
        bench.runMillis(1_000);
        assertThat(bench.requests()).hasSize(6);
    }

    @Test
    void at_most_8_k_nodes_are_asked_and_the_summary_says_so() {
        Peer[] chain = peers(1, 400);
        for (int i = 1; i < chain.length; i++) {
            chain[i].naming(chain[i - 1]);
        }
        Bench bench = Bench.setup().k(5).knows(chain[399]).build().with(chain);
        long query = find(bench);
        bench.run(Duration.ofSeconds(30));
        assertThat(summary(bench, query).limited()).isTrue();
        assertThat(summary(bench, query).requests()).isEqualTo(8 * 5);
        assertThat(summary(bench, query).closest()).hasSize(5);
    }

    @Test
    void liars_who_invent_ever_nearer_nodes_cannot_keep_it_from_ending() {
        Random random = new Random(9);
        List<Contact> invented = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            invented.add(new Contact(Peer.key(TARGET, random.nextInt(1 << 20)), Peer.endpoint(10_000 + i)));
        }
        Peer[] liars = peers(1_000, 1_009);
        for (Peer liar : liars) {
            Collections.shuffle(invented, random);
            liar.names = List.copyOf(invented.subList(0, 500));
        }
        Bench bench = Bench.setup().knows(liars).build().with(liars);
        long query = find(bench);
        bench.run(Duration.ofSeconds(60));
        assertThat(bench.finished).containsKey(query);
        assertThat(summary(bench, query).requests()).isLessThanOrEqualTo(160);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void liars_who_answer_from_a_thousand_addresses_cannot_keep_it_from_ending() {
        Peer[] liars = peers(1, 1_000);
        Random random = new Random(4);
        for (Peer liar : liars) {
            for (int i = 0; i < 20; i++) {
                liar.naming(liars[random.nextInt(liars.length)]);
            }
        }
        Bench bench = Bench.setup().knows(liars[999]).build().with(liars);
        long query = find(bench);
        bench.run(Duration.ofSeconds(60));
        assertThat(bench.finished).containsKey(query);
        assertThat(summary(bench, query).requests()).isLessThanOrEqualTo(160);
    }

    @Test
    void however_many_are_named_on_the_way_the_nearest_is_heard_of() {
        Peer near = Peer.at(TARGET, 1);
        Peer[] chain = peers(901, 930);
        Peer guide = Peer.at(TARGET, 100_000).naming(chain[29]);
        int invented = 1_000;
        for (int i = 29; i >= 0; i--) {
            for (int n = 0; n < 4; n++) {
                chain[i].naming(Peer.at(TARGET, invented++));
            }
            chain[i].naming(i == 0 ? near : chain[i - 1]);
        }
        Bench bench = Bench.setup()
                .k(5)
                .concurrency(1)
                .knows(guide)
                .build()
                .with(guide, near)
                .with(chain);
        long query = find(bench);
        bench.run(Duration.ofSeconds(60));
        assertThat(summary(bench, query).closest()).startsWith(near.contact());
    }

    @Test
    void a_candidate_that_turns_out_to_have_another_id_takes_the_place_of_that_one() {
        Peer changeling = Peer.at(TARGET, 500);
        Peer guide = Peer.at(TARGET, 1_000);
        guide.names.add(new Contact(Peer.key(TARGET, 1), changeling.endpoint));
        Bench bench = Bench.setup().knows(guide).build().with(guide, changeling);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(summary(bench, query).closest()).containsExactly(changeling.contact(), guide.contact());
    }

    @Test
    void candidates_of_an_address_family_that_we_lack_are_skipped_not_failed() {
        Peer six = new Peer(Peer.key(TARGET, 1), Endpoint.parse("[2001:db8::1]:4000"));
        Peer guide = Peer.at(TARGET, 1_000).naming(six);
        Bench bench =
                Bench.setup().reachable(Endpoint::isIPv4).knows(guide).build().with(guide, six);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(bench.requestsTo(six.endpoint)).isEmpty();
        assertThat(summary(bench, query).failures()).isZero();
        assertThat(summary(bench, query).closest()).containsExactly(guide.contact());
    }

    @Test
    void our_own_id_and_address_are_never_candidates() {
        Peer guide = Peer.at(TARGET, 1_000);
        guide.names.add(new Contact(Bench.ID, Peer.endpoint(3)));
        guide.names.add(new Contact(Peer.key(TARGET, 3), Bench.HERE));
        Bench bench = Bench.setup().knows(guide).build().with(guide);
        long query = find(bench);
        long targeted = bench.begin(Query.of(Command.FIND_NODE, TARGET).nodes(Bench.HERE), Long.MAX_VALUE);
        bench.runMillis(1_000);
        assertThat(summary(bench, query).requests()).isEqualTo(1);
        assertThat(bench.failure(targeted)).isEqualTo(Reason.NO_NODES_RESPONDED);
        assertThat(bench.requestsTo(Bench.HERE)).isEmpty();
    }

    @Test
    void who_wants_proof_of_our_address_is_asked_again_with_its_token_once() {
        Peer careful = Peer.at(TARGET, 1);
        careful.error = ErrorCode.PROVE_ADDRESS;
        Bench bench = Bench.setup().knows(careful).build().with(careful);
        long query = find(bench);
        bench.runMillis(1_000);
        assertThat(careful.asked).extracting(Request::token).containsExactly(null, careful.token);
        assertThat(summary(bench, query).errors()).isEqualTo(1);
        assertThat(summary(bench, query).requests()).isEqualTo(2);
    }

    @Test
    void it_begins_with_few_requests_and_has_no_more_in_flight_than_its_concurrency() {
        Peer[] all = peers(1, 20);
        Bench bench = Bench.setup().knows(all).build().with(all);
        bench.begin(Query.of(Command.FIND_NODE, TARGET).concurrency(4), Long.MAX_VALUE);
        assertThat(bench.requests()).hasSize(3);
        bench.runMillis(10);
        assertThat(bench.requests()).hasSize(3 + 4);
        bench.runMillis(10);
        assertThat(bench.requests()).hasSize(3 + 4 + 4);
    }
}

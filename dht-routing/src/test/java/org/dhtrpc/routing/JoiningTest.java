package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

class JoiningTest {
    private final Peer bootstrap = new Peer(Peer.key(Bench.ID, 1_000), Peer.endpoint(1_000));
    private final Peer near = Peer.at(Bench.ID, 1);
    private final Peer far = Peer.at(Bench.ID, 50);
    private final Bench bench = Bench.setup().build().with(bootstrap, near, far);

    /** What was asked of a peer, repeats left out: "plain" for find_node(self), "token" for one with the peer's token. */
    static List<String> steps(Peer peer) {
        List<String> steps = new ArrayList<>();
        for (Request request : peer.asked) {
            assertThat(request.command()).isEqualTo(Command.FIND_NODE);
            assertThat(request.target()).isEqualTo(Bench.ID);
            assertThat(request.commit()).isFalse();
            assertThat(request.token()).isIn(null, peer.token);
            steps.add(request.token() == null ? "plain" : "token");
        }
        return steps;
    }

    @Test
    void it_asks_the_bootstrap_node_asks_it_again_with_the_token_looks_itself_up_and_tells_the_nearest() {
        bootstrap.naming(far);
        far.naming(near);
        bench.bootstrap(bootstrap);

        assertThat(steps(bootstrap)).containsExactly("plain");
        bench.runMillis(10);
        assertThat(steps(bootstrap)).containsExactly("plain", "token");
        assertThat(far.asked).isEmpty();
        bench.runMillis(10);
        assertThat(steps(far)).containsExactly("plain");
        bench.runMillis(10);
        assertThat(steps(near)).containsExactly("plain");
        assertThat(bench.joined).isEmpty();
        bench.runMillis(10);
        assertThat(steps(near)).containsExactly("plain", "token");
        assertThat(steps(far)).containsExactly("plain", "token");
        bench.runMillis(10);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(bench.events).contains(new DhtEvent.StateChanged(DhtState.JOINED));
        assertThat(bench.contacts()).containsExactlyInAnyOrder(bootstrap.contact(), near.contact(), far.contact());
    }

    @Test
    void who_is_named_only_in_the_answers_to_the_telling_is_told_in_another_round() {
        Peer late = Peer.at(Bench.ID, 2);
        bench.with(late);
        bootstrap.naming(near);
        bench.bootstrap(bootstrap);
        bench.runMillis(29);
        near.naming(late);
        bench.runMillis(1_000);
        assertThat(steps(late)).containsExactly("plain", "token");
        assertThat(steps(near).stream().filter("token"::equals)).hasSize(1);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void the_dead_whom_others_keep_naming_do_not_hold_it_up_round_after_round() {
        Peer dead = Peer.at(Bench.ID, 2);
        dead.dead = true;
        bench.with(dead);
        bootstrap.naming(near, dead);
        near.naming(dead);
        bench.bootstrap(bootstrap);
        bench.run(Duration.ofSeconds(3));
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(dead.asked).hasSizeLessThanOrEqualTo(KademliaConfig.MAX_SENDS);
    }

    @Test
    void liars_who_name_ever_nearer_nodes_are_given_up_after_so_many_rounds() {
        Peer[] liars = new Peer[20];
        for (int i = 0; i < liars.length; i++) {
            liars[i] = Peer.at(Bench.ID, 100 - i);
        }
        bench.with(liars);
        bootstrap.naming(liars[0]);
        bench.bootstrap(bootstrap);
        for (int ms = 0; ms < 5_000; ms++) {
            for (int i = 0; i + 1 < liars.length; i++) {
                // Whoever has been asked names the next one from now on, and so when it is told of us.
                if (!liars[i].asked.isEmpty() && liars[i].names.isEmpty()) {
                    liars[i].naming(liars[i + 1]);
                }
            }
            bench.runMillis(1);
        }
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(Arrays.stream(liars).filter(liar -> steps(liar).contains("token")))
                .hasSize(SelfLookup.MAX_ROUNDS);
    }

    @Test
    void of_the_contacts_that_a_bootstrap_node_names_at_most_k_are_asked() {
        for (int i = 1; i <= 100; i++) {
            bootstrap.naming(Peer.at(Bench.ID, i));
        }
        bootstrap.listed = false;
        Bench small = Bench.setup().k(5).ephemeral().build().with(bootstrap);
        small.bootstrap(bootstrap);
        small.run(Duration.ofSeconds(20));
        assertThat(small.sent.stream().map(Effect.Send::to).distinct()).hasSize(1 + 5);
    }

    @Test
    void an_ephemeral_node_asks_once_and_looks_itself_up_and_tells_nobody() {
        Bench hidden = Bench.setup().ephemeral().build().with(bootstrap, near);
        bootstrap.naming(near);
        hidden.bootstrap(bootstrap);
        hidden.runMillis(1_000);
        assertThat(steps(near)).containsExactly("plain");
        assertThat(steps(bootstrap)).containsOnly("plain");
        assertThat(hidden.requests())
                .allSatisfy(request -> assertThat(request.sender()).isNull());
        assertThat(hidden.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void where_a_reply_has_no_token_the_second_step_is_skipped() {
        bench.bootstrap(bootstrap);
        Request first = bench.lastRequest();
        bench.receive(
                bootstrap.endpoint,
                new org.dhtrpc.message.Reply(
                        first.transaction(), null, Bench.HERE, List.of(near.contact()), null, 0, null));
        assertThat(steps(bootstrap)).containsExactly("plain");
        assertThat(steps(near)).containsExactly("plain");
    }

    @Test
    void our_own_id_and_address_are_never_asked() {
        Peer sameId = new Peer(Bench.ID, Peer.endpoint(7));
        Peer sameAddress = new Peer(Peer.key(Bench.ID, 3), Bench.HERE);
        bootstrap.naming(sameId, sameAddress, near);
        bench.bootstrap(bootstrap, sameAddress);
        bench.runMillis(1_000);
        assertThat(bench.requestsTo(sameId.endpoint)).isEmpty();
        assertThat(bench.requestsTo(Bench.HERE)).isEmpty();
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void without_a_configured_bootstrap_node_it_has_joined() {
        bench.bootstrap();
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(bench.sent).isEmpty();
    }

    @Test
    void if_the_bootstrap_node_names_nobody_it_is_alone_and_asks_again_ever_less_often() {
        bootstrap.listed = false;
        bench.bootstrap(bootstrap);
        bench.runMillis(30);
        assertThat(bench.states()).containsExactly(DhtState.ALONE);
        assertThat(bench.joined.get(0).causes()).isEmpty();

        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            long ended = bench.now;
            while (bench.located.size() == i) {
                bench.runMillis(1);
            }
            waits.add(Duration.ofNanos(bench.now - ended));
            bench.bootstrap(bootstrap);
            while (bench.joined.size() == i + 1) {
                bench.runMillis(1);
            }
        }
        assertThat(waits.get(0)).isBetween(Duration.ofMillis(30), Duration.ofMillis(50));
        for (int i = 1; i < 9; i++) {
            assertThat(waits.get(i)).isEqualTo(Duration.ofMillis(50L << i));
        }
        assertThat(waits.get(12)).isEqualTo(Duration.ofSeconds(30));
        assertThat(bench.states()).containsOnly(DhtState.ALONE);
        assertThat(bench.events.stream().filter(DhtEvent.StateChanged.class::isInstance))
                .hasSize(1);
    }

    @Test
    void if_only_the_dead_are_named_it_is_alone() {
        near.dead = true;
        bootstrap.listed = false;
        bootstrap.naming(near);
        bench.bootstrap(bootstrap);
        bench.run(Duration.ofSeconds(6));
        assertThat(bench.states()).containsExactly(DhtState.ALONE);
    }

    @Test
    void once_somebody_turns_up_it_is_no_longer_alone() {
        bootstrap.listed = false;
        bench.bootstrap(bootstrap);
        bench.runMillis(100);
        bootstrap.naming(near);
        bench.bootstrap(bootstrap);
        bench.runMillis(100);
        assertThat(bench.states()).containsExactly(DhtState.ALONE, DhtState.JOINED);
    }

    @Test
    void if_no_bootstrap_node_answers_it_is_unreachable_says_why_and_keeps_trying() {
        bootstrap.dead = true;
        Peer other = Peer.at(Bench.ID, 77);
        DhtException unknown = new DhtException(Reason.UNKNOWN_HOST, "no such host: nowhere.example");
        bench.machine.bootstrap(bench.now, List.of(bootstrap.endpoint, other.endpoint), List.of(unknown));
        bench.drain();
        bench.runMillis(5_000);
        assertThat(bench.states()).containsExactly(DhtState.UNREACHABLE);
        assertThat(bench.joined.get(0).causes()).hasSize(3).contains(unknown);
        assertThat(bench.joined.get(0).causes().get(1)).hasMessageContaining(bootstrap.endpoint.toString());
        bench.runMillis(50);
        assertThat(bench.located).hasSize(1);

        bootstrap.dead = false;
        bench.bootstrap(bootstrap);
        bench.runMillis(100);
        assertThat(bench.states()).containsExactly(DhtState.UNREACHABLE, DhtState.JOINED);
    }

    @Test
    void if_no_bootstrap_node_has_an_address_it_is_unreachable() {
        bench.machine.bootstrap(bench.now, List.of(), List.of(new DhtException(Reason.UNKNOWN_HOST, "no such host")));
        bench.drain();
        assertThat(bench.states()).containsExactly(DhtState.UNREACHABLE);
    }

    @Test
    void a_bootstrap_node_that_cannot_be_reached_from_here_is_not_asked_and_is_a_cause() {
        Endpoint six = Endpoint.parse("[2001:db8::1]:4000");
        Bench four = Bench.setup().reachable(Endpoint::isIPv4).build();
        four.machine.bootstrap(four.now, List.of(six), List.of());
        four.drain();
        assertThat(four.sent).isEmpty();
        assertThat(four.states()).containsExactly(DhtState.UNREACHABLE);
        assertThat(four.joined.get(0).causes())
                .singleElement()
                .satisfies(cause -> assertThat(cause).hasMessageContaining(six + " cannot be reached from"));
        four.runMillis(50);
        assertThat(four.located).as("tried again").hasSize(1);
    }

    @Test
    void contacts_that_cannot_be_reached_from_here_do_not_cost_a_further_round() {
        Peer six = new Peer(Peer.key(Bench.ID, 2), Endpoint.parse("[2001:db8::1]:4000"));
        bootstrap.naming(near, six);
        near.naming(six);
        Bench four = Bench.setup().reachable(Endpoint::isIPv4).build().with(bootstrap, near);
        four.bootstrap(bootstrap);
        four.runMillis(1_000);
        assertThat(four.states()).containsExactly(DhtState.JOINED);
        assertThat(steps(near)).containsExactly("plain", "token");
    }

    @Test
    void it_does_not_wait_for_a_dead_bootstrap_node_if_another_one_answers() {
        Peer dead = Peer.at(Bench.ID, 77);
        bootstrap.naming(near);
        bench.bootstrap(dead, bootstrap);
        bench.runMillis(200);
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void a_late_reply_to_an_earlier_attempt_teaches_the_table_but_does_not_disturb_the_next_one() {
        Peer slow = Peer.at(Bench.ID, 77);
        slow.latency = Duration.ofMillis(400);
        bootstrap.listed = false;
        bench.with(slow).bootstrap(slow, bootstrap);
        bench.runMillis(100);
        assertThat(bench.states()).containsExactly(DhtState.ALONE);
        bootstrap.dead = true;
        bench.bootstrap(bootstrap);
        bench.runMillis(4_000);
        assertThat(bench.contacts()).containsExactly(slow.contact());
        assertThat(bench.states()).containsExactly(DhtState.ALONE);
        bench.runMillis(2_000);
        assertThat(bench.states()).containsExactly(DhtState.ALONE, DhtState.JOINED);
    }

    @Test
    void being_told_of_the_bootstrap_nodes_during_an_attempt_does_not_begin_another() {
        bench.bootstrap(bootstrap);
        bench.bootstrap(bootstrap);
        assertThat(bootstrap.asked).hasSize(1);
    }

    @Test
    void queries_before_it_has_joined_go_by_the_bootstrap_nodes() {
        bootstrap.naming(near);
        bench.bootstrap(bootstrap);
        long query = bench.begin(org.dhtrpc.Query.of(Bench.COMMAND, Key.ZERO), Long.MAX_VALUE);
        bench.runMillis(1_000);
        assertThat(bench.failure(query)).isNull();
        assertThat(bench.results).extracting(result -> result.from()).contains(near.endpoint);
    }

    @Test
    void a_node_that_only_listens_never_asks_a_wildcard_address_or_port_0() {
        bootstrap.naming(
                new Peer(Peer.key(Bench.ID, 5), Endpoint.parse("0.0.0.0:4000")),
                new Peer(Peer.key(Bench.ID, 6), Endpoint.parse("10.0.0.6:0")),
                near);
        bench.bootstrap(bootstrap);
        bench.runMillis(1_000);
        assertThat(bench.sent).extracting(Effect.Send::to).containsOnly(bootstrap.endpoint, near.endpoint);
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nodes that are ourselves. */
class OurselvesTest {
    private final Peer bootstrap = new Peer(Peer.key(Bench.ID, 1_000), Peer.endpoint(1_000));
    private final Bench bench = Bench.setup().build();

    @Test
    void a_bootstrap_node_that_names_itself_in_its_settings_has_nobody_to_wait_for() {
        bench.bootstrap(new Peer(Bench.ID, Bench.HERE));
        assertThat(bench.states()).containsExactly(DhtState.JOINED);
        assertThat(bench.sent).isEmpty();
    }

    @Test
    void a_bootstrap_node_that_is_bound_to_a_wildcard_and_names_its_public_address_has_nobody_to_wait_for() {
        Endpoint publicly = Endpoint.parse("203.0.113.7:3282");
        for (Bench first :
                List.of(Bench.setup().build(), Bench.setup().ephemeral().build())) {
            first.bootstrap(new Peer(Bench.ID, publicly));
            first.receive(publicly, first.lastRequest());
            assertThat(first.states()).containsExactly(DhtState.JOINED);
            assertThat(first.rejected(Rejection.FROM_OURSELVES)).isEqualTo(1);
            assertThat(first.machine.stats().pendingRequests()).isZero();
            assertThat(first.replies()).isEmpty();
        }
    }

    @Test
    void that_a_bootstrap_node_is_ourselves_is_no_cause_of_a_failure() {
        Endpoint publicly = Endpoint.parse("203.0.113.7:3282");
        Peer dead = Peer.at(Bench.ID, 77);
        bench.bootstrap(new Peer(Bench.ID, publicly), dead);
        bench.receive(publicly, bench.requestsTo(publicly).get(0));
        bench.runMillis(5_000);
        assertThat(bench.states()).containsExactly(DhtState.UNREACHABLE);
        assertThat(bench.joined.get(0).causes())
                .singleElement()
                .satisfies(cause -> assertThat(cause).hasMessageContaining(dead.endpoint.toString()));
    }

    @Test
    void a_request_with_our_id_that_we_did_not_send_makes_no_bootstrap_node_ourselves() {
        bench.bootstrap(new Peer(bootstrap.id, Peer.endpoint(99)));
        Request ours = bench.lastRequest();
        bench.receive(
                Peer.endpoint(99),
                new Request(ours.transaction() + 1, Bench.ID, ours.to(), Command.FIND_NODE, Bench.ID, null, null));
        assertThat(bench.joined).isEmpty();
        assertThat(bench.machine.stats().pendingRequests()).isEqualTo(1);
    }

    @Test
    void whoever_answers_from_our_own_address_with_another_id_is_no_contact() {
        Peer impostor = new Peer(bootstrap.id, Bench.HERE);
        long ping = bench.ping(impostor);
        bench.receive(Bench.HERE, impostor.reply(bench.lastRequest()));
        assertThat(bench.answered).containsKey(ping);
        assertThat(bench.contacts()).isEmpty();
    }

    /** A request of ours on a wire of four bits, and one of a stranger who happens to use the same transaction. */
    private static Request stranger(Request ours, @Nullable Endpoint to, Command command) {
        return new Request(ours.transaction(), null, to, command, ours.target(), null, null);
    }

    @Test
    void where_ids_are_short_a_stranger_who_has_ours_by_chance_is_served() {
        for (boolean ephemeral : new boolean[] {false, true}) {
            Setup setup = Bench.setup().wire(4, true, false);
            Bench four = (ephemeral ? setup.ephemeral() : setup).build();
            four.ping(bootstrap);
            Request ours = four.lastRequest();
            Reply pong = four.asked(bootstrap.endpoint, stranger(ours, Bench.HERE, Command.PING));
            assertThat(pong.error()).isZero();
            assertThat(four.asked(Peer.endpoint(7), stranger(ours, Bench.HERE, Command.PING)))
                    .isNotNull();
            assertThat(four.rejected(Rejection.FROM_OURSELVES)).isZero();
            four.receive(bootstrap.endpoint, bootstrap.reply(ours));
            assertThat(four.answered).hasSize(1);
        }
    }

    @Test
    void where_a_request_does_not_say_to_whom_our_own_comes_from_our_port() {
        Endpoint publicly = Endpoint.of(new byte[] {(byte) 203, 0, 113, 7}, Bench.HERE.port());
        Bench seed = Bench.setup().wire(15, false, true).ephemeral().build();
        seed.bootstrap(new Peer(Bench.ID, publicly));
        Request ours = seed.lastRequest();
        assertThat(seed.ask(Peer.endpoint(7), stranger(ours, null, Command.FIND_NODE)))
                .as("another's")
                .isNotNull();
        assertThat(seed.states()).isEmpty();
        seed.receive(publicly, stranger(ours, null, Command.FIND_NODE));
        assertThat(seed.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void what_we_have_sent_before_we_had_another_id_is_still_ours() {
        Endpoint publicly = Endpoint.parse("203.0.113.7:3282");
        Bench bench = Bench.setup().boundIds().firewalled(false).build();
        bench.bootstrap();
        bench.ping(publicly, Duration.ofSeconds(60));
        Request ours = bench.lastRequest();
        bench.ping(bootstrap);
        bench.receive(bootstrap.endpoint, bootstrap.reply(bench.lastRequest()));
        bench.runMillis(1);
        assertThat(bench.machine.ephemeral()).isFalse();
        bench.receive(publicly, ours);
        assertThat(bench.rejected(Rejection.FROM_OURSELVES)).isEqualTo(1);
        assertThat(bench.replies()).isEmpty();
    }

    @Test
    void a_stranger_of_the_same_transaction_who_asks_for_something_else_is_served() {
        Bench seed = Bench.setup().wire(15, false, true).ephemeral().build();
        seed.ping(bootstrap);
        Endpoint samePort = Endpoint.of(new byte[] {10, 9, 9, 9}, Bench.HERE.port());
        assertThat(seed.ask(samePort, stranger(seed.lastRequest(), null, Command.FIND_NODE)))
                .isNotNull();
    }
}

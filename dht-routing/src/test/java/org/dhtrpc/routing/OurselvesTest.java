package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
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
}

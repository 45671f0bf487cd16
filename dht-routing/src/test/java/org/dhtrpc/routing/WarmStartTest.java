package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** Joining with contacts of an earlier life, or with those that somebody vouches for. */
class WarmStartTest {
    private final Peer bootstrap = new Peer(Peer.key(Bench.ID, 1_000), Peer.endpoint(1_000));
    private final Peer near = Peer.at(Bench.ID, 1);
    private final Peer far = Peer.at(Bench.ID, 50);

    @Test
    void a_saved_contact_that_answers_is_enough_to_join_though_every_bootstrap_node_is_dead() {
        Bench warm = Bench.setup().saved(near).build().with(near);
        warm.bootstrap(bootstrap);
        warm.run(Duration.ofSeconds(6));
        assertThat(warm.states()).containsExactly(DhtState.JOINED);
        assertThat(warm.contacts()).containsExactly(near.contact());
    }

    @Test
    void saved_contacts_do_not_wait_for_the_bootstrap_nodes() {
        Bench warm = Bench.setup().saved(near).build().with(near);
        warm.bootstrap(bootstrap);
        warm.runMillis(100);
        assertThat(JoiningTest.steps(near)).containsExactly("plain", "token");
        assertThat(warm.states()).containsExactly(DhtState.JOINED);
    }

    @Test
    void if_all_saved_contacts_are_dead_those_that_the_bootstrap_node_names_are_looked_up() {
        for (long latency : new long[] {10, 4_000}) {
            Peer late = new Peer(bootstrap.id, bootstrap.endpoint).naming(far);
            late.latency = Duration.ofMillis(latency);
            far.asked.clear();
            Bench warm = Bench.setup().saved(near).build().with(late, far);
            warm.bootstrap(late);
            warm.run(Duration.ofSeconds(12));
            assertThat(JoiningTest.steps(far)).startsWith("plain", "token");
            assertThat(warm.states()).containsExactly(DhtState.JOINED);
        }
    }

    @Test
    void a_node_without_bootstrap_nodes_that_has_lost_all_its_contacts_asks_its_saved_ones_again() {
        Peer other = Peer.at(Bench.ID, 3);
        Bench warm = Bench.setup().saved(near, other).build().with(near);
        warm.bootstrap();
        warm.runMillis(5_000);
        assertThat(warm.contacts()).containsExactly(near.contact());
        near.dead = true;
        warm.run(Duration.ofMinutes(10));
        assertThat(warm.located).isNotEmpty();
        assertThat(warm.states()).containsOnly(DhtState.JOINED);
        warm.with(other).bootstrap();
        warm.runMillis(5_000);
        assertThat(warm.contacts()).containsExactly(other.contact());
    }

    @Test
    void who_knows_verified_contacts_and_nobody_else_to_ask_has_joined_without_a_word() {
        Bench warm = Bench.setup().knows(near, far).build().with(near, far);
        warm.bootstrap();
        assertThat(warm.states()).containsExactly(DhtState.JOINED);
        assertThat(warm.events).containsExactly(new DhtEvent.StateChanged(DhtState.JOINED));
        warm.run(Duration.ofSeconds(19));
        assertThat(warm.sent).isEmpty();
        assertThat(warm.contacts()).containsExactlyInAnyOrder(near.contact(), far.contact());
    }

    @Test
    void verified_contacts_are_cared_for_like_others() {
        Bench warm = Bench.setup().knows(near, far).build().with(near);
        warm.bootstrap();
        warm.run(Duration.ofMinutes(5));
        assertThat(near.asked).extracting(Request::command).contains(Command.PING);
        assertThat(warm.contacts()).containsExactly(near.contact());
    }

    @Test
    void with_a_bootstrap_node_or_saved_contacts_it_joins_though_it_has_verified_ones() {
        Bench configured = Bench.setup().knows(far).build().with(bootstrap, far);
        configured.bootstrap(bootstrap);
        assertThat(configured.joined).isEmpty();
        configured.runMillis(1_000);
        assertThat(JoiningTest.steps(bootstrap)).startsWith("plain", "token");
        assertThat(configured.states()).containsExactly(DhtState.JOINED);

        far.asked.clear();
        Bench saved = Bench.setup().knows(far).saved(near).build().with(near, far);
        saved.bootstrap();
        saved.runMillis(1_000);
        assertThat(JoiningTest.steps(near)).containsExactly("plain", "token");
        assertThat(JoiningTest.steps(far)).containsExactly("plain", "token");
    }

    @Test
    void after_a_suspension_it_asks_verified_contacts_before_it_says_that_it_has_joined() {
        Bench warm = Bench.setup().knows(near).build().with(near);
        warm.bootstrap();
        warm.machine.suspend(warm.now);
        warm.machine.resume(warm.now);
        warm.bootstrap();
        assertThat(warm.states()).containsExactly(DhtState.JOINED, DhtState.SUSPENDED, DhtState.JOINING);
        warm.runMillis(1_000);
        assertThat(JoiningTest.steps(near)).startsWith("plain");
        assertThat(warm.states()).endsWith(DhtState.JOINED);
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** Suspending and resuming, and waking up after the machine has slept: the node joins again, and forgets nobody. */
class SuspendingTest {
    private final Peer first = Peer.at(Bench.ID, 1);
    private final Peer second = Peer.at(Bench.ID, 2).naming(first);
    private final Peer server = Peer.at(Bench.ID, 900).naming(first, second);
    private final Bench bench = joined();

    private Bench joined() {
        Bench joined = Bench.setup().build().with(first, second, server);
        joined.bootstrap(server);
        joined.runMillis(5_000);
        assertThat(joined.machine.stats().state()).isEqualTo(DhtState.JOINED);
        assertThat(joined.contacts()).hasSize(3);
        joined.sent.clear();
        joined.events.clear();
        joined.joined.clear();
        joined.located.clear();
        return joined;
    }

    private void suspend() {
        bench.machine.suspend(bench.now);
        bench.drain();
    }

    private void resume() {
        bench.machine.resume(bench.now);
        bench.drain();
    }

    private void assertNobodyIsThoughtToBeThere(Duration pause) {
        suspend();
        bench.run(pause);
        dead(true);
        resume();
        bench.bootstrap(server);
        bench.runMillis(30_000);
        assertThat(bench.states()).containsExactly(DhtState.SUSPENDED, DhtState.JOINING, DhtState.UNREACHABLE);
    }

    private void dead(boolean dead) {
        first.dead = dead;
        second.dead = dead;
        server.dead = dead;
    }

    @Test
    void what_is_under_way_ends_as_suspended_and_so_does_what_is_begun_then() {
        bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        dead(true);
        long query = bench.begin(Query.of(Command.FIND_NODE, Bench.ID), 1);
        long ping = bench.ping(first);
        bench.receive(first.endpoint, new Request(1, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null));
        suspend();
        long late = bench.ping(second);
        long later = bench.beginClosest(Query.of(Bench.COMMAND, Bench.ID), 1);
        assertThat(List.of(query, ping, late, later))
                .allSatisfy(operation -> assertThat(bench.failure(operation)).isEqualTo(Reason.SUSPENDED));
        assertThat(bench.machine.stats().operations()).isZero();
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.stats().pendingCalls()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.SUSPENDED);
        assertThat(bench.events).contains(new DhtEvent.StateChanged(DhtState.SUSPENDED));
        assertThat(bench.joined).extracting(Effect.Joined::state).containsExactly(DhtState.SUSPENDED);
    }

    @Test
    void nothing_is_sent_and_what_arrives_is_dropped() {
        suspend();
        bench.receive(first.endpoint, new Request(1, null, Bench.HERE, Command.PING, null, null, null));
        bench.machine.bootstrap(bench.now, List.of(server.endpoint), List.of());
        bench.drain();
        bench.run(Duration.ofHours(2));
        assertThat(bench.sent).isEmpty();
        assertThat(bench.rejected(Rejection.SUSPENDED)).isEqualTo(1);
    }

    @Test
    void after_a_long_pause_the_node_joins_again_by_its_contacts_though_no_bootstrap_node_answers() {
        suspend();
        bench.run(Duration.ofHours(8));
        server.dead = true;
        resume();
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINING);
        assertThat(bench.located).hasSize(1);
        bench.bootstrap(server);
        bench.runMillis(30_000);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINED);
        assertThat(bench.states()).containsExactly(DhtState.SUSPENDED, DhtState.JOINING, DhtState.JOINED);
        assertThat(bench.contacts()).contains(first.contact(), second.contact());
        long ping = bench.ping(first);
        bench.runMillis(100);
        assertThat(bench.failure(ping)).isNull();
    }

    @Test
    void old_contacts_of_whom_nobody_answers_do_not_make_the_node_joined() {
        assertNobodyIsThoughtToBeThere(Duration.ofHours(8));
        dead(false);
        bench.run(Duration.ofSeconds(60));
        bench.bootstrap(server);
        bench.runMillis(30_000);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINED);
        assertThat(bench.contacts()).hasSize(3);
    }

    @Test
    void nor_do_those_of_a_month_ago() {
        assertNobodyIsThoughtToBeThere(Duration.ofDays(30));
    }

    @Test
    void the_first_node_of_a_network_finds_its_contacts_again_without_any_bootstrap_node() {
        Bench alone = Bench.setup().knows(first, second).build().with(first, second);
        alone.bootstrap();
        alone.runMillis(1_000);
        alone.machine.suspend(alone.now);
        alone.run(Duration.ofHours(1));
        alone.sent.clear();
        alone.machine.resume(alone.now);
        alone.drain();
        alone.bootstrap();
        alone.runMillis(5_000);
        assertThat(alone.requestsTo(first.endpoint)).isNotEmpty();
        assertThat(alone.requestsTo(second.endpoint)).isNotEmpty();
        assertThat(alone.machine.stats().state()).isEqualTo(DhtState.JOINED);
    }

    @Test
    void upkeep_goes_on_afterwards() {
        suspend();
        resume();
        bench.bootstrap(server);
        bench.runMillis(5_000);
        bench.sent.clear();
        bench.run(Duration.ofMinutes(5));
        assertThat(bench.requestsTo(first.endpoint)).isNotEmpty();
    }

    @Test
    void suspending_twice_or_resuming_without_need_does_nothing() {
        resume();
        assertThat(bench.located).isEmpty();
        suspend();
        suspend();
        assertThat(bench.joined).hasSize(1);
        bench.close();
        resume();
        suspend();
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.CLOSED);
        assertThat(bench.located).isEmpty();
    }

    @Test
    void a_machine_that_has_slept_joins_again_and_blames_nobody_for_its_own_silence() {
        dead(true);
        long ping = bench.ping(first);
        bench.runMillis(100);
        dead(false);
        bench.now += Duration.ofHours(8).toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
        assertThat(bench.failure(ping)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.named()).contains(first.contact(), second.contact());
        assertThat(bench.located).hasSize(1);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINING);
        bench.bootstrap(server);
        bench.runMillis(5_000);
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.JOINED);
        assertThat(bench.contacts()).hasSize(3);
    }

    @Test
    void who_would_have_had_to_answer_towards_the_end_of_the_sleep_is_not_blamed_either() {
        dead(true);
        bench.ping(first);
        bench.runMillis(4_000);
        bench.request(second.endpoint, Command.PING, Duration.ofMillis(100));
        bench.now = bench.machine.deadline() + Duration.ofSeconds(30).toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
        dead(false);
        assertThat(bench.named()).contains(first.contact(), second.contact());
    }

    @Test
    void what_a_handler_was_called_for_before_is_not_handled_again_when_it_is_repeated_afterwards() {
        bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        Request answered = new Request(1, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null).withPadding(300);
        Request waiting = new Request(2, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null).withPadding(300);
        bench.receive(first.endpoint, answered);
        bench.answer(bench.calls.get(0), 0, null);
        bench.receive(first.endpoint, waiting);
        suspend();
        resume();
        bench.sent.clear();
        bench.receive(first.endpoint, answered);
        bench.receive(first.endpoint, waiting);
        assertThat(bench.calls).hasSize(2);
        assertThat(bench.replies()).hasSize(1);
    }

    @Test
    void a_timer_that_is_a_little_late_is_nothing_special() {
        bench.runMillis(100);
        bench.now = bench.machine.deadline() + Duration.ofSeconds(29).toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
        assertThat(bench.located).isEmpty();
    }
}

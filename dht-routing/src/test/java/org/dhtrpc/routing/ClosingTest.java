package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private static final Query QUERY = Query.of(Bench.COMMAND, Key.ZERO);

    private final Peer peer = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().wire(3, true, false).knows(peer).build();

    @Test
    void every_operation_ends_as_closed_in_the_order_in_which_they_began() {
        List<Long> queries = new ArrayList<>();
        queries.add(bench.begin(QUERY, Long.MAX_VALUE));
        queries.add(bench.beginClosest(QUERY, Long.MAX_VALUE));
        queries.add(bench.begin(QUERY, 0));
        long ping = bench.ping(peer);
        bench.close();
        assertThat(bench.finished.keySet()).containsExactlyElementsOf(queries);
        assertThat(queries).allSatisfy(query -> assertThat(bench.failure(query)).isEqualTo(Reason.CLOSED));
        assertThat(bench.failure(ping)).isEqualTo(Reason.CLOSED);
        assertThat(bench.machine.stats().operations()).isZero();
        assertThat(bench.machine.stats().state()).isEqualTo(DhtState.CLOSED);
        assertThat(bench.states()).containsExactly(DhtState.CLOSED);
        assertThat(bench.events).endsWith(new DhtEvent.StateChanged(DhtState.CLOSED));
    }

    @Test
    void nothing_is_sent_by_or_after_closing_not_even_what_was_queued() {
        Peer stranger = Peer.at(Bench.ID, 5);
        bench.bootstrap(Peer.at(Bench.ID, 2), Peer.at(Bench.ID, 3));
        bench.asked(stranger.endpoint, new Request(1, stranger.id, Bench.HERE, Command.PING, null, null, null));
        bench.machine.handle(bench.now, Bench.COMMAND, Phase.DISCOVERY);
        bench.receive(stranger.endpoint, new Request(2, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null));
        for (int i = 0; i < 10; i++) {
            bench.ping(Peer.endpoint(i), Duration.ofSeconds(5));
        }
        int sent = bench.sent.size();
        bench.close();
        bench.answer(bench.calls.get(0), ErrorCode.NONE, null);
        bench.receive(peer.endpoint, new Request(3, null, Bench.HERE, Command.PING, null, null, null));
        bench.bootstrap(peer);
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        bench.run(Duration.ofHours(2));
        assertThat(bench.sent).hasSize(sent);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.stats().pendingCalls()).isZero();
    }

    @Test
    void what_is_asked_of_a_closed_machine_fails_at_once() {
        bench.close();
        assertThat(bench.failure(bench.begin(QUERY, 1))).isEqualTo(Reason.CLOSED);
        assertThat(bench.failure(bench.beginClosest(QUERY, 1))).isEqualTo(Reason.CLOSED);
        assertThat(bench.failure(bench.ping(peer))).isEqualTo(Reason.CLOSED);
        assertThat(bench.sent).isEmpty();
    }

    @Test
    void the_outcome_of_a_punch_or_of_a_handler_that_comes_after_closing_changes_nothing() {
        Peer unseen = Peer.at(Key.ZERO, 1);
        Peer guide = Peer.at(Key.ZERO, 1_000).naming(unseen);
        Bench punching = Bench.setup().punching().knows(guide).build().with(guide);
        punching.machine.handle(punching.now, Bench.COMMAND, Phase.DISCOVERY);
        punching.begin(QUERY, Long.MAX_VALUE);
        punching.runMillis(2_000);
        punching.receive(guide.endpoint, new Request(1, null, Bench.HERE, Bench.COMMAND, Bench.ID, null, null));
        int sent = punching.sent.size();
        punching.close();
        int events = punching.events.size();
        punching.punched(punching.punches.get(0), unseen.endpoint);
        punching.answer(punching.calls.get(0), ErrorCode.NONE, null);
        punching.machine.malformed(punching.now, guide.endpoint);
        punching.drain();
        punching.run(Duration.ofMinutes(1));
        assertThat(punching.sent).hasSize(sent);
        assertThat(punching.events).hasSize(events);
        assertThat(punching.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void closing_twice_is_closing_once() {
        long query = bench.begin(QUERY, 1);
        bench.close();
        bench.close();
        assertThat(bench.failure(query)).isEqualTo(Reason.CLOSED);
        assertThat(bench.states()).hasSize(1);
    }
}

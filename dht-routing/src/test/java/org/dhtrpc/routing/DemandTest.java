package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final Query QUERY = Query.of(Bench.COMMAND, TARGET).concurrency(4);

    private final Peer[] peers = new Peer[20];
    private final Bench bench;

    DemandTest() {
        for (int i = 0; i < 20; i++) {
            peers[i] = Peer.at(TARGET, i + 1);
        }
        bench = Bench.setup().knows(peers).build().with(peers);
    }

    @Test
    void nothing_is_sent_before_there_is_demand() {
        long query = bench.begin(QUERY, 0);
        bench.beginClosest(QUERY, 0);
        bench.run(Duration.ofHours(2));
        assertThat(bench.sent).isEmpty();
        assertThat(bench.finished).isEmpty();
        bench.demand(query, 1);
        assertThat(bench.sent).isNotEmpty();
    }

    @Test
    void nobody_further_is_asked_while_as_many_results_wait_as_are_wanted() {
        long query = bench.begin(QUERY, 1);
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.results).hasSize(1);
        assertThat(bench.requests()).hasSize(3);
        bench.demand(query, 1);
        bench.demand(query, 1);
        assertThat(bench.results).hasSize(3);
        assertThat(bench.requests()).hasSize(3);
        bench.demand(query, 1);
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.results).hasSize(4);
        assertThat(bench.requests()).hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void no_more_results_wait_than_the_concurrency_even_if_all_were_late() {
        for (Peer peer : peers) {
            peer.latency = Duration.ofMillis(4_900);
        }
        long query = bench.begin(QUERY, 1);
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.results).hasSize(1);
        assertThat(bench.machine.stats().repliesReceived() - 1).isLessThanOrEqualTo(4);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        bench.demand(query, Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(59));
        assertThat(bench.results).hasSize(20);
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void a_query_of_named_nodes_does_not_end_before_all_were_asked_even_if_those_asked_first_are_silent() {
        peers[1].dead = true;
        peers[2].dead = true;
        Endpoint[] endpoints = Arrays.stream(peers).map(peer -> peer.endpoint).toArray(Endpoint[]::new);
        long query = bench.begin(Query.of(Command.FIND_NODE, TARGET).nodes(endpoints), 1);
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.finished).isEmpty();
        bench.demand(query, Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.results).hasSize(18);
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void all_results_come_one_by_one_and_the_end_after_the_last() {
        long query = bench.begin(QUERY, 1);
        for (int i = 1; i <= 20; i++) {
            bench.runMillis(100);
            assertThat(bench.results).hasSize(i);
            assertThat(bench.finished.containsKey(query)).isEqualTo(i == 20);
            bench.demand(query, 1);
        }
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void the_end_is_told_without_further_demand_once_the_last_result_was_taken() {
        long query = bench.begin(QUERY, 20);
        bench.runMillis(1_000);
        assertThat(bench.results).hasSize(20);
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void huge_demand_does_not_overflow() {
        long query = bench.begin(QUERY, Long.MAX_VALUE);
        bench.demand(query, Long.MAX_VALUE);
        bench.demand(query, 1);
        bench.runMillis(1_000);
        assertThat(bench.results).hasSize(20);
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void the_commit_phase_does_not_wait_for_demand_and_buffers_at_most_k_results() {
        long closest = bench.beginClosest(QUERY, 1);
        bench.run(Duration.ofSeconds(2));
        assertThat(bench.requests().stream().filter(Request::commit)).hasSize(20);
        assertThat(bench.results).hasSize(1);
        assertThat(bench.finished).isEmpty();
        bench.demand(closest, 18);
        assertThat(bench.results).hasSize(19);
        bench.demand(closest, 5);
        assertThat(bench.results).hasSize(20).extracting(QueryResult::phase).containsOnly(Phase.COMMIT);
        assertThat(bench.failure(closest)).isNull();
    }

    @Test
    void the_deadline_stands_still_in_the_commit_phase_too_while_nothing_is_wanted() {
        long closest = bench.beginClosest(QUERY.deadline(Duration.ofSeconds(1)), 1);
        while (bench.requests().stream().noneMatch(Request::commit)) {
            bench.runMillis(1);
        }
        peers[5].dead = true;
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.results).hasSize(1);
        assertThat(bench.finished).isEmpty();
        bench.demand(closest, Long.MAX_VALUE);
        assertThat(bench.results).hasSize(19);
        assertThat(bench.failure(closest)).isNull();
    }

    @Test
    void a_deadline_that_passes_in_the_commit_phase_ends_that_too() {
        long closest = bench.beginClosest(QUERY.deadline(Duration.ofSeconds(1)), Long.MAX_VALUE);
        while (bench.requests().stream().noneMatch(Request::commit)) {
            bench.runMillis(1);
        }
        peers[5].dead = true;
        bench.runMillis(1_000);
        assertThat(bench.failure(closest)).isEqualTo(Reason.TIMED_OUT);
        assertThat(bench.results).hasSize(19);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void a_verbose_closest_that_is_not_read_does_not_commit() {
        bench.beginClosest(QUERY.verbose(true), 1);
        bench.run(Duration.ofSeconds(30));
        assertThat(bench.requests()).noneMatch(Request::commit);
    }

    @Test
    void the_deadline_stands_still_while_nothing_is_wanted() {
        long query = bench.begin(QUERY.deadline(Duration.ofSeconds(1)), 1);
        bench.run(Duration.ofHours(3));
        assertThat(bench.finished).isEmpty();
        for (Peer peer : peers) {
            peer.dead = true;
        }
        bench.demand(query, 1_000);
        bench.runMillis(900);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(100);
        assertThat(bench.failure(query)).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void the_time_that_was_used_before_a_pause_stays_used() {
        for (Peer peer : peers) {
            peer.latency = Duration.ofMillis(250);
        }
        long query = bench.begin(QUERY.deadline(Duration.ofMillis(600)), 1);
        bench.run(Duration.ofMinutes(1));
        assertThat(bench.results).hasSize(1);
        for (Peer peer : peers) {
            peer.dead = true;
        }
        bench.demand(query, 1_000);
        bench.runMillis(349);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(1);
        assertThat(bench.failure(query)).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void after_a_cancel_nothing_is_sent_and_nothing_is_pending() {
        for (Peer peer : peers) {
            peer.dead = true;
        }
        long query = bench.begin(QUERY, Long.MAX_VALUE);
        bench.runMillis(350);
        bench.cancel(query);
        int sent = bench.sent.size();
        assertThat(bench.failure(query)).isEqualTo(Reason.CANCELLED);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.stats().operations()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        bench.demand(query, 5);
        bench.cancel(query);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.sent).hasSize(sent);
        assertThat(bench.finished).hasSize(1);
        assertThat(bench.end(query).summary().requests()
                        + bench.end(query).summary().repeats())
                .isEqualTo(sent);
    }

    @Test
    void a_cancel_in_the_commit_phase_stops_that_too() {
        long closest = bench.beginClosest(QUERY, Long.MAX_VALUE);
        while (bench.requests().stream().noneMatch(Request::commit)) {
            bench.runMillis(1);
        }
        bench.cancel(closest);
        int sent = bench.sent.size();
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.sent).hasSize(sent);
        assertThat(bench.results).isEmpty();
        assertThat(bench.failure(closest)).isEqualTo(Reason.CANCELLED);
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void repeats_are_counted_once_however_the_operation_ends() {
        Peer guide = Peer.at(TARGET, 1_000).naming(Peer.at(TARGET, 50));
        Bench knowing = Bench.setup().k(1).knows(guide).build().with(guide);
        long closest = knowing.beginClosest(QUERY, Long.MAX_VALUE);
        knowing.runMillis(20);
        guide.dead = true;
        while (knowing.requests().stream().noneMatch(Request::commit)) {
            knowing.runMillis(1);
        }
        assertThat(knowing.requestsTo(Peer.endpoint(50))).hasSize(3);
        knowing.runMillis(10);
        knowing.cancel(closest);
        assertThat(knowing.end(closest).summary().datagrams()).isEqualTo(knowing.sent.size());
    }
}

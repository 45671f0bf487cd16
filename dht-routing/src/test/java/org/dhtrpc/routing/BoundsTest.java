package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.junit.jupiter.api.Test;

class BoundsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_PENDING = KademliaConfig.MAX_PENDING;
    private static final int MAX_BUSY = KademliaConfig.MAX_BUSY;

    /** Operations are bounded too, so the queue of requests is filled by queries of many named nodes. */
    private static Endpoint[] endpoints(int from, int count) {
        Endpoint[] endpoints = new Endpoint[count];
        for (int i = 0; i < count; i++) {
            endpoints[i] = Peer.endpoint(from + i);
        }
        return endpoints;
    }

    private static long flood(Bench bench, int from, int count) {
        return bench.begin(
                Query.of(Bench.COMMAND, Key.ZERO).nodes(endpoints(from, count)).concurrency(64), Long.MAX_VALUE);
    }

    @Test
    void a_backlog_behind_nothing_but_time_outs_still_moves() {
        Bench narrow = Bench.setup().wire(5, true, false).build();
        Peer live = Peer.at(Bench.ID, 900);
        narrow.with(live);
        List<Long> dead = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            dead.add(narrow.ping(Peer.endpoint(i), Duration.ofSeconds(1 + i / 10)));
        }
        long last = narrow.ping(live.endpoint, Duration.ofSeconds(20));
        assertThat(narrow.requests()).hasSize(15);
        narrow.run(TIMEOUT);
        assertThat(dead).allSatisfy(ping -> assertThat(narrow.failure(ping)).isEqualTo(Reason.TIMED_OUT));
        assertThat(narrow.failure(last)).isNull();
        assertThat(narrow.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void a_cancelled_request_lets_the_next_one_go() {
        Bench narrow = Bench.setup().wire(1, true, false).build();
        long first = narrow.ping(Peer.endpoint(1), TIMEOUT);
        narrow.ping(Peer.endpoint(2), TIMEOUT);
        assertThat(narrow.requestsTo(Peer.endpoint(2))).isEmpty();
        narrow.cancel(first);
        assertThat(narrow.requestsTo(Peer.endpoint(2))).hasSize(1);
    }

    @Test
    void a_request_whose_time_is_up_in_the_queue_is_never_sent_and_not_held_against_the_contact() {
        Peer contact = Peer.at(Bench.ID, 2);
        Bench narrow = Bench.setup().wire(1, true, false).knows(contact).build();
        narrow.ping(Peer.endpoint(1), TIMEOUT);
        long queued = narrow.ping(contact.endpoint, TIMEOUT);
        narrow.run(TIMEOUT);
        assertThat(narrow.failure(queued)).isEqualTo(Reason.TIMED_OUT);
        assertThat(narrow.requestsTo(contact.endpoint)).isEmpty();
        assertThat(narrow.machine.stats().contacts()).isEqualTo(1);
        assertThat(narrow.contacts()).containsExactly(contact.contact());
    }

    @Test
    void a_query_of_whose_requests_none_could_be_sent_fails_as_overloaded() {
        Peer contact = Peer.at(Bench.ID, 2);
        Bench narrow = Bench.setup().wire(1, true, false).knows(contact).build().with(contact);
        narrow.ping(Peer.endpoint(1), Duration.ofSeconds(60));
        long query = narrow.begin(Query.of(Bench.COMMAND, Key.ZERO), Long.MAX_VALUE);
        long closest = narrow.beginClosest(Query.of(Bench.COMMAND, Key.ZERO), Long.MAX_VALUE);
        narrow.run(TIMEOUT);
        assertThat(narrow.failure(query)).isEqualTo(Reason.OVERLOADED);
        assertThat(narrow.failure(closest)).isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void a_closest_of_whose_commits_none_could_be_sent_fails_as_overloaded() {
        Peer contact = Peer.at(Bench.ID, 2);
        Bench narrow = Bench.setup().wire(1, true, false).knows(contact).build().with(contact);
        long closest = narrow.beginClosest(Query.of(Bench.COMMAND, Key.ZERO), Long.MAX_VALUE);
        narrow.ping(Peer.endpoint(1), Duration.ofSeconds(60));
        narrow.run(TIMEOUT.plusMillis(10));
        assertThat(narrow.failure(closest)).isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void who_waits_in_the_queue_is_not_overtaken_by_a_busy_lookup() {
        Bench narrow = Bench.setup().wire(3, true, false).build();
        Peer[] many = new Peer[200];
        Endpoint[] endpoints = new Endpoint[200];
        for (int i = 0; i < 200; i++) {
            many[i] = Peer.at(Bench.ID, 100 + i);
            endpoints[i] = many[i].endpoint;
        }
        Peer patient = Peer.at(Bench.ID, 1);
        narrow.with(many).with(patient);
        narrow.begin(Query.of(Bench.COMMAND, Key.ZERO).nodes(endpoints).concurrency(3), Long.MAX_VALUE);
        long ping = narrow.ping(patient);
        narrow.runMillis(100);
        assertThat(narrow.answered).containsKey(ping);
        assertThat(narrow.finished).isEmpty();
    }

    @Test
    void only_so_many_requests_are_under_way_the_others_wait_and_more_are_refused() {
        Bench bench = Bench.setup().build();
        int all = 0;
        while (bench.machine.stats().pendingRequests() < MAX_PENDING + KademliaConfig.MAX_QUEUED) {
            // Slots grow with answers only; so the first step of a lookup has three.
            flood(bench, all, 3);
            all += 3;
            if (bench.machine.stats().operations() == KademliaConfig.MAX_OPERATIONS) {
                break;
            }
        }
        assertThat(bench.requests()).hasSize(MAX_PENDING);
        assertThat(bench.machine.stats().operations()).isEqualTo(KademliaConfig.MAX_OPERATIONS);
        long refused = flood(bench, 1_000_000, 1);
        assertThat(bench.failure(refused)).isEqualTo(Reason.OVERLOADED);
        assertThat(bench.end(refused).failure()).hasMessageContaining("4096");
        long ping = bench.ping(Peer.endpoint(1), TIMEOUT);
        assertThat(bench.failure(ping)).isEqualTo(Reason.OVERLOADED);
        bench.run(Duration.ofSeconds(70));
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.stats().operations()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void thousands_of_queued_requests_that_fail_at_once_need_no_deep_stack() {
        Bench bench = Bench.setup().build();
        List<Long> queries = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            queries.add(flood(bench, 10 * i, 10));
        }
        // One step for all of it, as after a long pause of the process.
        bench.now += Duration.ofMinutes(2).toNanos();
        bench.machine.advance(bench.now);
        bench.drain();
        assertThat(queries).allSatisfy(query -> assertThat(bench.failure(query)).isNotNull());
        assertThat(bench.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void a_full_queue_fails_what_is_added_as_overloaded_and_ends_an_operation_once() {
        PendingRequests pending = pending(new Outbox(), new Deadlines());
        List<Reason> reasons = new ArrayList<>();
        int room = MAX_PENDING + KademliaConfig.MAX_QUEUED;
        for (int i = 0; i < room + 10; i++) {
            pending.submit(0, new Recorded(Peer.endpoint(i), reasons));
        }
        assertThat(pending.size()).isEqualTo(room);
        assertThat(reasons).hasSize(10).containsOnly(Reason.OVERLOADED);

        List<Candidate> nearest = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Candidate candidate =
                    new Candidate(new Contact(Peer.key(Bench.ID, i), Peer.endpoint(i)), Peer.endpoint(i), 1);
            candidate.token = Peer.token(i);
            nearest.add(candidate);
        }
        List<Integer> ends = new ArrayList<>();
        new Commits(Query.of(Bench.COMMAND, Key.ZERO), 10, nearest, pending, new Commits.Owner() {
                    @Override
                    public void committed(long now, Candidate candidate, Effect.Answer answer) {}

                    @Override
                    public void refused(Candidate candidate, int error) {}

                    @Override
                    public void commitsEnded(long now, int successes) {
                        ends.add(successes);
                    }
                })
                .advance(0);
        assertThat(ends).containsExactly(0);
    }

    @Test
    void a_callers_own_requests_wait_while_many_of_them_are_busy_and_nobody_else_does() {
        Bench bench = Bench.setup().build();
        for (int i = 0; i < 2 * MAX_BUSY + 1; i++) {
            bench.ping(Peer.endpoint(1), TIMEOUT);
        }
        assertThat(bench.requests()).hasSize(MAX_BUSY);
        long query = flood(bench, 2, 1);
        assertThat(bench.requests()).hasSize(MAX_BUSY + 1);
        // Nobody answers there; who stalls is waited for no longer, and is repeated.
        bench.run(Duration.ofMillis(301));
        assertThat(bench.machine.stats().requestsSent()).isEqualTo(2 * MAX_BUSY + 1);
        bench.run(Duration.ofMillis(300));
        assertThat(bench.machine.stats().requestsSent()).isEqualTo(2 * MAX_BUSY + 2);
        bench.cancel(query);
        bench.run(Duration.ofSeconds(60));
        assertThat(bench.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void a_request_that_is_muted_in_the_queue_is_never_sent() {
        Outbox outbox = new Outbox();
        PendingRequests pending = pending(outbox, new Deadlines());
        List<Recorded> requests = new ArrayList<>();
        for (int i = 0; i <= MAX_PENDING; i++) {
            requests.add(new Recorded(Peer.endpoint(i), new ArrayList<>()));
            pending.submit(0, requests.get(i));
        }
        while (outbox.poll() != null) {}
        pending.mute(requests.get(MAX_PENDING));
        pending.cancel(1, requests.get(0));
        assertThat(outbox.poll()).isNull();
        assertThat(pending.size()).isEqualTo(MAX_PENDING - 1);
    }

    private static PendingRequests pending(Outbox outbox, Deadlines deadlines) {
        return new PendingRequests(
                new Identity(Bench.ID, Bench.HERE, null, false),
                KademliaConfig.defaults(),
                Bench.setup().wire,
                Bench.setup().padding(),
                deadlines,
                new java.util.Random(1),
                outbox,
                new Counters(),
                new Pulse(event -> {}),
                (now, request) -> {});
    }

    private static final class Recorded extends PendingRequest {
        private final List<Reason> reasons;

        Recorded(Endpoint to, List<Reason> reasons) {
            super(to, org.dhtrpc.message.Command.PING, null, null);
            this.reasons = reasons;
        }

        @Override
        void replied(long now, Effect.Answer answer) {}

        @Override
        void failed(long now, Reason why) {
            reasons.add(why);
        }
    }
}

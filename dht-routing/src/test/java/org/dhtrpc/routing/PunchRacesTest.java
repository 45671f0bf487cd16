package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** A silent candidate may be slow, or out of reach: what is tried for the one and for the other may end in any order. */
class PunchRacesTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final Query QUERY = Query.of(Bench.COMMAND, TARGET).punchPatience(Duration.ofSeconds(15));

    /** When a silent candidate is being punched to, and its request is still out; and when that has failed. */
    private static final long PUNCHING_MS = 2_000;

    private static final long REQUEST_OVER_MS = 6_000;

    private final Peer[] further = {Peer.at(TARGET, 2), Peer.at(TARGET, 3)};
    private final Peer slow = Peer.at(TARGET, 1).naming(further);
    private final Endpoint opened = Endpoint.parse("10.0.0.1:5555");
    private final Peer reached = new Peer(slow.id, opened).naming(further);
    private final Peer guide = Peer.at(TARGET, 1_000).naming(slow);
    private final Bench bench = Bench.setup()
            .punching()
            .concurrency(1)
            .knows(guide)
            .build()
            .with(guide)
            .with(further);
    private final long query = bench.begin(QUERY, Long.MAX_VALUE);

    /** The answer to the first request to this one. */
    private void answers(Peer peer) {
        bench.receive(peer.endpoint, peer.reply(bench.requestsTo(peer.endpoint).get(0)));
    }

    private void punched() {
        bench.punched(bench.punches.get(0), opened);
    }

    private void punchFails() {
        bench.punched(bench.punches.get(0), null);
    }

    private QuerySummary summary() {
        return bench.end(query).summary();
    }

    /** The candidate has just answered, once and from here, and the one slot of the query is free for the next. */
    private void assertAnsweredAt(Endpoint from) {
        assertThat(further[0].asked.size() + further[1].asked.size()).isEqualTo(1);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(100);
        assertThat(bench.results)
                .extracting(QueryResult::from)
                .containsExactly(guide.endpoint, from, further[0].endpoint, further[1].endpoint);
        assertThat(summary().failures()).isZero();
        assertThat(summary().replies()).isEqualTo(4);
        assertThat(summary().closest())
                .first()
                .satisfies(nearest -> assertThat(nearest.endpoint()).isEqualTo(from));
        assertThat(bench.rejected(Rejection.UNEXPECTED_REPLY)).isZero();
        assertNothingLeft();
    }

    private void assertNothingLeft() {
        bench.runMillis(REQUEST_OVER_MS);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void an_answer_during_a_punch_counts_and_the_outcome_of_the_punch_no_longer_does() {
        bench.runMillis(PUNCHING_MS);
        answers(slow);
        punched();
        assertThat(bench.requestsTo(opened)).isEmpty();
        assertAnsweredAt(slow.endpoint);
        assertThat(summary().requests()).isEqualTo(4);
        assertThat(summary().repeats()).isEqualTo(2);
    }

    @Test
    void an_answer_after_a_failed_punch_counts() {
        bench.runMillis(PUNCHING_MS);
        punchFails();
        answers(slow);
        assertAnsweredAt(slow.endpoint);
    }

    @Test
    void a_candidate_whose_punch_has_failed_fails_with_its_request() {
        bench.runMillis(PUNCHING_MS);
        punchFails();
        assertThat(bench.finished).isEmpty();
        bench.runMillis(REQUEST_OVER_MS);
        assertThat(bench.failure(query)).isNull();
        assertThat(summary().failures()).isEqualTo(1);
        assertThat(summary().repeats()).isEqualTo(2);
        assertNothingLeft();
    }

    @Test
    void a_candidate_whose_request_has_failed_fails_with_its_punch() {
        bench.runMillis(REQUEST_OVER_MS);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.finished).isEmpty();
        punchFails();
        assertThat(bench.failure(query)).isNull();
        assertThat(summary().failures()).isEqualTo(1);
        assertThat(summary().repeats()).isEqualTo(2);
        assertNothingLeft();
    }

    @Test
    void a_punch_that_outlives_the_request_still_opens_the_path() {
        bench.runMillis(REQUEST_OVER_MS);
        punched();
        answers(reached);
        assertAnsweredAt(opened);
        assertThat(summary().requests()).isEqualTo(5);
    }

    @Test
    void an_answer_to_the_first_request_counts_also_when_the_path_is_open() {
        bench.runMillis(PUNCHING_MS);
        punched();
        answers(slow);
        answers(reached);
        assertAnsweredAt(slow.endpoint);
        assertThat(bench.requestsTo(opened)).hasSize(1);
        assertThat(summary().requests()).isEqualTo(5);
        assertThat(summary().repeats()).isEqualTo(2);
    }

    @Test
    void after_an_answer_along_the_path_the_one_to_the_first_request_changes_nothing() {
        bench.runMillis(PUNCHING_MS);
        punched();
        answers(reached);
        answers(slow);
        assertAnsweredAt(opened);
    }

    @Test
    void a_candidate_that_is_silent_along_the_path_too_fails_with_the_last_of_its_requests() {
        bench.runMillis(PUNCHING_MS);
        punched();
        bench.runMillis(4_900);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(200);
        assertThat(summary().failures()).isEqualTo(1);
        assertThat(summary().repeats()).isEqualTo(4);
        assertThat(bench.punches).hasSize(1);
        assertNothingLeft();
    }

    @Test
    void a_request_along_the_path_that_had_to_wait_is_not_sent_once_the_first_is_answered() {
        Bench narrow = Bench.setup()
                .punching()
                .wire(1, true, false)
                .knows(guide)
                .build()
                .with(guide)
                .with(further);
        long one = narrow.begin(QUERY, Long.MAX_VALUE);
        narrow.runMillis(PUNCHING_MS);
        narrow.punched(narrow.punches.get(0), opened);
        narrow.receive(
                slow.endpoint, slow.reply(narrow.requestsTo(slow.endpoint).get(0)));
        narrow.runMillis(100);
        assertThat(narrow.requestsTo(opened)).isEmpty();
        assertThat(narrow.end(one).summary().replies()).isEqualTo(4);
        assertThat(narrow.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void who_wants_proof_of_our_address_has_answered_and_is_asked_with_the_token_where_it_did() {
        bench.runMillis(PUNCHING_MS);
        slow.error = ErrorCode.PROVE_ADDRESS;
        answers(slow);
        punched();
        assertThat(bench.requestsTo(opened)).isEmpty();
        Request proven = bench.lastRequest();
        assertThat(proven.token()).isEqualTo(slow.token);
        slow.error = ErrorCode.NONE;
        bench.receive(slow.endpoint, slow.reply(proven));
        assertAnsweredAt(slow.endpoint);
        assertThat(summary().requests()).isEqualTo(5);
    }

    @Test
    void a_cancel_ends_both_requests() {
        bench.runMillis(PUNCHING_MS);
        punched();
        assertThat(bench.machine.stats().pendingRequests()).isEqualTo(2);
        bench.cancel(query);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        assertThat(summary().requests()).isEqualTo(3);
        assertThat(summary().repeats()).isEqualTo(2);
        answers(slow);
        answers(reached);
        assertThat(bench.results).hasSize(1);
    }

    @Test
    void a_cancel_ends_the_request_and_the_punch() {
        bench.runMillis(PUNCHING_MS);
        bench.cancel(query);
        assertThat(bench.machine.stats().pendingRequests()).isZero();
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
        punched();
        assertThat(bench.requestsTo(opened)).isEmpty();
    }

    @Test
    void a_lookup_that_ends_before_both_requests_sends_neither_again_and_counts_each_repeat_once() {
        Bench builtIn = Bench.setup().punching().knows(guide).build().with(guide);
        long find = builtIn.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
        builtIn.runMillis(1_000);
        builtIn.punched(builtIn.punches.get(0), opened);
        builtIn.runMillis(1_000);
        QuerySummary summary = builtIn.end(find).summary();
        assertThat(summary.failures()).isZero();
        assertThat(summary.requests()).isEqualTo(3);
        assertThat(summary.repeats()).isEqualTo(4);
        assertThat(builtIn.machine.stats().pendingRequests()).isEqualTo(2);
        builtIn.runMillis(REQUEST_OVER_MS);
        assertThat(builtIn.requestsTo(slow.endpoint)).hasSize(3);
        assertThat(builtIn.requestsTo(opened)).hasSize(3);
        assertThat(builtIn.machine.stats().pendingRequests()).isZero();
        assertThat(builtIn.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void the_routing_table_learns_that_the_address_is_silent_even_if_a_path_was_found() {
        Peer contact = Peer.at(Bench.ID, 1);
        Peer nearest = Peer.at(TARGET, 2).naming(contact);
        nearest.error = ErrorCode.UNKNOWN_COMMAND;
        Peer there = new Peer(contact.id, opened);
        // With its id it would take its entry along to where it answers.
        there.listed = false;
        Bench one =
                Bench.setup().k(1).punching().knows(nearest, contact).build().with(nearest, there);
        long found = one.begin(QUERY, Long.MAX_VALUE);
        one.runMillis(PUNCHING_MS);
        one.punched(one.punches.get(0), opened);
        one.runMillis(2_900);
        assertThat(one.end(found).summary().ephemerals()).isEqualTo(1);
        assertThat(one.requestsTo(contact.endpoint))
                .extracting(Request::command)
                .doesNotContain(Command.PING);
        one.runMillis(200);
        assertThat(one.requestsTo(contact.endpoint))
                .extracting(Request::command)
                .contains(Command.PING);
    }

    /** Takes a candidate that does not answer, once. */
    private static final class Rescuer implements LookupOwner {
        private final List<Candidate> rescued = new ArrayList<>();
        private boolean over;

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public boolean rescues(long now, Candidate candidate) {
            return rescued.isEmpty() && rescued.add(candidate);
        }

        @Override
        public void answered(long now, Candidate candidate, Effect.Answer answer) {}

        @Override
        public void ended(long now) {
            over = true;
        }
    }

    private static PendingRequest another() {
        return new PendingRequest(Peer.endpoint(9), Command.PING, null, null) {
            @Override
            void replied(long now, Effect.Answer answer) {}

            @Override
            void failed(long now, DhtException.Reason why) {}
        };
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static void pass(Deadlines deadlines, long untilMillis) {
        while (deadlines.earliest() <= millis(untilMillis)) {
            deadlines.expireOne(deadlines.earliest());
        }
    }

    @Test
    void if_too_many_requests_wait_for_one_along_the_path_the_first_keeps_its_chance() {
        Deadlines deadlines = new Deadlines();
        PendingRequests pending = new PendingRequests(
                new Identity(Bench.ID, Bench.HERE, null, false),
                KademliaConfig.defaults(),
                Bench.setup().wire(1, true, false).wire,
                Bench.setup().wire(1, true, false).padding(),
                deadlines,
                new Random(42),
                new Outbox(),
                new Counters(),
                new Pulse(event -> {}),
                (now, request) -> {});
        Rescuer owner = new Rescuer();
        Candidates candidates = new Candidates(
                TARGET, 20, true, contact -> true, endpoint -> false, new Reserve(count -> List.of(), 20));
        Lookup lookup = new Lookup(candidates, Bench.COMMAND, null, 10, pending, owner);
        lookup.add(slow.contact());
        lookup.advance(0);
        pass(deadlines, PUNCHING_MS);
        for (int i = 0; i < KademliaConfig.MAX_QUEUED; i++) {
            pending.submit(millis(PUNCHING_MS), another());
        }
        Candidate candidate = owner.rescued.get(0);
        lookup.again(millis(PUNCHING_MS), candidate, opened);
        assertThat(candidate.state()).isEqualTo(Candidate.State.SILENT);
        assertThat(lookup.waiting()).isEqualTo(1);
        assertThat(owner.over).isFalse();
        pass(deadlines, REQUEST_OVER_MS);
        assertThat(lookup.waiting()).isZero();
        assertThat(lookup.failures).isEqualTo(1);
        assertThat(lookup.unsent).isZero();
        assertThat(owner.over).isTrue();
    }
}

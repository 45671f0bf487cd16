package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.junit.jupiter.api.Test;

class PunchingTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final Query QUERY = Query.of(Bench.COMMAND, TARGET).punchPatience(Duration.ofSeconds(15));

    private final Peer hidden = Peer.at(TARGET, 1);
    private final Endpoint opened = Endpoint.parse("10.0.0.1:5555");
    private final Peer guide = Peer.at(TARGET, 1_000).naming(hidden);
    private final Bench bench = Bench.setup().punching().knows(guide).build().with(guide);

    @Test
    void a_silent_candidate_with_a_referrer_is_punched_to_and_asked_again_where_it_answers() {
        long query = bench.begin(QUERY, Long.MAX_VALUE);
        bench.runMillis(2_000);
        assertThat(bench.punches).singleElement().satisfies(punch -> {
            assertThat(punch.peer()).isEqualTo(hidden.endpoint);
            assertThat(punch.referrer()).isEqualTo(guide.endpoint);
        });
        assertThat(bench.finished).isEmpty();

        Peer reached = new Peer(hidden.id, opened);
        bench.with(reached);
        bench.punched(bench.punches.get(0), opened);
        bench.runMillis(100);
        assertThat(bench.failure(query)).isNull();
        assertThat(bench.results).extracting(result -> result.from()).containsExactly(guide.endpoint, opened);
        assertThat(bench.end(query).summary().closest())
                .containsExactly(new Contact(hidden.id, opened), guide.contact());
    }

    @Test
    void closest_commits_at_the_address_that_answered() {
        long closest = bench.beginClosest(QUERY, Long.MAX_VALUE);
        bench.runMillis(2_000);
        Peer reached = new Peer(hidden.id, opened);
        bench.with(reached);
        bench.punched(bench.punches.get(0), opened);
        bench.runMillis(100);
        assertThat(reached.asked).hasSize(2);
        assertThat(bench.end(closest).summary().commits()).isEqualTo(2);
    }

    @Test
    void a_candidate_to_whom_nothing_was_sent_is_not_punched_to() {
        Bench narrow = Bench.setup()
                .punching()
                .wire(1, true, false)
                .knows(guide)
                .build()
                .with(guide);
        long query = narrow.begin(QUERY, Long.MAX_VALUE);
        narrow.ping(Peer.endpoint(77), Duration.ofSeconds(60));
        narrow.run(Duration.ofSeconds(8));
        assertThat(narrow.requestsTo(hidden.endpoint)).isEmpty();
        assertThat(narrow.punches).isEmpty();
        assertThat(narrow.end(query).summary().failures()).isEqualTo(1);
    }

    @Test
    void a_candidate_that_is_silent_at_the_new_address_too_is_not_punched_to_again() {
        long query = bench.begin(QUERY, Long.MAX_VALUE);
        bench.runMillis(2_000);
        bench.punched(bench.punches.get(0), opened);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.punches).hasSize(1);
        assertThat(bench.failure(query)).isNull();
    }

    @Test
    void after_a_cancel_the_outcome_of_a_punch_changes_nothing() {
        long query = bench.begin(QUERY, Long.MAX_VALUE);
        bench.runMillis(2_000);
        bench.cancel(query);
        bench.punched(bench.punches.get(0), opened);
        assertThat(bench.requestsTo(opened)).isEmpty();
    }

    @Test
    void nobody_is_punched_to_if_the_query_forbids_it_or_there_is_no_puncher_or_no_referrer() {
        bench.begin(QUERY.holepunching(false), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.punches).isEmpty();

        Bench without = Bench.setup().knows(guide).build().with(guide);
        without.begin(QUERY, Long.MAX_VALUE);
        without.run(Duration.ofSeconds(10));
        assertThat(without.punches).isEmpty();

        Peer silent = Peer.at(TARGET, 1_000);
        Bench own = Bench.setup().punching().knows(silent, hidden).build().with(silent);
        own.begin(QUERY, Long.MAX_VALUE);
        own.run(Duration.ofSeconds(10));
        assertThat(own.punches).isEmpty();
    }

    /** Queries that have had as many candidates punched to as may be at once. */
    private static List<Long> busy(Bench bench) {
        List<Long> queries = new ArrayList<>();
        while (bench.punches.size() < KademliaConfig.MAX_PUNCHES) {
            for (int i = 0; i < 30; i++) {
                queries.add(bench.begin(QUERY, Long.MAX_VALUE));
            }
            bench.runMillis(3_000);
        }
        return queries;
    }

    /** Somebody who knows as many hidden nodes as find place in a window, two of each referrer. */
    private Bench crowded() {
        Peer[] guides = new Peer[10];
        guides[0] = guide.naming(Peer.at(TARGET, 11));
        for (int i = 1; i < guides.length; i++) {
            guides[i] = Peer.at(TARGET, 1_000 + i).naming(Peer.at(TARGET, 1 + i), Peer.at(TARGET, 11 + i));
        }
        return Bench.setup().punching().knows(guides).build().with(guides);
    }

    @Test
    void only_so_many_are_punched_to_at_once_and_the_others_have_failed() {
        Bench crowded = crowded();
        busy(crowded);
        assertThat(crowded.punches).hasSize(KademliaConfig.MAX_PUNCHES);
        long late = crowded.begin(QUERY, Long.MAX_VALUE);
        crowded.runMillis(3_000);
        assertThat(crowded.punches).hasSize(KademliaConfig.MAX_PUNCHES);
        crowded.run(Duration.ofSeconds(5));
        assertThat(crowded.end(late).summary().failures()).isEqualTo(20);
    }

    @Test
    void the_punches_of_cancelled_queries_make_room_for_others() {
        Bench crowded = crowded();
        busy(crowded).forEach(crowded::cancel);
        crowded.begin(QUERY, Long.MAX_VALUE);
        crowded.runMillis(3_000);
        assertThat(crowded.punches).hasSize(KademliaConfig.MAX_PUNCHES + 20);
    }

    @Test
    void the_punches_of_a_candidate_that_has_answered_make_room_for_others() {
        Bench crowded = crowded();
        busy(crowded);
        Endpoint punched = crowded.punches.get(0).peer();
        int punches = (int) crowded.punches.stream()
                .filter(punch -> punch.peer().equals(punched))
                .count();
        List.copyOf(crowded.requestsTo(punched)).forEach(request -> crowded.receive(punched, hidden.reply(request)));
        crowded.begin(QUERY, Long.MAX_VALUE);
        crowded.runMillis(1_600);
        assertThat(crowded.punches)
                .hasSizeBetween(KademliaConfig.MAX_PUNCHES + 1, KademliaConfig.MAX_PUNCHES + Math.min(20, punches));
    }

    @Test
    void the_punches_of_a_query_that_has_ended_are_waited_for_no_longer() {
        Peer[] near = {Peer.at(TARGET, 2), Peer.at(TARGET, 3)};
        Peer unseen = Peer.at(TARGET, 4);
        Peer quick = Peer.at(TARGET, 1_001).naming(unseen);
        Peer slow = Peer.at(TARGET, 1_002).naming(near);
        slow.latency = Duration.ofMillis(1_400);
        near[0].latency = Duration.ofMillis(300);
        near[1].latency = Duration.ofMillis(300);
        Bench two = Bench.setup()
                .k(2)
                .punching()
                .knows(quick, slow)
                .build()
                .with(quick, slow)
                .with(near);
        long query = two.begin(QUERY, Long.MAX_VALUE);
        two.runMillis(1_600);
        assertThat(two.punches).extracting(Effect.Punch::peer).containsExactly(unseen.endpoint);
        assertThat(two.finished).isEmpty();
        two.runMillis(200);
        assertThat(two.failure(query)).isNull();
        two.run(Duration.ofSeconds(5));
        assertThat(two.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }
}

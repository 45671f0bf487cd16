package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.junit.jupiter.api.Test;

/** How long a lookup waits for a candidate that is being punched to, and who is asked for it meanwhile. */
class PunchPatienceTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));

    /** Of a command whose silent nodes are not waited for. */
    private static final Query FIND = Query.of(Command.FIND_NODE, TARGET);

    private final Peer hidden = Peer.at(TARGET, 1);
    private final Endpoint opened = Endpoint.parse("10.0.0.1:5555");
    private final Peer[] guides = new Peer[4];
    private final Bench bench;

    PunchPatienceTest() {
        for (int i = 0; i < guides.length; i++) {
            guides[i] = Peer.at(TARGET, 1_000 + i).naming(hidden);
        }
        bench = Bench.setup().punching().knows(guides).build().with(guides);
    }

    /** Begins, and goes on until the hole puncher is asked for the first time. */
    private long untilPunched(Query query) {
        long operation = bench.begin(query, Long.MAX_VALUE);
        while (bench.punches.isEmpty()) {
            bench.runMillis(1);
        }
        return operation;
    }

    private Effect.Punch last() {
        return bench.punches.get(bench.punches.size() - 1);
    }

    @Test
    void a_punch_is_awaited_for_a_second_and_what_it_opens_later_is_of_no_use() {
        long query = untilPunched(FIND);
        bench.runMillis(998);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(2);
        assertThat(bench.failure(query)).isNull();
        bench.punched(last(), opened);
        assertThat(bench.requestsTo(opened)).isEmpty();
        bench.run(Duration.ofSeconds(6));
        assertThat(bench.machine.deadline()).isEqualTo(Deadlines.NEVER);
    }

    @Test
    void or_for_as_long_as_the_caller_says() {
        long query = untilPunched(FIND.punchPatience(Duration.ofSeconds(8)));
        bench.runMillis(7_998);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(2);
        assertThat(bench.failure(query)).isNull();

        bench.punches.clear();
        long longer = untilPunched(FIND.punchPatience(Duration.ofSeconds(8)));
        bench.runMillis(7_000);
        bench.with(new Peer(hidden.id, opened));
        bench.punched(last(), opened);
        bench.runMillis(100);
        assertThat(bench.end(longer).summary().closest()).hasSize(5);
    }

    @Test
    void the_slot_of_a_candidate_that_is_being_punched_to_is_free_for_others() {
        Peer[] further = {Peer.at(TARGET, 2), Peer.at(TARGET, 3)};
        Peer guide = Peer.at(TARGET, 2_000).naming(hidden);
        further[0].naming(further[1]);
        Bench one = Bench.setup()
                .punching()
                .concurrency(1)
                .knows(guide)
                .build()
                .with(guide)
                .with(further);
        one.begin(FIND, Long.MAX_VALUE);
        while (one.punches.isEmpty()) {
            one.runMillis(1);
        }
        guide.naming(further);
        one.begin(FIND, Long.MAX_VALUE);
        one.runMillis(500);
        assertThat(further[1].asked).isNotEmpty();
    }

    @Test
    void whoever_named_it_next_is_asked_when_a_punch_has_failed_up_to_three() {
        untilPunched(FIND);
        for (int asked = 1; asked <= 3; asked++) {
            assertThat(bench.punches).hasSize(asked);
            bench.runMillis(100);
            bench.punched(last(), null);
        }
        assertThat(bench.punches).hasSize(3).extracting(Effect.Punch::peer).containsOnly(hidden.endpoint);
        assertThat(bench.punches)
                .extracting(Effect.Punch::referrer)
                .doesNotHaveDuplicates()
                .isSubsetOf(
                        List.of(guides).stream().map(guide -> guide.endpoint).toList());
    }

    @Test
    void a_path_by_the_second_is_as_good_as_one_by_the_first() {
        long query = untilPunched(FIND);
        bench.punched(last(), null);
        bench.with(new Peer(hidden.id, opened));
        bench.punched(bench.punches.get(0), opened);
        assertThat(bench.requestsTo(opened)).as("the first has failed for good").isEmpty();
        bench.punched(last(), opened);
        bench.runMillis(100);
        assertThat(bench.end(query).summary().closest()).hasSize(5);
    }

    @Test
    void all_of_them_together_have_no_longer_than_one() {
        long query = untilPunched(FIND);
        for (int i = 0; i < 2; i++) {
            bench.runMillis(400);
            bench.punched(last(), null);
        }
        assertThat(bench.punches).hasSize(3);
        bench.runMillis(198);
        assertThat(bench.finished).isEmpty();
        bench.runMillis(2);
        assertThat(bench.failure(query)).isNull();
        bench.punched(last(), null);
        assertThat(bench.punches).hasSize(3);
    }

    @Test
    void a_contact_of_ours_is_punched_to_by_way_of_those_who_name_it_too() {
        Bench own = Bench.setup().punching().knows(guides[0], hidden).build().with(guides);
        own.begin(FIND, Long.MAX_VALUE);
        own.runMillis(2_000);
        assertThat(own.punches).extracting(Effect.Punch::referrer).containsExactly(guides[0].endpoint);
    }

    @Test
    void what_was_lost_before_the_punch_says_nothing_against_who_answers_at_the_same_address_after_it() {
        long query = untilPunched(FIND);
        bench.with(hidden);
        bench.punched(last(), hidden.endpoint);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.end(query).summary().closest()).contains(hidden.contact());
        assertThat(bench.named()).contains(hidden.contact());
        assertThat(bench.machine.stats().requestsFailed()).isEqualTo(1);
        assertThat(bench.machine.stats().hintsSent()).isZero();
    }
}

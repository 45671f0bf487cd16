package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));

    private final Patience patience = new Patience();

    private void unreached(int count) {
        for (int i = 0; i < count; i++) {
            patience.unreached();
        }
    }

    @Test
    void it_ends_when_three_are_silent_to_two_sends() {
        unreached(2);
        assertThat(patience.of(Command.FIND_NODE)).isEqualTo(Patience.Wait.LATE);
        unreached(1);
        assertThat(patience.of(Command.FIND_NODE)).isEqualTo(Patience.Wait.PROMPT);
    }

    @Test
    void who_answers_to_a_repeat_shows_that_datagrams_get_lost_and_prolongs_it() {
        patience.answeredLate();
        unreached(5);
        assertThat(patience.of(Command.FIND_NODE)).isEqualTo(Patience.Wait.LATE);
        unreached(1);
        assertThat(patience.of(Command.FIND_NODE)).isEqualTo(Patience.Wait.PROMPT);
    }

    @Test
    void where_a_handler_has_its_part_it_never_ends() {
        unreached(100);
        assertThat(patience.of(Command.of("store"))).isEqualTo(Patience.Wait.SILENT);
    }

    private boolean triesAgain(Candidate candidate) {
        return patience.triesAgain(candidate, Command.FIND_NODE);
    }

    @Test
    void who_goes_silent_is_asked_once_more_where_another_was_late_only() {
        unreached(1);
        Candidate before = candidate();
        assertThat(triesAgain(before)).isFalse();
        patience.answeredLate();
        Candidate after = candidate();
        assertThat(triesAgain(after)).isTrue();
        assertThat(triesAgain(after)).isFalse();
    }

    @Test
    void where_more_are_silent_than_were_late_nobody_is_asked_once_more() {
        patience.answeredLate();
        unreached(2);
        assertThat(triesAgain(candidate())).isFalse();
    }

    @Test
    void whose_handler_would_run_again_is_not_asked_once_more() {
        patience.answeredLate();
        assertThat(patience.triesAgain(candidate(), Command.of("store"))).isFalse();
    }

    private static Candidate candidate() {
        return new Candidate(new Contact(TARGET, Peer.endpoint(1)), Peer.endpoint(1), 1);
    }

    @Test
    void three_datagrams_lost_in_a_row_hide_nobody_where_others_get_lost_too() {
        Peer unlucky = Peer.at(TARGET, 1);
        Peer late = Peer.at(TARGET, 2);
        unlucky.deaf = 3;
        late.deaf = 1;
        Bench bench = Bench.setup().knows(unlucky, late).build().with(unlucky, late);
        long query = bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(20));
        assertThat(bench.end(query).summary().closest()).containsExactly(unlucky.contact(), late.contact());
    }

    @Test
    void a_lookup_among_the_dead_does_not_wait_for_the_last_of_them_to_go_silent() {
        assertThat(duration(5)).isLessThan(duration(2));
    }

    /** Of a search in which so many of 26 are dead. Each names the 19 that come after it, so no reply is cut off. */
    private static Duration duration(int dead) {
        Peer[] peers = IntStream.rangeClosed(1, 26)
                .mapToObj(distance -> Peer.at(TARGET, distance))
                .toArray(Peer[]::new);
        for (int i = 0; i < peers.length; i++) {
            for (int step = 1; step < 20; step++) {
                peers[i].naming(peers[(i + step) % peers.length]);
            }
        }
        for (int i = 0; i < dead; i++) {
            peers[10 + i].dead = true;
        }
        Bench bench = Bench.setup().knows(peers[25]).build().with(peers);
        long query = bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(20));
        return bench.end(query).summary().elapsed();
    }
}

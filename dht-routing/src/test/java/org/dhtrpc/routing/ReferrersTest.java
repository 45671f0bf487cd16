package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.Candidate.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many of those that somebody names may be asked, and when. */
class ReferrersTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final int K = 5;
    private static final Endpoint BOOTSTRAP = Peer.endpoint(10_001);
    private static final Endpoint ONE = Peer.endpoint(10_002);
    private static final Endpoint OTHER = Peer.endpoint(10_003);

    private final Candidates candidates =
            new Candidates(TARGET, K, true, contact -> true, BOOTSTRAP::equals, new Reserve(count -> List.of(), K));

    private void ours(int... distances) {
        for (int distance : distances) {
            candidates.learn(Peer.at(TARGET, distance).contact(), null, 1);
        }
    }

    private void names(Endpoint referrer, int from, int to) {
        for (int distance = from; distance <= to; distance++) {
            candidates.learn(Peer.at(TARGET, distance).contact(), referrer, 2);
        }
    }

    /** Asks as many as it may, and says whom. */
    private List<Candidate> ask() {
        List<Candidate> asked = new ArrayList<>();
        for (Candidate next = candidates.nextNearest(); next != null; next = candidates.nextNearest()) {
            next.become(State.ASKED);
            asked.add(next);
        }
        return asked;
    }

    private List<Candidate> ask(int... distances) {
        List<Candidate> asked = ask();
        List<Endpoint> expected = new ArrayList<>();
        for (int distance : distances) {
            expected.add(Peer.endpoint(distance));
        }
        assertThat(asked).extracting(candidate -> candidate.endpoint).isEqualTo(expected);
        return asked;
    }

    @Test
    void three_of_whom_one_has_named_are_under_way_and_each_answer_makes_room_for_another() {
        names(ONE, 1, 5);
        List<Candidate> asked = ask(1, 2, 3);
        asked.get(1).become(State.ANSWERED);
        ask(4);
        asked.get(0).become(State.ASIDE);
        ask(5);
    }

    @Test
    void who_is_held_back_keeps_its_place_until_one_of_the_same_referrer_is_late() {
        ours(10, 11, 12, 13);
        names(ONE, 1, 5);
        List<Candidate> asked = ask(1, 2, 3);
        asked.get(0).become(State.STALLED);
        ask(10, 11, 12);
        asked.get(0).become(State.ANSWERED);
        asked.get(1).become(State.ANSWERED);
        ask(4, 5);
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "FAILED"})
    void after_two_misses_the_others_are_asked_when_nobody_else_is_left(State missed) {
        ours(10);
        names(ONE, 1, 20);
        List<Candidate> asked = ask(1, 2, 3);
        asked.get(0).become(missed);
        asked.get(1).become(missed);
        ask(10, 4, 5, 6);
    }

    @Test
    void those_at_the_back_are_asked_until_k_have_answered() {
        ours(10, 11, 12);
        names(ONE, 1, 20);
        List<Candidate> liars = ask(1, 2, 3);
        liars.get(0).become(State.STALLED);
        liars.get(1).become(State.STALLED);
        liars.get(2).become(State.STALLED);
        List<Candidate> honest = ask(10, 11, 12);
        liars.get(0).become(State.SILENT);
        liars.get(1).become(State.SILENT);
        liars.get(2).become(State.SILENT);
        assertThat(candidates.windowOpen(true, Patience.Wait.LATE)).isTrue();
        List<Candidate> back = ask(4, 5);
        honest.forEach(candidate -> candidate.become(State.ANSWERED));
        back.get(0).become(State.ANSWERED);
        assertThat(candidates.windowOpen(true, Patience.Wait.LATE)).isTrue();
        back.get(1).become(State.ANSWERED);
        assertThat(candidates.windowOpen(true, Patience.Wait.LATE)).isFalse();
        assertThat(candidates.nextNearest()).isNull();
        assertThat(candidates.windowOpen(false, Patience.Wait.LATE)).isFalse();
    }

    @Test
    void who_is_held_back_is_waited_for_though_k_farther_ones_have_answered() {
        ours(10, 11, 12, 13, 14, 15);
        names(ONE, 1, 5);
        List<Candidate> asked = ask(1, 2, 3);
        asked.forEach(candidate -> candidate.become(State.STALLED));
        ask(10, 11, 12, 13, 14).forEach(candidate -> candidate.become(State.ANSWERED));
        asked.get(1).become(State.ANSWERED);
        asked.get(2).become(State.ANSWERED);
        asked.get(0).become(State.SILENT);
        assertThat(candidates.windowOpen(true, Patience.Wait.LATE)).isTrue();
        ask(4, 5);
    }

    @Test
    void a_late_answer_restores_trust() {
        ours(10, 11, 12, 13, 14);
        names(ONE, 1, 5);
        List<Candidate> asked = ask(1, 2, 3);
        asked.get(0).become(State.SILENT);
        asked.get(1).become(State.SILENT);
        ask(10, 11, 12, 13);
        asked.get(0).become(State.ANSWERED);
        ask(4);
    }

    @Test
    void who_was_named_by_another_too_is_asked_on_that_ones_account() {
        names(ONE, 1, 6);
        names(OTHER, 4, 6);
        List<Candidate> asked = ask(1, 2, 3, 4, 5);
        assertThat(asked).extracting(Candidate::referrer).containsExactly(ONE, ONE, ONE, OTHER, OTHER);
    }

    @Test
    void who_was_named_by_one_who_is_not_distrusted_is_not_at_the_back() {
        ours(10, 11, 12, 13, 14);
        names(ONE, 1, 5);
        names(OTHER, 5, 5);
        List<Candidate> asked = ask(1, 2, 3, 5);
        asked.get(0).become(State.SILENT);
        asked.get(1).become(State.SILENT);
        names(OTHER, 4, 4);
        assertThat(Objects.requireNonNull(candidates.nextNearest()).endpoint).isEqualTo(Peer.endpoint(4));
    }

    @Test
    void a_bootstrap_node_may_name_any_number_and_is_never_distrusted() {
        names(BOOTSTRAP, 1, 20);
        List<Candidate> asked = ask(1, 2, 3, 4, 5);
        asked.forEach(candidate -> candidate.become(State.SILENT));
        ask(6, 7, 8, 9, 10);
        assertThat(asked.get(0).referrer()).isEqualTo(BOOTSTRAP);
    }

    @Test
    void who_is_ours_stays_ours_whoever_names_it() {
        ours(1, 2, 3, 4, 5);
        names(ONE, 1, 5);
        assertThat(ask(1, 2, 3, 4, 5)).extracting(Candidate::referrer).containsOnlyNulls();
    }

    @Test
    void another_claim_of_who_is_at_an_endpoint_takes_no_referrer_away() {
        names(ONE, 1, 3);
        names(OTHER, 20, 20);
        candidates.learn(new Contact(Peer.key(TARGET, 4), Peer.endpoint(20)), ONE, 2);
        List<Candidate> asked = ask(1, 2, 3, 20);
        assertThat(asked.get(3).id).isEqualTo(Peer.key(TARGET, 4));
        assertThat(asked.get(3).referrer()).isEqualTo(OTHER);
    }

    @Test
    void when_there_are_too_many_those_at_the_back_go_first() {
        int bound = 2 * KademliaConfig.ASKED_PER_K * K;
        names(ONE, 1, 10);
        List<Candidate> asked = ask(1, 2, 3);
        asked.get(0).become(State.FAILED);
        asked.get(1).become(State.FAILED);
        names(OTHER, 1_000, 1_000 + bound);
        List<Contact> known =
                SelfLookup.known(candidates).stream().map(Named::contact).toList();
        assertThat(known)
                .doesNotContain(Peer.at(TARGET, 10).contact())
                .contains(Peer.at(TARGET, 1_000 + bound - 4).contact());
        names(BOOTSTRAP, 500, 500);
        assertThat(SelfLookup.known(candidates))
                .extracting(Named::contact)
                .contains(Peer.at(TARGET, 500).contact());
    }

    @Test
    void what_is_handed_on_says_who_named_it_unless_it_has_answered_and_leaves_out_those_at_the_back() {
        names(ONE, 1, 6);
        names(OTHER, 7, 7);
        List<Candidate> asked = ask(1, 2, 3);
        asked.get(0).become(State.ANSWERED);
        asked.get(1).become(State.SILENT);
        assertThat(SelfLookup.known(candidates))
                .contains(new Named(Peer.at(TARGET, 1).contact(), null))
                .contains(new Named(Peer.at(TARGET, 4).contact(), ONE));
        asked.get(2).become(State.SILENT);
        assertThat(SelfLookup.known(candidates))
                .extracting(named -> named.contact().endpoint())
                .containsExactly(Peer.endpoint(1), Peer.endpoint(2), Peer.endpoint(3), Peer.endpoint(7));
    }
}

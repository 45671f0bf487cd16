package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.Candidate.State;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final int K = 2;
    private static final int BOUND = 2 * KademliaConfig.ASKED_PER_K * K;
    private static final Endpoint BOOTSTRAP = Peer.endpoint(10_001);

    private final Candidates candidates =
            new Candidates(TARGET, K, true, contact -> true, BOOTSTRAP::equals, new Reserve(count -> List.of(), K));

    private static Contact contact(int distance) {
        return Peer.at(TARGET, distance).contact();
    }

    private void learn(Contact contact) {
        candidates.learn(contact, null, 1);
    }

    private List<Contact> known() {
        return SelfLookup.known(candidates).stream().map(Named::contact).toList();
    }

    /** Learns a contact that is nearer than all others, and has it be in this state. */
    private Candidate learn(int distance, State state) {
        learn(contact(distance));
        Candidate candidate = Objects.requireNonNull(candidates.nextNearest());
        candidate.become(state);
        return candidate;
    }

    @Test
    void there_are_at_most_twice_as_many_as_may_be_asked_and_the_nearest_of_them_stay() {
        for (int distance = 3 * BOUND; distance > 0; distance--) {
            learn(contact(distance));
        }
        for (int distance = 3 * BOUND; distance > 2 * BOUND; distance--) {
            learn(contact(distance));
        }
        assertThat(known()).hasSize(BOUND).startsWith(contact(1)).endsWith(contact(BOUND));
    }

    @Test
    void when_there_are_too_many_the_farthest_that_was_not_asked_goes_even_if_others_are_farther() {
        learn(1_000, State.ANSWERED);
        for (int distance = 999; distance > 1_000 - BOUND; distance--) {
            learn(contact(distance));
        }
        learn(contact(1));
        assertThat(known())
                .hasSize(BOUND)
                .startsWith(contact(1))
                .endsWith(contact(998), contact(1_000))
                .doesNotContain(contact(999));
    }

    @Test
    void those_who_were_asked_are_not_displaced_by_anybody() {
        for (int distance = 1_000; distance > 1_000 - BOUND; distance--) {
            learn(distance, State.ASIDE);
        }
        learn(contact(1));
        assertThat(candidates.nextNearest()).isNull();
        assertThat(SelfLookup.gone(candidates)).hasSize(BOUND);
    }

    @Test
    void an_id_has_one_place_that_of_the_address_we_heard_of_first() {
        Candidate first = learn(1, State.ANSWERED);
        learn(new Contact(first.contact().id(), Peer.endpoint(77)));
        Candidate second = Objects.requireNonNull(candidates.nextNearest());
        second.become(State.ANSWERED);
        assertThat(candidates.closest()).containsExactly(first);

        learn(contact(5));
        assertThat(candidates.windowOpen(true, Patience.Wait.SILENT)).isTrue();
        Candidate third = Objects.requireNonNull(candidates.nextNearest());
        third.become(State.ANSWERED);
        assertThat(candidates.closest()).containsExactly(first, third);
        assertThat(candidates.windowOpen(true, Patience.Wait.SILENT)).isFalse();
        learn(contact(6));
        assertThat(candidates.nextNearest()).isNull();
    }
}

package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.jspecify.annotations.Nullable;

/**
 * Finds the living behind the dead. A reply names the k nearest to the target, so if some of them are gone, the live ones
 * that would take their places were named by nobody, and a {@link Lookup} that ends here has missed them.
 *
 * <p>They are in the subtrees in which the replies were cut off: from that of the k-th nearest candidate of all outwards to
 * that of the k-th who has answered. The nearest to each are asked about it alone, by a find_node for the target with the
 * bit flipped that leads there: it leaves the order within the subtree as it is, and all k places of the reply to it.
 */
final class SubtreeProbes {
    /** Who are asked about a subtree: one of them may be dead by now, or lie. */
    private static final int PROBES = 2;

    /** One or two are enough unless somebody lies; contacts that are invented all the way to the target make them many. */
    private static final int SUBTREES = 16;

    /** Those found may be dead in turn. */
    private static final int ROUNDS = 2;

    private final Candidates candidates;
    private final PendingRequests pending;
    private final Lookup lookup;
    private final List<Probe> underWay = new ArrayList<>();

    private int rounds;
    private int missing;

    SubtreeProbes(Candidates candidates, PendingRequests pending, Lookup lookup) {
        this.candidates = candidates;
        this.pending = pending;
        this.lookup = lookup;
    }

    /**
     * Probes if enough are absent, and more than the last time. Called when nobody is left to ask.
     *
     * @param enough how many must be absent
     * @return whether an answer may still come
     */
    boolean begin(long now, int enough) {
        List<Candidate> closest = candidates.cutOff ? candidates.closest() : List.of();
        if (underWay.isEmpty() && rounds < ROUNDS && !closest.isEmpty()) {
            Candidate last = closest.get(closest.size() - 1);
            int absent = absentBefore(last);
            if (absent >= enough && absent > missing) {
                missing = absent;
                rounds++;
                probe(now, closest, last);
            }
        }
        return !underWay.isEmpty();
    }

    private int absentBefore(Candidate last) {
        return (int) candidates.nearest().stream()
                .takeWhile(candidate -> candidate != last)
                .filter(Candidate::absent)
                .count();
    }

    private void probe(long now, List<Candidate> closest, Candidate last) {
        int outer = subtree(last);
        // Who lies about their ids can be as near as they like, down to the target's own id, which is no subtree.
        int end = Math.min(Math.min(subtree(outermostNamed()) + 1, outer + SUBTREES), Key.BITS);
        for (int bit = outer; bit < end; bit++) {
            Key beyond = flipped(candidates.target, bit);
            closest.stream()
                    .sorted((left, right) -> beyond.compareDistance(Candidates.id(left), Candidates.id(right)))
                    .limit(PROBES)
                    .forEach(nearest -> send(now, nearest, beyond));
        }
    }

    /** The k-th of those who were asked, whatever has become of them; the last if there are fewer. */
    private Candidate outermostNamed() {
        List<Candidate> asked = candidates.nearest().stream()
                .filter(candidate -> candidate.state() != Candidate.State.KNOWN)
                .limit(candidates.k)
                .toList();
        return asked.get(asked.size() - 1);
    }

    private int subtree(Candidate candidate) {
        return candidates.target.commonPrefix(Candidates.id(candidate));
    }

    private static Key flipped(Key key, int bit) {
        byte[] bytes = key.toByteArray();
        bytes[bit / Byte.SIZE] ^= (byte) (0x80 >>> bit % Byte.SIZE);
        return Key.of(bytes);
    }

    private void send(long now, Candidate candidate, Key beyond) {
        if (lookup.requests < candidates.askable()) {
            Probe probe = new Probe(candidate, beyond);
            underWay.add(probe);
            lookup.requests++;
            pending.submit(now, probe);
        }
    }

    /** Nothing is waited for any more. */
    void cancel(long now) {
        List.copyOf(underWay).forEach(probe -> pending.cancel(now, probe));
        underWay.clear();
    }

    private final class Probe extends PendingRequest {
        private final Candidate asked;

        Probe(Candidate asked, Key beyond) {
            super(asked.reached, Command.FIND_NODE, beyond, null);
            this.asked = asked;
        }

        @Override
        void silent(long now) {
            // Another way to the same subtree has been tried meanwhile.
            over(now, null);
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            over(now, answer);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            over(now, null);
        }

        private void over(long now, Effect.@Nullable Answer answer) {
            if (!underWay.remove(this)) {
                return;
            }
            lookup.repeats += repeats();
            if (answer == null) {
                lookup.failures++;
            } else {
                lookup.replies++;
                List<Contact> contacts = answer.reply().contacts();
                candidates.learnAll(contacts == null ? List.of() : contacts, asked.reached, asked.hops + 1);
            }
            lookup.advance(now);
        }
    }
}

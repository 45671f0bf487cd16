package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.routing.Candidate.State;
import org.jspecify.annotations.Nullable;

/**
 * Whom a {@link Lookup} has heard of, by their distance from its target, and what is left to do with them.
 *
 * <p>The <em>window</em> is the k nearest candidates, without those who failed or cannot take part (flaw F15: in the seed
 * twenty dead nodes hide every live one). An id has one place in it: of a node that answers at two addresses the one counts
 * that we heard of first. Both are asked, since anybody may claim an id. Where replies are not followed the window has room
 * for all.
 *
 * <p>Whoever names candidates answers for few at once, see {@link Referrer}. One for whom nobody has room is held back, but
 * keeps its place in the window, so that nobody farther is asked in its stead, as long as all goes well with a referrer of
 * its. Those whom only the distrusted have named are at the back: they have no place in the window, and are asked when
 * nobody else is left to take one.
 */
final class Candidates {
    final Key target;
    final int k;
    final boolean follows;

    private final Predicate<Contact> usable;
    private final Predicate<Endpoint> exempt;
    private final Reserve reserve;

    /** Those with an id, nearest first. */
    private final List<Candidate> nearest = new ArrayList<>();

    /** Those given by address alone, in the order given; each is asked, whatever its distance. */
    private final List<Candidate> addressed = new ArrayList<>();

    /** Whether a reply has named as many as it may, so that others may be missing from it. */
    boolean cutOff;

    /** One endpoint is one candidate, whatever ids are claimed for it. Never iterated. */
    private final Map<Endpoint, Candidate> byEndpoint = new HashMap<>();

    /** Whoever has named somebody. Never iterated. */
    private final Map<Endpoint, Referrer> referrers = new HashMap<>();

    /**
     * @param follows whether candidates that replies name are asked; if not only those given are, all of them
     * @param usable whether a contact can be a candidate at all
     * @param exempt who may name any number
     * @param reserve whom to go on with if too many are gone
     */
    Candidates(
            Key target,
            int k,
            boolean follows,
            Predicate<Contact> usable,
            Predicate<Endpoint> exempt,
            Reserve reserve) {
        this.target = target;
        this.k = k;
        this.follows = follows;
        this.usable = usable;
        this.exempt = exempt;
        this.reserve = reserve;
    }

    /** Whether there are new ones, of our own contacts, in place of those who are gone. */
    boolean refill() {
        return follows && closest().size() < k && reserve.addTo(this);
    }

    int size() {
        return byEndpoint.size();
    }

    /** Whether there is one with this id. */
    boolean has(Key id) {
        return nearest.stream().anyMatch(candidate -> id.equals(candidate.id));
    }

    /** Adds a node by its address. */
    void add(Endpoint endpoint) {
        if (!byEndpoint.containsKey(endpoint)) {
            Candidate candidate = new Candidate(null, endpoint, 1);
            byEndpoint.put(endpoint, candidate);
            addressed.add(candidate);
        }
    }

    /**
     * Adds a contact, unless it is unusable, known already, or too far away.
     *
     * @param from who named it; null if it is ours
     */
    void learn(Contact contact, @Nullable Endpoint from, int hops) {
        if (!usable.test(contact) || (from != null && !Scope.mayName(from, contact.endpoint()))) {
            return;
        }
        Candidate known = byEndpoint.get(contact.endpoint());
        if (known != null && (known.id == null || known.state() != State.KNOWN)) {
            if (from != null && known.absent()) {
                known.alsoNamedBy(from);
            }
            return;
        }
        boolean ours = known != null && known.ours();
        if (known == null) {
            if (nearest.size() >= bound() && !displace(contact.id())) {
                return;
            }
            known = new Candidate(contact, contact.endpoint(), hops);
            byEndpoint.put(contact.endpoint(), known);
            insert(known);
        } else if (target.compareDistance(contact.id(), id(known)) < 0) {
            // Two claims for one endpoint: it is asked by the nearer one, and its reply settles who it is.
            identify(known, contact.id());
        }
        if (from != null && ours) {
            known.alsoNamedBy(from);
        } else if (from != null) {
            known.namedBy(referrers.computeIfAbsent(from, one -> new Referrer(one, exempt.test(one))));
        }
    }

    /** Adds those that a reply names, the first k of them. */
    void learnAll(List<Contact> named, Endpoint from, int hops) {
        cutOff |= named.size() >= k;
        for (Contact contact : named.subList(0, Math.min(k, named.size()))) {
            learn(contact, from, hops);
        }
    }

    /** How many may be asked. */
    int askable() {
        return KademliaConfig.ASKED_PER_K * k;
    }

    /** As many as may be asked, and as many again to choose from. */
    private int bound() {
        return 2 * askable();
    }

    /**
     * Forgets one who was not asked: the farthest of those at the back, or else the farthest of all if it is farther than
     * this. Those who were asked stay.
     */
    private boolean displace(Key id) {
        int farthest = last(Candidate::distrusted);
        if (farthest < 0) {
            farthest = last(candidate -> target.compareDistance(id, id(candidate)) < 0);
        }
        if (farthest < 0) {
            return false;
        }
        byEndpoint.remove(nearest.remove(farthest).endpoint);
        return true;
    }

    /** The farthest of those who were not asked and are like this; -1 if nobody is. */
    private int last(Predicate<Candidate> like) {
        for (int i = nearest.size() - 1; i >= 0; i--) {
            if (nearest.get(i).state() == State.KNOWN && like.test(nearest.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** A candidate has answered with this id, whatever others say. */
    void identify(Candidate candidate, Key id) {
        if (!id.equals(candidate.id)) {
            nearest.remove(candidate);
            candidate.id = id;
            insert(candidate);
        }
    }

    private void insert(Candidate candidate) {
        Key id = id(candidate);
        int low = 0;
        int high = nearest.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (target.compareDistance(id(nearest.get(middle)), id) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        nearest.add(low, candidate);
    }

    static Key id(Candidate candidate) {
        return Objects.requireNonNull(candidate.id, "the nearest have ids");
    }

    /** The places of the window, to be given out from the nearest on. */
    private final class Places {
        private int left = follows ? k : Integer.MAX_VALUE;
        private @Nullable Key last;

        boolean none() {
            return left == 0;
        }

        /** Gives the candidate a place; false if its id has one: the last, since equal ids are neighbours. */
        boolean give(Candidate candidate) {
            if (follows && id(candidate).equals(last)) {
                return false;
            }
            last = candidate.id;
            left--;
            return true;
        }
    }

    /** One given by address that was not asked yet. */
    @Nullable
    Candidate nextAddressed() {
        for (Candidate candidate : addressed) {
            if (candidate.state() == State.KNOWN) {
                return candidate;
            }
        }
        return null;
    }

    /** The nearest in the window that may be asked now; the window of those who are neither out nor late. */
    @Nullable
    Candidate nextNearest() {
        Places places = new Places();
        Candidate back = null;
        for (Candidate candidate : nearest) {
            if (places.none()) {
                return null;
            }
            State state = candidate.state();
            if (state == State.KNOWN && candidate.vouchedFor()) {
                return candidate;
            }
            boolean expected = state == State.KNOWN && candidate.expected();
            if (expected || state == State.ANSWERED || state == State.ASKED) {
                places.give(candidate);
            } else if (back == null && state == State.KNOWN && candidate.distrusted()) {
                back = candidate;
            }
        }
        return places.none() ? null : back;
    }

    /**
     * Whether there is one given by address to ask or to wait for.
     *
     * @param patient whether to wait for the silent ones too
     */
    boolean addressedOpen(boolean patient) {
        for (Candidate candidate : addressed) {
            boolean awaited = candidate.waiting() && (patient || candidate.state() != State.SILENT);
            if (awaited || candidate.state() == State.KNOWN) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the window lacks an answer that may still come.
     *
     * @param asking whether those who were not asked will be
     * @param wait whom to wait for
     */
    boolean windowOpen(boolean asking, Patience.Wait wait) {
        Places places = new Places();
        boolean late = false;
        boolean silent = false;
        boolean back = false;
        for (Candidate candidate : nearest) {
            if (places.none()) {
                return false;
            }
            switch (candidate.state()) {
                case ANSWERED -> places.give(candidate);
                case ASKED -> {
                    return true;
                }
                case STALLED -> {
                    if (wait != Patience.Wait.PROMPT) {
                        return true;
                    }
                    late = true;
                }
                case KNOWN -> {
                    if (asking && !candidate.distrusted()) {
                        return true;
                    }
                    back = true;
                }
                case SILENT -> silent = true;
                case ASIDE, FAILED -> {}
            }
        }
        return !places.none() && ((asking && back) || late || (wait == Patience.Wait.SILENT && silent));
    }

    /** The nearest that take part, nearest first, at most k, each id once; all of them if replies are not followed. */
    List<Candidate> closest() {
        List<Candidate> closest = new ArrayList<>();
        Places places = new Places();
        for (Candidate candidate : nearest) {
            if (candidate.state() == State.ANSWERED && !places.none() && places.give(candidate)) {
                closest.add(candidate);
            }
        }
        return closest;
    }

    /** All with an id, nearest first; not to be changed, and valid until somebody else is learnt of. */
    List<Candidate> nearest() {
        return nearest;
    }

    /** The requests that are under way. */
    void forEachRequest(Consumer<PendingRequest> action) {
        for (List<Candidate> all : List.of(addressed, nearest)) {
            for (Candidate candidate : all) {
                candidate.forEachRequest(action);
            }
        }
    }
}

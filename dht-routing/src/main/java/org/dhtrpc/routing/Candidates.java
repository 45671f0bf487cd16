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
 */
final class Candidates {
    private final Key target;
    private final int k;
    private final boolean follows;
    private final Predicate<Contact> usable;

    /** Those with an id, nearest first. */
    private final List<Candidate> nearest = new ArrayList<>();

    /** Those given by address alone, in the order given; each is asked, whatever its distance. */
    private final List<Candidate> addressed = new ArrayList<>();

    /** One endpoint is one candidate, whatever ids are claimed for it. Never iterated. */
    private final Map<Endpoint, Candidate> byEndpoint = new HashMap<>();

    Candidates(Key target, int k, boolean follows, Predicate<Contact> usable) {
        this.target = target;
        this.k = k;
        this.follows = follows;
        this.usable = usable;
    }

    /** Adds a node by its address. */
    void add(Endpoint endpoint) {
        if (!byEndpoint.containsKey(endpoint)) {
            Candidate candidate = new Candidate(null, endpoint, null, 1);
            byEndpoint.put(endpoint, candidate);
            addressed.add(candidate);
        }
    }

    /**
     * Adds a contact, unless it is unusable, known already, or too far away.
     *
     * @param referrer who named it; null if it is ours
     */
    void learn(Contact contact, @Nullable Endpoint referrer, int hops) {
        if (!usable.test(contact)) {
            return;
        }
        Candidate known = byEndpoint.get(contact.endpoint());
        if (known != null) {
            Key claimed = known.id;
            boolean nearer = claimed != null && target.compareDistance(contact.id(), claimed) < 0;
            if (known.state != State.KNOWN || !nearer) {
                return;
            }
            // Two claims for one endpoint: it is asked by the nearer one, and its reply settles who it is.
            nearest.remove(known);
        }
        if (nearest.size() >= bound() && !displace(contact.id())) {
            return;
        }
        Candidate candidate = new Candidate(contact.id(), contact.endpoint(), referrer, hops);
        byEndpoint.put(contact.endpoint(), candidate);
        insert(candidate);
    }

    /** As many as may be asked, and as many again to choose from. */
    private int bound() {
        return 2 * KademliaConfig.ASKED_PER_K * k;
    }

    /** Forgets the farthest of those who were not asked if it is farther than this; those who were asked stay. */
    private boolean displace(Key id) {
        for (int i = nearest.size() - 1; i >= 0; i--) {
            Candidate candidate = nearest.get(i);
            if (target.compareDistance(id, id(candidate)) >= 0) {
                return false;
            }
            if (candidate.state == State.KNOWN) {
                nearest.remove(i);
                byEndpoint.remove(candidate.endpoint);
                return true;
            }
        }
        return false;
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

    private static Key id(Candidate candidate) {
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
            if (candidate.state == State.KNOWN) {
                return candidate;
            }
        }
        return null;
    }

    /** The nearest in the window that was not asked yet; the window of those who are neither out nor late. */
    @Nullable
    Candidate nextNearest() {
        Places places = new Places();
        for (Candidate candidate : nearest) {
            if (places.none()) {
                return null;
            }
            if (candidate.state == State.KNOWN) {
                return candidate;
            }
            if (candidate.state == State.ANSWERED || candidate.state == State.ASKED) {
                places.give(candidate);
            }
        }
        return null;
    }

    /**
     * Whether there is one given by address to ask or to wait for.
     *
     * @param patient whether to wait for the silent ones too
     */
    boolean addressedOpen(boolean patient) {
        for (Candidate candidate : addressed) {
            boolean awaited = candidate.waiting() && (patient || candidate.state != State.SILENT);
            if (awaited || candidate.state == State.KNOWN) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the window lacks an answer that may still come.
     *
     * @param asking whether those who were not asked will be
     * @param patient whether to wait for the silent ones too while there is room
     */
    boolean windowOpen(boolean asking, boolean patient) {
        Places places = new Places();
        boolean silent = false;
        for (Candidate candidate : nearest) {
            if (places.none()) {
                return false;
            }
            switch (candidate.state) {
                case ANSWERED -> places.give(candidate);
                case ASKED, STALLED -> {
                    return true;
                }
                case KNOWN -> {
                    if (asking) {
                        return true;
                    }
                }
                case SILENT -> silent = true;
                case ASIDE, FAILED -> {}
            }
        }
        return !places.none() && patient && silent;
    }

    /** The nearest that take part, nearest first, at most k, each id once; all of them if replies are not followed. */
    List<Candidate> closest() {
        List<Candidate> closest = new ArrayList<>();
        Places places = new Places();
        for (Candidate candidate : nearest) {
            if (candidate.state == State.ANSWERED && !places.none() && places.give(candidate)) {
                closest.add(candidate);
            }
        }
        return closest;
    }

    /** Everyone with an id but those who failed or stand aside: the silent may be alive yet. */
    List<Contact> known() {
        List<Contact> known = new ArrayList<>();
        for (Candidate candidate : nearest) {
            if (candidate.state != State.FAILED && candidate.state != State.ASIDE) {
                known.add(candidate.contact());
            }
        }
        return known;
    }

    /** Those who were asked and take no part, or have not answered. */
    List<Endpoint> gone() {
        List<Endpoint> gone = new ArrayList<>();
        for (Candidate candidate : nearest) {
            if (candidate.state != State.KNOWN && candidate.state != State.ANSWERED) {
                gone.add(candidate.endpoint);
            }
        }
        return gone;
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

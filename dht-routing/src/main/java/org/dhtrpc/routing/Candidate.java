package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/** A node that a {@link Lookup} has heard of. */
final class Candidate {
    /** What has become of it. */
    enum State {
        /** Not asked yet. */
        KNOWN,
        /** Asked, and not late yet. */
        ASKED,
        /** Asked, and late: its slot is free for others, but the lookup still waits for it. */
        STALLED,
        /** Asked as often as it may be: presumed dead, but a reply still counts. */
        SILENT,
        /** Answered, and takes part. */
        ANSWERED,
        /** Answered with an error, or without an id: it guides the search but takes no place. */
        ASIDE,
        /** Did not answer. */
        FAILED
    }

    /** How many are noted who need not answer for it. */
    private static final int MOST_WITNESSES = 8;

    final Endpoint endpoint;
    final int hops;

    /** Those who named it, first come first; nobody if it is ours. */
    private final List<Referrer> referrers = new ArrayList<>(1);

    /** Others who did, to be told if it is not there. */
    private List<Endpoint> witnesses = List.of();

    /** The one of them who answers for it. */
    private @Nullable Referrer referrer;

    /** The id that somebody claims it has, then the one that it sent; null for a node that was given by address. */
    @Nullable
    Key id;

    private State state = State.KNOWN;

    /** The token of its reply. */
    @Nullable
    Bytes token;

    /** The request under way. */
    @Nullable
    PendingRequest request;

    /** The one before it, which was silent until a punch opened a path: whichever is answered first counts. */
    @Nullable
    PendingRequest earlier;

    /** The hole puncher is at work for it; the request that was silent may be answered meanwhile. */
    boolean punching;

    /** Where it answered; another address than it was named by only after a punch. */
    Endpoint reached;

    /** It went silent, and was asked once more. */
    boolean askedAgain;

    /** The hole puncher was asked for it; it is not asked twice. */
    boolean punched;

    /** As it was named first; null for a node that was given by address. */
    final @Nullable Contact named;

    /** One of ours, until {@link #namedBy} says otherwise. */
    Candidate(@Nullable Contact named, Endpoint endpoint, int hops) {
        this.named = named;
        this.id = named == null ? null : named.id();
        this.endpoint = endpoint;
        this.reached = endpoint;
        this.hops = hops;
    }

    State state() {
        return state;
    }

    /** It was asked, and does not take part or has not answered yet. */
    boolean absent() {
        return state != State.KNOWN && state != State.ANSWERED;
    }

    /** Who named it is told of it; when it is asked, the first of them who has room answers for it. */
    void become(State next) {
        if (state == State.KNOWN) {
            assert vouchedFor() || distrusted() : "nobody answers for " + endpoint;
            for (int i = referrers.size() - 1; i >= 0; i--) {
                referrer = referrers.get(i).hasRoom() ? referrers.get(i) : referrer;
            }
        }
        if (referrer != null) {
            referrer.changed(state, next);
        }
        state = next;
    }

    /** Somebody else has named it too, or is the first to. */
    void namedBy(Referrer another) {
        if (referrer == null) {
            referrer = another;
        }
        if (!referrers.contains(another)) {
            referrers.add(another);
        }
    }

    /** Whether nobody had to name it. */
    boolean ours() {
        return referrers.isEmpty();
    }

    /** Who named it; null if it is ours. */
    @Nullable
    Endpoint referrer() {
        return referrer == null ? null : referrer.endpoint;
    }

    /** Somebody has named it who need not answer for it: it is ours, or is asked already. */
    void alsoNamedBy(Endpoint another) {
        if (witnesses.size() < MOST_WITNESSES && !witnesses.contains(another)) {
            witnesses = witnesses.isEmpty() ? new ArrayList<>(2) : witnesses;
            witnesses.add(another);
        }
    }

    /** Those who have named it, as far as they were noted. */
    List<Endpoint> namedBy() {
        return Stream.concat(referrers.stream().map(one -> one.endpoint), witnesses.stream())
                .distinct()
                .toList();
    }

    /** Whether it may be asked now: somebody answers for it, or nobody has to. */
    boolean vouchedFor() {
        return ours() || named(Referrer::hasRoom);
    }

    /** Whether only those have named it who have named others that are not there. */
    boolean distrusted() {
        return !ours() && !named(one -> !one.distrusted());
    }

    /** Whether it will probably be asked soon: who named it has named others who are being asked, and none is late. */
    boolean expected() {
        return named(Referrer::punctual);
    }

    private boolean named(Predicate<Referrer> by) {
        for (Referrer one : referrers) {
            if (by.test(one)) {
                return true;
            }
        }
        return false;
    }

    boolean waiting() {
        return state == State.ASKED || state == State.STALLED || state == State.SILENT;
    }

    /** Whether it was punched to, and has answered from there: what was lost before says nothing against it. */
    boolean punchedTo(Endpoint asked) {
        return punched && (state == State.ANSWERED || state == State.ASIDE) && reached.equals(asked);
    }

    /** Whether a request of it is still waited for: not if another was answered first. */
    boolean awaits(PendingRequest asked) {
        return asked == request || asked == earlier;
    }

    /** What has become of it when one way to it has led nowhere so far: it is given up if no other is left. */
    State missed() {
        return punching ? State.STALLED : request != null || earlier != null ? State.SILENT : State.FAILED;
    }

    /** The requests that are under way, two at most. */
    void forEachRequest(Consumer<PendingRequest> action) {
        PendingRequest first = earlier;
        if (first != null) {
            action.accept(first);
        }
        PendingRequest second = request;
        if (second != null) {
            action.accept(second);
        }
    }

    /** The node as a contact; only for one that has an id. */
    Contact contact() {
        Key known = id;
        if (known == null) {
            throw new IllegalStateException("no id: " + endpoint);
        }
        return new Contact(known, reached);
    }
}

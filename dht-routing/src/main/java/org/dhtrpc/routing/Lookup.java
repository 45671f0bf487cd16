package org.dhtrpc.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.routing.Candidate.State;
import org.jspecify.annotations.Nullable;

/**
 * One iterative search: asks the nearest candidates, merges whom they name, and ends when the k nearest live ones have
 * answered (Kademlia paper, section 2.3).
 *
 * <p>The <em>window</em> is the k nearest candidates, without those who failed or cannot take part (flaw F15: in the seed
 * twenty dead nodes hide every live one). A candidate that stalls frees its slot, and one more is asked in its stead; one
 * that has gone silent no longer holds up the end once k others have answered.
 *
 * <p>It starts with {@value #FIRST_SLOTS} slots and gains one with each answer, up to the limit of the query: while it
 * knows only what our own table says, most of what it would ask is farther than what the first answer names.
 */
final class Lookup {
    private static final int FIRST_SLOTS = 3;

    private final Key target;
    private final Command command;
    private final @Nullable Bytes value;
    private final int k;
    private final int concurrency;
    private final boolean follows;
    private final Predicate<Contact> usable;
    private final PendingRequests pending;
    private final Owner owner;

    /** Those with an id, nearest first. */
    private final List<Candidate> candidates = new ArrayList<>();

    /** Those given by address alone, in the order given; each is asked, whatever its distance. */
    private final List<Candidate> addressed = new ArrayList<>();

    /** One endpoint is one candidate, whatever ids are claimed for it. Never iterated. */
    private final Map<Endpoint, Candidate> byEndpoint = new HashMap<>();

    private int slots;
    private int busy;
    private int waiting;
    private boolean advancing;
    private boolean ended;

    int requests;
    int repeats;
    int replies;
    int errors;
    int ephemerals;
    int failures;
    boolean limited;

    /** Whoever wants to know. */
    interface Owner {
        /** Whether a further node may be asked now. */
        boolean wants();

        /** A candidate has answered; its state says whether it takes part. */
        void answered(long now, Candidate candidate, Effect.Answer answer);

        /** A candidate does not answer; true if the owner tries another way, and calls {@link Lookup#again} in the end. */
        default boolean rescues(long now, Candidate candidate) {
            return false;
        }

        /** Nobody is left to ask or to wait for. */
        void ended(long now);
    }

    /**
     * @param follows whether candidates that replies name are asked; if not only those given are, all of them
     * @param usable whether a contact can be a candidate at all
     */
    Lookup(
            Key target,
            Command command,
            @Nullable Bytes value,
            int k,
            int concurrency,
            boolean follows,
            Predicate<Contact> usable,
            PendingRequests pending,
            Owner owner) {
        this.target = target;
        this.command = command;
        this.value = value;
        this.k = k;
        this.concurrency = concurrency;
        this.follows = follows;
        this.usable = usable;
        this.pending = pending;
        this.owner = owner;
        this.slots = Math.min(concurrency, FIRST_SLOTS);
    }

    /** Adds a candidate of ours. */
    void add(Contact contact) {
        learn(contact, null, 1);
    }

    /** Adds a node by its address; it is asked, whatever its distance turns out to be. */
    void add(Endpoint endpoint) {
        if (!byEndpoint.containsKey(endpoint)) {
            Candidate candidate = new Candidate(null, endpoint, null, 1);
            byEndpoint.put(endpoint, candidate);
            addressed.add(candidate);
        }
    }

    private void learn(Contact contact, @Nullable Endpoint referrer, int hops) {
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
            candidates.remove(known);
        }
        if (candidates.size() >= bound()) {
            Candidate farthest = candidates.get(candidates.size() - 1);
            if (farthest.state != State.KNOWN
                    || target.compareDistance(contact.id(), farthest.contact().id()) >= 0) {
                return;
            }
            candidates.remove(candidates.size() - 1);
            byEndpoint.remove(farthest.endpoint);
        }
        Candidate candidate = new Candidate(contact.id(), contact.endpoint(), referrer, hops);
        byEndpoint.put(contact.endpoint(), candidate);
        insert(candidate, contact.id());
    }

    /** As many as may be asked, and as many again to choose from. */
    private int bound() {
        return 2 * KademliaConfig.ASKED_PER_K * k;
    }

    private void insert(Candidate candidate, Key id) {
        int low = 0;
        int high = candidates.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (target.compareDistance(candidates.get(middle).contact().id(), id) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        candidates.add(low, candidate);
    }

    /** Asks whom it may, and notices the end. Called after every change, from outside only to begin or to go on. */
    void advance(long now) {
        if (advancing || ended) {
            return;
        }
        advancing = true;
        while (!ended && busy < slots && owner.wants()) {
            Candidate next = next();
            if (next == null) {
                break;
            }
            ask(now, next, next.endpoint, null);
        }
        advancing = false;
        if (!ended && over()) {
            end();
            owner.ended(now);
        }
    }

    /** The nearest candidate of the window that was not asked. */
    private @Nullable Candidate next() {
        for (Candidate candidate : addressed) {
            if (candidate.state == State.KNOWN) {
                return candidate;
            }
        }
        Candidate nearest = inWindow(State.KNOWN);
        if (nearest != null && requests >= KademliaConfig.ASKED_PER_K * k) {
            limited = true;
            return null;
        }
        return nearest;
    }

    /** The nearest candidate in this state that is among the k nearest who are neither out nor late. */
    private @Nullable Candidate inWindow(State wanted) {
        int room = follows ? k : Integer.MAX_VALUE;
        for (Candidate candidate : candidates) {
            if (room == 0) {
                return null;
            }
            if (candidate.state == wanted) {
                return candidate;
            }
            if (candidate.state == State.ANSWERED || candidate.state == State.ASKED || candidate.state == State.KNOWN) {
                room--;
            }
        }
        return null;
    }

    private boolean over() {
        if (waiting == 0) {
            return next() == null;
        }
        // An answer without a handler's part in it is not worth waiting for from those who are most likely dead.
        boolean enough = command.builtIn();
        int room = follows ? k : Integer.MAX_VALUE;
        boolean silent = false;
        for (Candidate candidate : addressed) {
            if (candidate.waiting() && !(candidate.state == State.SILENT && (enough || (follows && replies > 0)))) {
                return false;
            }
        }
        for (Candidate candidate : candidates) {
            if (room == 0) {
                return true;
            }
            switch (candidate.state) {
                case ANSWERED -> room--;
                case ASKED, STALLED -> {
                    return false;
                }
                case KNOWN -> {
                    if (!limited) {
                        return false;
                    }
                }
                case SILENT -> silent = true;
                case ASIDE, FAILED -> {}
            }
        }
        return room == 0 || enough || !silent;
    }

    private void ask(long now, Candidate candidate, Endpoint to, @Nullable Bytes token) {
        PendingRequest request = new Ask(candidate, to, token);
        candidate.request = request;
        candidate.state = State.ASKED;
        busy++;
        waiting++;
        requests++;
        pending.submit(now, request);
    }

    /** Asks a candidate again that {@link Owner#rescues} has taken, at the address that answers, or gives it up. */
    void again(long now, Candidate candidate, @Nullable Endpoint answering) {
        if (ended) {
            return;
        }
        waiting--;
        if (answering == null) {
            candidate.state = State.FAILED;
            failures++;
        } else {
            ask(now, candidate, answering, null);
        }
        advance(now);
    }

    /** How many were asked, or are being reached, and may still answer. */
    int waiting() {
        return waiting;
    }

    /** Nothing more is sent, and the owner hears no more of it. */
    void cancel(long now) {
        end();
        for (List<Candidate> all : List.of(addressed, candidates)) {
            for (Candidate candidate : all) {
                if (candidate.request != null) {
                    pending.cancel(now, candidate.request);
                }
            }
        }
    }

    /** Those still waited for are not asked again, but the routing table will learn whether they answer. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        for (List<Candidate> all : List.of(addressed, candidates)) {
            for (Candidate candidate : all) {
                if (candidate.request != null) {
                    pending.mute(candidate.request);
                    repeats += candidate.request.repeats();
                }
            }
        }
    }

    /** The nearest candidates that take part, nearest first, at most k; all of them if none are followed. */
    List<Candidate> closest() {
        List<Candidate> closest = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (candidate.state == State.ANSWERED && (!follows || closest.size() < k)) {
                closest.add(candidate);
            }
        }
        return closest;
    }

    /** Everyone whom the search has heard of and who may be alive. */
    List<Contact> known() {
        List<Contact> known = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (candidate.state != State.FAILED && candidate.state != State.ASIDE) {
                known.add(candidate.contact());
            }
        }
        return known;
    }

    /** Those who were asked and take no part, or have not answered. */
    List<Endpoint> gone() {
        List<Endpoint> gone = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (candidate.state != State.KNOWN && candidate.state != State.ANSWERED) {
                gone.add(candidate.endpoint);
            }
        }
        return gone;
    }

    private void answered(long now, Candidate candidate, Effect.Answer answer) {
        Reply reply = answer.reply();
        replies++;
        slots = Math.min(concurrency, slots + 1);
        Key claimed = candidate.id;
        Key id = answer.id();
        candidate.token = reply.token();
        candidate.reached = answer.from();
        if (reply.error() != ErrorCode.NONE) {
            errors++;
            candidate.state = State.ASIDE;
        } else if (id == null) {
            ephemerals++;
            candidate.state = State.ASIDE;
        } else {
            candidate.state = State.ANSWERED;
            if (!id.equals(claimed)) {
                candidates.remove(candidate);
                candidate.id = id;
                insert(candidate, id);
            }
        }
        List<Contact> contacts = reply.contacts();
        if (follows && contacts != null) {
            for (Contact contact : contacts.subList(0, Math.min(k, contacts.size()))) {
                learn(contact, answer.from(), candidate.hops + 1);
            }
        }
        owner.answered(now, candidate, answer);
    }

    /** The request to one candidate. */
    private final class Ask extends PendingRequest {
        private final Candidate candidate;

        Ask(Candidate candidate, Endpoint to, @Nullable Bytes token) {
            super(to, Lookup.this.command, Lookup.this.target, false, token, Lookup.this.value);
            this.candidate = candidate;
        }

        @Override
        void stalled(long now) {
            if (candidate.state == State.ASKED) {
                candidate.state = State.STALLED;
                busy--;
                advance(now);
            }
        }

        @Override
        void silent(long now) {
            if (!ended && owner.rescues(now, candidate)) {
                pending.cancel(now, this);
                settle();
                rescued();
            } else {
                candidate.state = State.SILENT;
            }
            advance(now);
        }

        /** Somebody opens a path to the candidate; {@link Lookup#again} goes on from there. */
        private void rescued() {
            candidate.state = State.STALLED;
            waiting++;
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            if (ended) {
                return;
            }
            settle();
            Bytes fresh = answer.reply().token();
            if (answer.reply().error() == ErrorCode.PROVE_ADDRESS && token == null && fresh != null) {
                ask(now, candidate, to, fresh);
            } else {
                answered(now, candidate, answer);
            }
            advance(now);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            if (ended) {
                return;
            }
            settle();
            if (owner.rescues(now, candidate)) {
                rescued();
            } else {
                candidate.state = State.FAILED;
                failures++;
            }
            advance(now);
        }

        private void settle() {
            candidate.request = null;
            repeats += repeats();
            waiting--;
            if (candidate.state == State.ASKED) {
                busy--;
            }
        }
    }
}

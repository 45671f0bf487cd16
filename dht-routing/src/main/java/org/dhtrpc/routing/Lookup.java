package org.dhtrpc.routing;

import java.util.List;
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
 * <p>Whom it asks is decided by {@link Candidates}, how many at once by its slots. A candidate that stalls frees its slot,
 * and one more is asked in its stead; one that has gone silent no longer holds up the end once k others have answered.
 *
 * <p>A candidate may be tried in several ways at once: the request that went silent, since its handler may be slow, the
 * hole puncher, and a request along the path that this has opened. The first answer counts, as the only one; it has failed
 * once nothing of this is left.
 *
 * <p>Before it ends, {@link SubtreeProbes} look behind those who did not answer.
 *
 * <p>It starts with {@value #FIRST_SLOTS} slots and gains one with each answer, up to the limit of the query: while it
 * knows only what our own table says, most of what it would ask is farther than what the first answer names.
 */
final class Lookup {
    private static final int FIRST_SLOTS = 3;

    /** While so many are late, or one is silent to two sends, it is looked behind them already. */
    private static final int LATE = 2;

    private final Key target;
    private final Command command;
    private final @Nullable Bytes value;
    private final int concurrency;
    private final PendingRequests pending;
    private final LookupOwner owner;
    final Candidates candidates;
    private final SubtreeProbes probes;
    private final Patience patience = new Patience();

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

    /** Those of the failures that were never sent: too many others were waiting. */
    int unsent;

    boolean limited;

    /** @param candidates nobody yet */
    Lookup(
            Candidates candidates,
            Command command,
            @Nullable Bytes value,
            int concurrency,
            PendingRequests pending,
            LookupOwner owner) {
        this.candidates = candidates;
        this.target = candidates.target;
        this.command = command;
        this.value = value;
        this.concurrency = concurrency;
        this.pending = pending;
        this.probes = new SubtreeProbes(candidates, pending, this);
        this.owner = owner;
        this.slots = Math.min(concurrency, FIRST_SLOTS);
    }

    /** Adds a candidate of ours. */
    void add(Contact contact) {
        candidates.learn(contact, null, 1);
    }

    /** Adds a candidate that was named to us. */
    void add(Named named) {
        candidates.learn(named.contact(), named.referrer(), 1);
    }

    /** Adds a node by its address; it is asked, whatever its distance turns out to be. */
    void add(Endpoint endpoint) {
        candidates.add(endpoint);
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
        if (!ended && busy == 0 && candidates.nextNearest() == null) {
            probes.begin(now, patience.doubts() ? 1 : LATE);
        }
        if (!ended && over() && candidates.refill()) {
            advance(now);
        } else if (!ended && over() && !probes.begin(now, 1)) {
            end();
            owner.ended(now);
        }
    }

    /** Whom to ask next: those given by address, then the nearest of the window. */
    private @Nullable Candidate next() {
        Candidate addressed = candidates.nextAddressed();
        if (addressed != null) {
            return addressed;
        }
        Candidate nearest = candidates.nextNearest();
        if (nearest != null && requests >= candidates.askable()) {
            limited = true;
            return null;
        }
        return nearest;
    }

    private boolean over() {
        if (waiting == 0) {
            return next() == null;
        }
        boolean patient = !command.builtIn();
        return !candidates.addressedOpen(patient && !(candidates.follows && replies > 0))
                && !candidates.windowOpen(!limited, patience.of(command));
    }

    private void ask(long now, Candidate candidate, Endpoint to, @Nullable Bytes token) {
        PendingRequest request = new Ask(candidate, to, token);
        candidate.request = request;
        become(candidate, State.ASKED);
        requests++;
        pending.submit(now, request);
    }

    /** The only way in which a state changes, so that what is counted by state is right. */
    private void become(Candidate candidate, State next) {
        busy -= candidate.state() == State.ASKED ? 1 : 0;
        waiting -= candidate.waiting() ? 1 : 0;
        candidate.become(next);
        busy += next == State.ASKED ? 1 : 0;
        waiting += candidate.waiting() ? 1 : 0;
        failures += next == State.FAILED ? 1 : 0;
    }

    /**
     * How the {@linkplain LookupOwner#rescues rescue} of a candidate went.
     *
     * @param answering the address that answers, where it is asked again; null if there is none
     */
    void again(long now, Candidate candidate, @Nullable Endpoint answering) {
        if (ended) {
            return;
        }
        candidate.punching = false;
        if (answering == null) {
            become(candidate, candidate.missed());
        } else {
            candidate.earlier = candidate.request;
            ask(now, candidate, answering, null);
        }
        advance(now);
    }

    /** A candidate has answered: no other way to it matters any more. */
    private void reached(Candidate candidate) {
        candidate.forEachRequest(this::letGo);
        candidate.request = null;
        candidate.earlier = null;
        if (candidate.punching) {
            candidate.punching = false;
            owner.reached(candidate);
        }
    }

    /** It is not sent again, and its answer is not for us; but the routing table will learn whether there is one. */
    private void letGo(PendingRequest request) {
        pending.mute(request);
        repeats += request.repeats();
    }

    /** How many were asked, or are being reached, and may still answer. */
    int waiting() {
        return waiting;
    }

    /** Nothing more is sent, and the owner hears no more of it. */
    void cancel(long now) {
        end();
        probes.cancel(now);
        candidates.forEachRequest(request -> pending.cancel(now, request));
    }

    /** Nobody else is asked, and the owner hears no more of it; the table still learns who answers. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        candidates.forEachRequest(this::letGo);
    }

    /** See {@link Candidates#closest}. */
    List<Candidate> closest() {
        return candidates.closest();
    }

    private void answered(long now, Candidate candidate, Effect.Answer answer) {
        Reply reply = answer.reply();
        replies++;
        slots = Math.min(concurrency, slots + 1);
        Key id = answer.id();
        candidate.token = reply.token();
        candidate.reached = answer.from();
        if (reply.error() != ErrorCode.NONE) {
            errors++;
            become(candidate, State.ASIDE);
        } else if (id == null) {
            ephemerals++;
            become(candidate, State.ASIDE);
        } else {
            become(candidate, State.ANSWERED);
            candidates.identify(candidate, id);
        }
        List<Contact> contacts = reply.contacts();
        if (candidates.follows && contacts != null) {
            candidates.learnAll(contacts, answer.from(), candidate.hops + 1);
        }
        owner.answered(now, candidate, answer);
    }

    /** A request to one candidate. */
    private final class Ask extends PendingRequest {
        private final Candidate candidate;

        Ask(Candidate candidate, Endpoint to, @Nullable Bytes token) {
            super(to, Lookup.this.command, Lookup.this.target, false, token, Lookup.this.value);
            this.candidate = candidate;
        }

        @Override
        @Nullable
        Contact contact() {
            return candidate.named;
        }

        /** They hear of the last way that led nowhere, and of none if another did. */
        @Override
        List<Endpoint> referrers() {
            return this == candidate.request ? candidate.namedBy() : List.of();
        }

        @Override
        boolean tells() {
            return !candidate.punchedTo(to);
        }

        @Override
        void stalled(long now) {
            if (candidate.state() == State.ASKED) {
                become(candidate, State.STALLED);
                advance(now);
            }
        }

        @Override
        void unreached(long now) {
            patience.unreached();
            advance(now);
        }

        @Override
        void silent(long now) {
            if (ended) {
                return;
            }
            if (owner.rescues(now, candidate)) {
                candidate.punching = true;
                // Its handler may be slow; but how the candidate fares is now told by the rescue.
                pending.mute(this);
            } else if (requests < candidates.askable() && patience.triesAgain(candidate, command)) {
                candidate.earlier = this;
                ask(now, candidate, to, null);
                return;
            }
            become(candidate, candidate.missed());
            advance(now);
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            if (ended || !candidate.awaits(this)) {
                return;
            }
            if (repeats() > 0) {
                patience.answeredLate();
            }
            reached(candidate);
            Bytes fresh = pending.dialect.proof(answer.reply());
            if (token == null && fresh != null) {
                ask(now, candidate, to, fresh);
            } else {
                answered(now, candidate, answer);
            }
            advance(now);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            if (ended || !candidate.awaits(this)) {
                return;
            }
            repeats += repeats();
            if (this == candidate.earlier) {
                candidate.earlier = null;
            } else {
                candidate.request = null;
                candidate.punching |= sends > 0 && owner.rescues(now, candidate);
            }
            if (candidate.request == null) {
                become(candidate, candidate.missed());
                unsent += sends == 0 && candidate.state() == State.FAILED ? 1 : 0;
            }
            advance(now);
        }
    }
}

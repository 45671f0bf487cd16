package org.dhtrpc.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtException;
import org.dhtrpc.Query;
import org.dhtrpc.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The second phase of closest: the command and its value to each of the nearest nodes, with the token that it gave. A
 * token that is refused is replaced once by the fresh one of the refusal.
 */
final class Commits {
    private final Query query;
    private final int concurrency;
    private final PendingRequests pending;
    private final Owner owner;
    private final ArrayDeque<Candidate> waiting = new ArrayDeque<>();
    private final List<Commit> inFlight = new ArrayList<>();
    private boolean advancing;
    private boolean ended;

    int requests;
    int repeats;
    int replies;
    int errors;
    int failures;

    /** Those of the failures that were never sent: too many others were waiting. */
    int unsent;

    int successes;

    /** Whoever wants to know. */
    interface Owner {
        /** A node has committed. */
        void committed(long now, Candidate candidate, Effect.Answer answer);

        /** A node has refused, for good. */
        void refused(Candidate candidate, int error);

        /** All were tried. */
        void commitsEnded(long now, int successes);
    }

    Commits(Query query, int concurrency, List<Candidate> nearest, PendingRequests pending, Owner owner) {
        this.query = query;
        this.concurrency = concurrency;
        this.pending = pending;
        this.owner = owner;
        for (Candidate candidate : nearest) {
            if (candidate.token != null) {
                waiting.add(candidate);
            }
        }
    }

    /** Sends as many as may be in flight, and notices the end. */
    void advance(long now) {
        if (advancing || ended) {
            return;
        }
        advancing = true;
        while (inFlight.size() < concurrency && !waiting.isEmpty()) {
            Candidate candidate = waiting.remove();
            send(now, candidate, candidate.token, false);
        }
        advancing = false;
        if (inFlight.isEmpty()) {
            ended = true;
            owner.commitsEnded(now, successes);
        }
    }

    private void send(long now, Candidate candidate, @Nullable Bytes token, boolean second) {
        Commit commit = new Commit(candidate, token, second);
        inFlight.add(commit);
        requests++;
        pending.submit(now, commit);
    }

    /** Nothing more is sent, and the owner hears no more of it. */
    void cancel(long now) {
        ended = true;
        waiting.clear();
        for (Commit commit : inFlight) {
            repeats += commit.repeats();
            pending.cancel(now, commit);
        }
        inFlight.clear();
    }

    private final class Commit extends PendingRequest {
        private final Candidate candidate;
        private final boolean second;

        Commit(Candidate candidate, @Nullable Bytes token, boolean second) {
            super(candidate.reached, query.command(), query.target(), true, token, query.value());
            this.candidate = candidate;
            this.second = second;
        }

        @Override
        void replied(long now, Effect.Answer answer) {
            settle();
            replies++;
            int error = answer.reply().error();
            Bytes fresh = answer.reply().token();
            if (error == ErrorCode.NONE) {
                successes++;
                owner.committed(now, candidate, answer);
            } else {
                errors++;
                if (error == ErrorCode.INVALID_TOKEN && fresh != null && !second) {
                    send(now, candidate, fresh, true);
                } else {
                    owner.refused(candidate, error);
                }
            }
            advance(now);
        }

        @Override
        void failed(long now, DhtException.Reason why) {
            settle();
            failures++;
            unsent += sends == 0 ? 1 : 0;
            advance(now);
        }

        private void settle() {
            inFlight.remove(this);
            repeats += repeats();
        }
    }
}

package org.dhtrpc.routing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.routing.Candidate.State;
import org.jspecify.annotations.Nullable;

/**
 * A query or closest of a caller: the discovery is a {@link Lookup}, the commit a request with its token to each of the
 * nearest who took part.
 *
 * <p>Demand throttles the discovery itself: while results wait to be taken nobody further is asked, so at most as many
 * wait as were in flight. The commit ignores demand, so that nothing is left half stored: its results, one of each node
 * that took part, may all have to wait. While the demand is zero the deadline stands still.
 */
final class QueryOperation extends Deadlines.Entry implements Operation, LookupOwner, Commits.Owner {
    private enum Stage {
        /** No demand yet. */
        WAITING,
        DISCOVERY,
        COMMIT,
        /** All answers are in, but not all are taken. */
        DELIVERING,
        ENDED
    }

    private final long id;
    private final Query query;
    private final boolean commits;
    private final boolean emitsDiscovery;
    private final int concurrency;
    private final PendingRequests pending;
    private final Deadlines deadlines;
    private final Outbox outbox;
    private final Consumer<Operation> done;
    private final Lookup lookup;
    private final Seeds seeds;
    private final HolePunches punches;
    private final ArrayDeque<QueryResult> buffer = new ArrayDeque<>(1);
    private final Refusals refusals = new Refusals();

    private Stage stage = Stage.WAITING;
    private long demand;
    private boolean begun;
    private long started;
    private long timeLeft;
    private long resumed;
    private @Nullable DhtException failure;

    private @Nullable Commits commitPhase;

    QueryOperation(
            long id,
            Query query,
            boolean commits,
            KademliaConfig config,
            Seeds seeds,
            HolePunches punches,
            PendingRequests pending,
            Deadlines deadlines,
            Outbox outbox,
            Consumer<Operation> done) {
        this.id = id;
        this.query = query;
        this.commits = commits;
        this.emitsDiscovery = !commits || query.verbose();
        this.concurrency = query.concurrency() == 0 ? config.concurrency() : query.concurrency();
        this.pending = pending;
        this.deadlines = deadlines;
        this.outbox = outbox;
        this.done = done;
        this.seeds = seeds;
        this.punches = punches;
        Duration deadline = query.deadline();
        this.timeLeft = (deadline == null ? config.queryDeadline() : deadline).toNanos();
        this.lookup = new Lookup(
                seeds.candidates(query.target(), !query.targeted()),
                query.command(),
                commits && !query.discoveryValue() ? null : query.value(),
                concurrency,
                pending,
                this);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void demand(long now, long n) {
        if (stage == Stage.ENDED) {
            return;
        }
        boolean idle = demand == 0;
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        if (idle) {
            resumed = now;
            deadlines.set(this, now + timeLeft);
        }
        if (stage == Stage.WAITING) {
            stage = Stage.DISCOVERY;
            begun = true;
            started = now;
            seeds.begin(lookup, query);
        }
        deliver(now);
        if (stage == Stage.DISCOVERY) {
            lookup.advance(now);
        }
    }

    @Override
    public boolean wants() {
        // The late count too: they may all answer in the end, and not more than the concurrency may have to wait.
        return !emitsDiscovery || (demand > 0 && lookup.waiting() - demand < concurrency);
    }

    @Override
    public void answered(long now, Candidate candidate, Effect.Answer answer) {
        if (answer.reply().error() != ErrorCode.NONE) {
            refused(candidate, answer.reply().error());
        } else if (answer.id() == null) {
            refusals.addEphemeral(candidate.reached);
        }
        boolean counts = candidate.state() == State.ANSWERED
                || (query.targeted() && answer.reply().error() == ErrorCode.NONE);
        if (emitsDiscovery && counts) {
            emit(now, Phase.DISCOVERY, candidate, answer);
        }
    }

    @Override
    public boolean rescues(long now, Candidate candidate) {
        return query.holepunching() && punches.ask(now, lookup, candidate, query.punchPatience());
    }

    @Override
    public void reached(Candidate candidate) {
        punches.release(candidate);
    }

    @Override
    public void ended(long now) {
        punches.release(lookup);
        if (!commits) {
            complete(now, lookup.replies == 0 ? noNodes() : null);
            return;
        }
        stage = Stage.COMMIT;
        Commits phase = new Commits(query, concurrency, lookup.closest(), pending, this);
        commitPhase = phase;
        phase.advance(now);
    }

    @Override
    public void committed(long now, Candidate candidate, Effect.Answer answer) {
        emit(now, Phase.COMMIT, candidate, answer);
    }

    @Override
    public void refused(Candidate candidate, int error) {
        refusals.add(candidate.reached, error);
    }

    @Override
    public void commitsEnded(long now, int successes) {
        complete(now, lookup.replies == 0 ? noNodes() : successes == 0 ? noCloseNodes() : null);
    }

    private DhtException noNodes() {
        return lookup.requests > 0 && lookup.unsent == lookup.requests
                ? overloaded(lookup.unsent)
                : new DhtException(Reason.NO_NODES_RESPONDED, "No nodes responded");
    }

    private DhtException noCloseNodes() {
        Commits phase = commitPhase;
        return phase != null && phase.requests > 0 && phase.unsent == phase.requests
                ? overloaded(phase.unsent)
                : refusals.explain(new DhtException(Reason.NO_CLOSE_NODES_RESPONDED, "No close nodes responded"));
    }

    private static DhtException overloaded(int unsent) {
        return new DhtException(
                Reason.OVERLOADED,
                "Too many requests were waiting; not one was sent of the " + unsent + " of this one");
    }

    private void emit(long now, Phase phase, Candidate candidate, Effect.Answer answer) {
        buffer.add(new QueryResult(
                phase,
                answer.from(),
                answer.id(),
                candidate.referrer(),
                answer.reply().value(),
                Duration.ofNanos(answer.roundTripNanos())));
        deliver(now);
    }

    private void deliver(long now) {
        while (demand > 0 && !buffer.isEmpty()) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            outbox.add(new Effect.Deliver(id, buffer.remove()));
        }
        if (demand == 0 && waiting()) {
            deadlines.cancel(this);
            timeLeft -= now - resumed;
        }
        if (stage == Stage.DELIVERING && buffer.isEmpty()) {
            finish(now);
        }
    }

    private void complete(long now, @Nullable DhtException cause) {
        failure = cause;
        stage = Stage.DELIVERING;
        deliver(now);
    }

    private void finish(long now) {
        stage = Stage.ENDED;
        deadlines.cancel(this);
        done.accept(this);
        outbox.add(new Effect.Finished(id, summary(now), failure));
    }

    @Override
    public void end(long now, DhtException cause) {
        if (stage == Stage.ENDED) {
            return;
        }
        lookup.cancel(now);
        punches.release(lookup);
        if (commitPhase != null) {
            commitPhase.cancel(now);
        }
        buffer.clear();
        failure = cause;
        finish(now);
    }

    @Override
    void expire(long now) {
        end(now, new DhtException(Reason.TIMED_OUT, "The deadline passed: " + query));
    }

    private QuerySummary summary(long now) {
        List<Candidate> closest = lookup.closest();
        Commits phase = commitPhase;
        return new QuerySummary(
                lookup.requests + (phase == null ? 0 : phase.requests),
                lookup.repeats + (phase == null ? 0 : phase.repeats),
                lookup.replies + (phase == null ? 0 : phase.replies),
                lookup.errors + (phase == null ? 0 : phase.errors),
                lookup.ephemerals,
                lookup.failures + (phase == null ? 0 : phase.failures),
                phase == null ? 0 : phase.successes,
                closest.isEmpty() ? 0 : closest.get(0).hops,
                closest.stream().map(Candidate::contact).toList(),
                lookup.limited,
                Duration.ofNanos(begun ? now - started : 0));
    }
}

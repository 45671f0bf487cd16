package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** The punches under way: those that this node has begun, and those that it was invited to. */
final class Punches implements Punch.Owner, Routes.Resumer {
    static final int MOST = 64;

    /** The rest is for what we begin ourselves. */
    static final int MOST_INVITED = 48;

    /** What an invited end takes for the time to the other one, which it cannot know yet. */
    private static final long USUAL_ROUND_TRIP = 80_000_000L;

    /** Room for what the referrer adds to an answer, so that it never sends on more than it gets. */
    private static final int ROOM = 24;

    private final Map<Long, Entry> underWay = new LinkedHashMap<>();
    private final Workbench bench;
    private final Introducer introducer;
    private final Routes routes;
    private final Seen seen;
    private final Searches searches = new Searches();
    private final Rates invitations = new Rates(new Rate(10, 20), 256);

    long begun;
    long succeeded;
    long invited;
    private long probesOfEnded;

    private static final class Entry {
        private final Punch punch;
        private final @Nullable Route resumes;

        /** The same list if two punches are for the same ones, since both ends have begun. */
        private final List<Long> calls;

        private byte @Nullable [] answer;
        private int repeats;

        Entry(Punch punch, @Nullable Route resumes, List<Long> calls) {
            this.punch = punch;
            this.resumes = resumes;
            this.calls = calls;
        }
    }

    Punches(Workbench bench, Introducer.Reachable reachable, Seen seen) {
        this.bench = bench;
        this.introducer = new Introducer(bench, reachable);
        this.routes = new Routes(bench, this);
        this.seen = seen;
    }

    Routes routes() {
        return routes;
    }

    /** Begins one, or joins one to the same peer by the same referrer. */
    void begin(long now, long call, Endpoint peer, Endpoint referrer) {
        for (Entry entry : underWay.values()) {
            Punch punch = entry.punch;
            if ((punch.initiator || punch.started())
                    && punch.way() == null
                    && punch.referrer.equals(referrer)
                    && punch.peer().equals(peer)) {
                entry.calls.add(call);
                return;
            }
        }
        begun++;
        PunchException mistake = mistake(peer, referrer);
        if (mistake != null) {
            bench.outbox().add(new Effect.Ended(call, null, mistake));
        } else {
            initiate(now, peer, referrer, null).calls.add(call);
        }
    }

    private @Nullable PunchException mistake(Endpoint peer, Endpoint referrer) {
        if (underWay.size() >= MOST) {
            return new PunchException(Failure.BUDGET, "At most " + MOST + " punches are under way at once");
        }
        for (Endpoint endpoint : List.of(peer, referrer)) {
            if (!bench.allowed(endpoint)) {
                return new PunchException(
                        Failure.REFUSED,
                        endpoint + " is of a network of somebody's own, or of another family; see privateAddresses");
            }
        }
        return null;
    }

    private Entry initiate(long now, Endpoint peer, Endpoint referrer, @Nullable Route resumes) {
        NatProfile local = bench.profile().apply(now);
        Entry rival = twin(false, peer, referrer);
        long number = number(rival);
        List<Candidate> ours = new ArrayList<>(candidates(local));
        Sockets sockets = new Sockets(bench);
        Punch punch = new Punch(now, number, true, peer, referrer, local, ours, sockets, bench, this);
        Entry entry = new Entry(punch, resumes, rival == null ? new ArrayList<>() : rival.calls);
        underWay.put(number, entry);
        Sampling.sample(
                now, punch, ours, bench, later -> introducer.introduce(later, punch, claim(entry), new Meeting(entry)));
        return entry;
    }

    /** A larger one than that of a punch that the peer seems to have begun before: if it has, that one goes on. */
    private long number(@Nullable Entry rival) {
        long number = bench.random().nextLong();
        return rival == null || number > rival.punch.number ? number : rival.punch.number + 1 + (number >>> 40);
    }

    private static byte @Nullable [] claim(Entry entry) {
        return entry.resumes == null
                ? null
                : Routes.claim(entry.resumes, entry.punch.introduction().key());
    }

    private final class Meeting implements Introducer.Outcome {
        private final Entry entry;

        Meeting(Entry entry) {
            this.entry = entry;
        }

        @Override
        public void met(long now, StunMessage answer, Introduction introduction, long roundTrip) {
            Punch punch = entry.punch;
            if (punch.ended()) {
                return;
            }
            Endpoint peer = answer.xorAddress(Stun.XOR_PEER_ADDRESS);
            Endpoint us = answer.xorAddress(Stun.XOR_MAPPED_ADDRESS);
            if (peer == null || !punch.peer().equals(peer) || us == null || !punch.agree(introduction.key())) {
                // If it could name another one, it could have what we send to him.
                failed(now, Failure.REFUSED, "The referrer " + punch.referrer + " answers what makes no sense");
                return;
            }
            Route resumes = entry.resumes;
            if (resumes != null && routes.claimed(answer.value(Stun.RESUMES), introduction.key()) != resumes) {
                if (resumes.resuming) {
                    routes.forget(resumes);
                }
                failed(now, Failure.REFUSED, peer + " knows nothing of the path that is to be found again");
                return;
            }
            punch.meet(introduction, peer, us, roundTrip, Math.max(0, answer.number(Stun.RELAY_LIMIT)));
            punch.begin(now, roundTrip / 2);
        }

        @Override
        public void failed(long now, Failure failure, String why) {
            Punches.this.failed(now, entry.punch, failure, why);
            entry.punch.end(now);
        }
    }

    /** What we tell of ourselves beside our profile. */
    private List<Candidate> candidates(NatProfile local) {
        List<Candidate> candidates = new ArrayList<>();
        if (local.mapped() != null) {
            candidates.add(new Candidate(Candidate.Kind.MAPPED, local.mapped()));
        }
        if (bench.options().privateAddresses()) {
            bench.hosts().forEach(host -> candidates.add(new Candidate(Candidate.Kind.HOST, host)));
        }
        return candidates;
    }

    // Being invited.

    /** Somebody wants to reach us, says a referrer. */
    void invited(long now, Endpoint referrer, StunMessage invite) {
        Endpoint peer = invite.xorAddress(Stun.XOR_PEER_ADDRESS);
        Endpoint us = invite.xorAddress(Stun.XOR_MAPPED_ADDRESS);
        Introduction introduction = Introduction.read(invite);
        if (peer == null || us == null || introduction == null || !seen.lately(now, referrer)) {
            return;
        }
        long number = invite.transaction().high();
        Entry known = underWay.get(number);
        Entry twin = twin(true, peer, referrer);
        if (known != null) {
            repeat(now, known, referrer);
        } else if (routes.numbered(number) != null || (twin != null && twin.punch.number < number)) {
            // A referrer knows the number of a path, and must not have it by that. If both ends have begun, the smaller
            // one goes on.
            return;
        } else if (!invitations.take(now, referrer)) {
            return;
        } else if (invitedOnes() < MOST_INVITED && bench.allowed(peer) && welcome(peer, referrer, introduction)) {
            accept(now, referrer, invite, peer, us, introduction, twin);
        } else {
            refuse(referrer, invite);
        }
    }

    private void refuse(Endpoint referrer, StunMessage invite) {
        byte[] refusal =
                StunWriter.answer(Kind.ERROR, invite).error(Stun.FORBIDDEN, "").bytes();
        bench.outbox().send(Outbox.MAIN, referrer, refusal);
    }

    private int invitedOnes() {
        return (int) underWay.values().stream()
                .filter(entry -> !entry.punch.initiator)
                .count();
    }

    /** What we have begun for the same peer, or it for us; if it is elsewhere by now, that leads nowhere. */
    private @Nullable Entry twin(boolean initiator, Endpoint peer, Endpoint referrer) {
        for (Entry entry : underWay.values()) {
            Punch punch = entry.punch;
            if (punch.initiator == initiator
                    && punch.referrer.equals(referrer)
                    && punch.peer().equals(peer)) {
                return entry;
            }
        }
        return null;
    }

    private void repeat(long now, Entry known, Endpoint referrer) {
        Punch punch = known.punch;
        if (!punch.initiator
                && punch.referrer.equals(referrer)
                && known.answer != null
                && known.repeats++ < Referral.REPEATS) {
            bench.outbox().send(Outbox.MAIN, referrer, known.answer);
            if (punch.way() == null) {
                punch.early(now);
            }
        }
    }

    private boolean welcome(Endpoint peer, Endpoint referrer, Introduction introduction) {
        try {
            return bench.options().invitations().test(new Invitation(peer, referrer, introduction.profile()));
        } catch (RuntimeException e) {
            // Other people's code: whoever cannot say yes has said no.
            return false;
        }
    }

    private void accept(
            long now,
            Endpoint referrer,
            StunMessage invite,
            Endpoint peer,
            Endpoint us,
            Introduction introduction,
            @Nullable Entry twin) {
        NatProfile local = bench.profile().apply(now);
        List<Candidate> ours = new ArrayList<>(candidates(local));
        long number = invite.transaction().high();
        Punch punch = new Punch(now, number, false, peer, referrer, local, ours, new Sockets(bench), bench, this);
        Route resumes = routes.claimed(invite.value(Stun.RESUMES), introduction.key());
        Entry entry = new Entry(punch, resumes, twin == null ? new ArrayList<>() : twin.calls);
        underWay.put(number, entry);
        if (!punch.agree(introduction.key())) {
            punch.end(now);
            refuse(referrer, invite);
            return;
        }
        invited++;
        Sampling.sample(now, punch, ours, bench, later -> {
            punch.meet(introduction, peer, us, USUAL_ROUND_TRIP, 0);
            StunWriter writer = StunWriter.answer(Kind.SUCCESS, invite)
                    .xorAddress(Stun.XOR_PEER_ADDRESS, peer)
                    .xorAddress(Stun.XOR_MAPPED_ADDRESS, us);
            punch.introduction().write(writer);
            if (entry.resumes != null) {
                writer.add(
                        Stun.RESUMES,
                        Routes.claim(entry.resumes, punch.introduction().key()));
            }
            byte[] answer = writer.padTo(writer.size() + ROOM).bytes();
            entry.answer = answer;
            bench.outbox().send(Outbox.MAIN, referrer, answer);
            punch.early(later);
        });
    }

    // Under way.

    /** True if it belongs to a punch that is not over. */
    boolean receive(long now, int socket, Endpoint from, StunMessage message) {
        Entry entry = underWay.get(message.transaction().high());
        if (entry == null) {
            return false;
        }
        Punch punch = entry.punch;
        switch (message.method()) {
            case Stun.BINDING -> punch.receive(now, socket, from, message);
            case Stun.NOTIFY -> fromReferrer(punch, from, () -> punch.notice(now, message));
            case Stun.RELAY -> fromReferrer(punch, from, () -> punch.relayed(now, message));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void fromReferrer(Punch punch, Endpoint from, Runnable task) {
        if (punch.referrer.equals(from)) {
            task.run();
        }
    }

    @Override
    public void connected(long now, Punch punch, Way way) {
        Entry entry = underWay.get(punch.number);
        if (entry == null) {
            return;
        }
        Endpoint alias = routes.connected(now, punch, way, entry.resumes);
        if (punch.initiator || !entry.calls.isEmpty()) {
            succeeded += entry.resumes == null ? 1 : 0;
        }
        PunchResult result = new PunchResult(
                alias,
                way.kind(),
                java.time.Duration.ofNanos(now - punch.begun()),
                punch.prober.count(),
                punch.local,
                punch.remote());
        end(entry, (call, outbox) -> outbox.add(new Effect.Ended(call, result, null)));
        others(entry).forEach(other -> other.punch.end(now));
    }

    /** Those for the same calls that look for a way still. */
    private List<Entry> others(Entry entry) {
        return underWay.values().stream()
                .filter(other -> other != entry && other.calls == entry.calls && other.punch.way() == null)
                .toList();
    }

    private void end(Entry entry, BiConsumer<Long, Outbox> news) {
        entry.calls.forEach(call -> news.accept(call, bench.outbox()));
        entry.calls.clear();
    }

    @Override
    public void relayed(long now, Punch punch, byte[] datagram) {
        Route route = routes.numbered(punch.number);
        if (route != null) {
            route.use(now);
            bench.outbox().add(new Effect.Deliver(route.alias, datagram));
        }
    }

    @Override
    public void failed(long now, Punch punch, Failure failure, String why) {
        Entry entry = underWay.get(punch.number);
        if (entry != null) {
            PunchException reason = new PunchException(failure, why);
            if (others(entry).isEmpty()) {
                end(entry, (call, outbox) -> outbox.add(new Effect.Ended(call, null, reason)));
            }
            if (entry.resumes != null && punch.initiator) {
                routes.notResumed(now, entry.resumes);
            }
        }
    }

    @Override
    public boolean mayGuess(long now, Endpoint peer) {
        return searches.take(now, peer);
    }

    @Override
    public void over(long now, Punch punch) {
        if (punch.way() == null) {
            failed(now, punch, Failure.NO_PATH, punch.peer() + " has given up");
        }
        bench.transactions().cancel(new TransactionId(punch.number, 0));
        Entry entry = underWay.remove(punch.number);
        if (entry != null) {
            probesOfEnded += punch.prober.count();
        }
    }

    @Override
    public void resume(long now, Route route) {
        if (underWay.size() >= MOST) {
            routes.notResumed(now, route);
        } else {
            initiate(now, route.peer, route.referrer, route);
        }
    }

    long probes() {
        return probesOfEnded
                + underWay.values().stream()
                        .mapToLong(entry -> entry.punch.prober.count())
                        .sum();
    }

    int size() {
        return underWay.size();
    }

    void close(long now) {
        PunchException closed = new PunchException(Failure.CLOSED, "The transport is closed");
        for (Entry entry : List.copyOf(underWay.values())) {
            end(entry, (call, outbox) -> outbox.add(new Effect.Ended(call, null, closed)));
            entry.punch.end(now);
        }
        routes.close();
    }
}

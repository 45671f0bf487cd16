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

    private final class Entry {
        private final Punch punch;
        private final List<Long> calls = new ArrayList<>();
        private final @Nullable Route resumes;
        private byte @Nullable [] answer;

        Entry(Punch punch, @Nullable Route resumes) {
            this.punch = punch;
            this.resumes = resumes;
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
            if (punch.initiator
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
        long number = bench.random().nextLong();
        List<Candidate> ours = new ArrayList<>(candidates(local));
        Sockets sockets = new Sockets(bench);
        Punch punch = new Punch(now, number, true, peer, referrer, local, ours, sockets, bench, this);
        Entry entry = new Entry(punch, resumes);
        underWay.put(number, entry);
        sampled(now, punch, ours, later -> introducer.introduce(later, punch, claim(entry), new Meeting(entry)));
        return entry;
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
            Endpoint peer = answer.xorAddress(Stun.XOR_PEER_ADDRESS);
            Endpoint us = answer.xorAddress(Stun.XOR_MAPPED_ADDRESS);
            if (peer == null || us == null || !bench.allowed(peer) || !punch.agree(introduction.key())) {
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

    /** Before a NAT with sequential ports a new socket is opened first, to see how far it has counted. */
    private void sampled(long now, Punch punch, List<Candidate> ours, java.util.function.LongConsumer then) {
        boolean needed = punch.local.predictable();
        int opened = !needed
                ? 0
                : punch.sockets.open(1, (later, socket) -> {
                    TransactionId id = TransactionId.random(bench.random());
                    byte[] request =
                            StunWriter.of(Kind.REQUEST, Stun.BINDING, id).bytes();
                    bench.transactions()
                            .ask(
                                    later,
                                    socket,
                                    punch.referrer,
                                    request,
                                    id,
                                    Transactions.Patience.SHORT,
                                    (time, answer) -> {
                                        Endpoint sample = answer.xorAddress(Stun.XOR_MAPPED_ADDRESS);
                                        if (sample != null) {
                                            ours.add(new Candidate(Candidate.Kind.SAMPLE, sample));
                                        }
                                        punch.sockets.close(socket);
                                        then.accept(time);
                                    },
                                    then);
                });
        if (opened == 0) {
            then.accept(now);
        }
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
        if (known != null) {
            repeat(now, known, referrer, invite);
        } else if (!invitations.take(now, referrer)) {
            return;
        } else if (underWay.size() < MOST && bench.allowed(peer) && welcome(peer, referrer, introduction)) {
            accept(now, referrer, invite, peer, us, introduction);
        } else {
            byte[] refusal = StunWriter.answer(Kind.ERROR, invite)
                    .error(Stun.FORBIDDEN, "")
                    .bytes();
            bench.outbox().send(Outbox.MAIN, referrer, refusal);
        }
    }

    private void repeat(long now, Entry known, Endpoint referrer, StunMessage invite) {
        Punch punch = known.punch;
        if (!punch.initiator && punch.referrer.equals(referrer) && known.answer != null) {
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
            long now, Endpoint referrer, StunMessage invite, Endpoint peer, Endpoint us, Introduction introduction) {
        NatProfile local = bench.profile().apply(now);
        List<Candidate> ours = new ArrayList<>(candidates(local));
        long number = invite.transaction().high();
        Punch punch = new Punch(now, number, false, peer, referrer, local, ours, new Sockets(bench), bench, this);
        Entry entry = new Entry(punch, routes.claimed(invite.value(Stun.RESUMES), introduction.key()));
        underWay.put(number, entry);
        if (!punch.agree(introduction.key())) {
            punch.end(now);
            return;
        }
        invited++;
        sampled(now, punch, ours, later -> {
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
        if (!punch.initiator) {
            return;
        }
        succeeded += entry.resumes == null ? 1 : 0;
        PunchResult result = new PunchResult(
                alias,
                way.kind(),
                java.time.Duration.ofNanos(now - punch.begun()),
                punch.prober.count(),
                punch.local,
                punch.remote());
        end(entry, (call, outbox) -> outbox.add(new Effect.Ended(call, result, null)));
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
            end(entry, (call, outbox) -> outbox.add(new Effect.Ended(call, null, reason)));
            if (entry.resumes != null) {
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
        if (punch.initiator && punch.way() == null) {
            failed(now, punch, Failure.NO_PATH, punch.peer() + " has given up");
        }
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

package org.dhtrpc.holepunch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.jspecify.annotations.Nullable;

/** The punches under way: those that this node has begun, and those that it was invited to. */
final class Punches implements PunchOwner, Routes.Resumer {
    /** So many may be under way when this node begins one; invitations have {@link Invitations#MOST} places beside. */
    static final int MOST = 64;

    private final Map<Long, Pursuit> underWay = new LinkedHashMap<>();
    private final Workbench bench;
    private final Introducer introducer;
    private final Routes routes;
    private final Searches searches = new Searches();

    long begun;
    long succeeded;
    private long probesOfEnded;

    Punches(Workbench bench, Introducer.Reachable reachable) {
        this.bench = bench;
        this.introducer = new Introducer(bench, reachable);
        this.routes = new Routes(bench, this);
    }

    Routes routes() {
        return routes;
    }

    /** Begins one, or joins one to the same peer by the same referrer. */
    void begin(long now, long call, Endpoint peer, Endpoint referrer) {
        for (Pursuit pursuit : underWay.values()) {
            Punch punch = pursuit.punch;
            if ((punch.initiator || punch.started())
                    && punch.way() == null
                    && punch.referrer.equals(referrer)
                    && punch.peer().equals(peer)) {
                pursuit.calls.add(call);
                return;
            }
        }
        begun++;
        PunchException mistake = mistake(peer, referrer);
        Route open = routes.leadingTo(peer);
        if (mistake != null) {
            bench.outbox().add(new Effect.Ended(call, null, mistake));
        } else if (open != null) {
            routes.check(
                    now,
                    open,
                    later -> isOpen(later - now, call, open),
                    later -> initiate(later, call, peer, referrer));
        } else {
            initiate(now, call, peer, referrer);
        }
    }

    /** There is a path already, and it answers. */
    private void isOpen(long elapsed, long call, Route open) {
        succeeded++;
        Duration took = Duration.ofNanos(elapsed);
        PunchResult result = new PunchResult(open.alias, open.way().kind(), took, 1, open.local, open.remote);
        bench.outbox().add(new Effect.Ended(call, result, null));
    }

    private void initiate(long now, long call, Endpoint peer, Endpoint referrer) {
        initiate(now, peer, referrer, null).calls.add(call);
    }

    private @Nullable PunchException mistake(Endpoint peer, Endpoint referrer) {
        if (underWay.size() >= MOST) {
            return new PunchException(Failure.BUDGET, "At most " + MOST + " punches are under way at once");
        }
        for (Endpoint endpoint : List.of(peer, referrer)) {
            if (!bench.allowed(endpoint)) {
                return new PunchException(
                        Failure.REFUSED,
                        endpoint
                                + (Scope.isPrivate(endpoint)
                                        ? " is a private or reserved address; privateAddresses(true) allows it"
                                        : " cannot be sent to from " + bench.local()));
            }
        }
        return null;
    }

    private Pursuit initiate(long now, Endpoint peer, Endpoint referrer, @Nullable Route resumes) {
        NatProfile local = bench.profile().apply(now);
        Pursuit rival = twin(false, peer, referrer);
        long number = number(rival);
        List<Candidate> ours = bench.candidates(local);
        Sockets sockets = new Sockets(bench);
        Punch punch = new Punch(now, number, true, peer, referrer, local, ours, sockets, bench, this);
        Pursuit pursuit = new Pursuit(punch, resumes, rival == null ? new ArrayList<>() : rival.calls);
        underWay.put(number, pursuit);
        Sampling.sample(
                now,
                punch,
                ours,
                bench,
                later -> introducer.introduce(later, punch, pursuit.claim(), new Meeting(pursuit)));
        return pursuit;
    }

    /** A larger one than that of a punch that the peer seems to have begun before: if it has, that one goes on. */
    private long number(@Nullable Pursuit rival) {
        long number = bench.random().nextLong();
        return rival == null || number > rival.punch.number ? number : rival.punch.number + 1 + (number >>> 40);
    }

    private final class Meeting implements Introducer.Outcome {
        private final Pursuit pursuit;

        Meeting(Pursuit pursuit) {
            this.pursuit = pursuit;
        }

        @Override
        public void met(long now, StunMessage answer, Introduction introduction, long roundTrip) {
            Punch punch = pursuit.punch;
            if (punch.ended()) {
                return;
            }
            Endpoint peer = answer.xorAddress(Stun.XOR_PEER_ADDRESS);
            Endpoint us = answer.xorAddress(Stun.XOR_MAPPED_ADDRESS);
            if (peer == null
                    || !punch.peer().equals(peer)
                    || us == null
                    || !punch.agreement.reach(introduction.key())) {
                // If it could name another one, it could have what we send to him.
                failed(now, Failure.REFUSED, "The referrer " + punch.referrer + " answers what makes no sense");
                return;
            }
            Route resumes = pursuit.resumes;
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
            Punches.this.failed(now, pursuit.punch, failure, why);
            pursuit.punch.end(now);
        }
    }

    /** What we have begun for the same peer, or it for us; if it is elsewhere by now, that leads nowhere. */
    @Nullable
    Pursuit twin(boolean initiator, Endpoint peer, Endpoint referrer) {
        for (Pursuit pursuit : underWay.values()) {
            Punch punch = pursuit.punch;
            if (punch.initiator == initiator
                    && punch.referrer.equals(referrer)
                    && punch.peer().equals(peer)) {
                return pursuit;
            }
        }
        return null;
    }

    // Under way.

    /** Takes one in. */
    void add(Pursuit pursuit) {
        underWay.put(pursuit.punch.number, pursuit);
    }

    @Nullable
    Pursuit find(long number) {
        return underWay.get(number);
    }

    /** To how many of them we were invited. */
    int invited() {
        return (int) underWay.values().stream()
                .filter(pursuit -> !pursuit.punch.initiator)
                .count();
    }

    /** True if it belongs to a punch that is not over. */
    boolean receive(long now, int socket, Endpoint from, StunMessage message) {
        Pursuit pursuit = underWay.get(message.transaction().high());
        if (pursuit == null) {
            return false;
        }
        Punch punch = pursuit.punch;
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
        Pursuit pursuit = underWay.get(punch.number);
        if (pursuit == null) {
            return;
        }
        Endpoint alias = routes.connected(now, punch, way, pursuit.resumes);
        if (punch.initiator || !pursuit.calls.isEmpty()) {
            succeeded += pursuit.resumes == null ? 1 : 0;
        }
        PunchResult result = new PunchResult(
                alias,
                way.kind(),
                Duration.ofNanos(now - punch.begun()),
                punch.prober.count(),
                punch.local,
                punch.remote());
        pursuit.endCalls(call -> bench.outbox().add(new Effect.Ended(call, result, null)));
        others(pursuit).forEach(other -> other.punch.end(now));
    }

    /** Those for the same calls that look for a way still. */
    private List<Pursuit> others(Pursuit pursuit) {
        return underWay.values().stream()
                .filter(other -> other != pursuit && other.calls == pursuit.calls && other.punch.way() == null)
                .toList();
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
        Pursuit pursuit = underWay.get(punch.number);
        if (pursuit != null) {
            PunchException reason = new PunchException(failure, why);
            if (others(pursuit).isEmpty()) {
                pursuit.endCalls(call -> bench.outbox().add(new Effect.Ended(call, null, reason)));
            }
            if (pursuit.resumes != null && punch.initiator) {
                routes.notResumed(now, pursuit.resumes);
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
        Pursuit pursuit = underWay.remove(punch.number);
        if (pursuit != null) {
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
                        .mapToLong(pursuit -> pursuit.punch.prober.count())
                        .sum();
    }

    int size() {
        return underWay.size();
    }

    void close(long now) {
        PunchException closed = new PunchException(Failure.CLOSED, "The transport is closed");
        for (Pursuit pursuit : List.copyOf(underWay.values())) {
            pursuit.endCalls(call -> bench.outbox().add(new Effect.Ended(call, null, closed)));
            pursuit.punch.end(now);
        }
        routes.close();
    }
}

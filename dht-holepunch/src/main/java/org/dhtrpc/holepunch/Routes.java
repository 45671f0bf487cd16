package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The paths that were found. Each is kept open as long as the node uses it, with a probe every 15 s that the other end answers; if
 * it does not, the path is looked for anew. Which of them leads to an address may be asked on any thread.
 */
final class Routes {
    private static final long MILLI = 1_000_000L;
    private static final long KEEPALIVE = 15_000 * MILLI;
    private static final long JITTER = 2_000 * MILLI;
    private static final long ANSWERED_WITHIN = 1_000 * MILLI;
    private static final long UNUSED = 120_000 * MILLI;
    private static final int LOST = 3;
    private static final int MOST = 512;
    private static final int FIRST_PORT = 1_024;
    private static final int LAST_PORT = 65_535;

    /** What proves that one knew the path before. */
    private static final int PROOF = 16;

    private final Map<Endpoint, Route> byAlias = new ConcurrentHashMap<>();
    private final Map<Long, Route> byNumber = new LinkedHashMap<>();
    private final Map<Place, Route> byPlace = new LinkedHashMap<>();
    private final Workbench bench;
    private final Resumer resumer;

    private record Place(int socket, Endpoint remote) {}

    /** Looks for a path anew. */
    @FunctionalInterface
    interface Resumer {
        /** Ends with {@link Routes#resumed} or {@link Routes#notResumed}. */
        void resume(long now, Route route);
    }

    Routes(Workbench bench, Resumer resumer) {
        this.bench = bench;
        this.resumer = resumer;
    }

    /** From any thread; null if datagrams to it go out as they are. */
    @Nullable
    Route find(Endpoint alias) {
        return byAlias.get(alias);
    }

    @Nullable
    Route numbered(long number) {
        return byNumber.get(number);
    }

    /** By which address the node knows what comes from there; null if nothing is expected there. */
    @Nullable
    Endpoint origin(long now, int socket, Endpoint from) {
        Route route = byPlace.get(new Place(socket, from));
        if (route != null) {
            route.use(now);
            return route.alias;
        }
        return socket == Outbox.MAIN ? from : null;
    }

    int size() {
        return byNumber.size();
    }

    /**
     * A punch has found a way, or another one than before.
     *
     * @param resumed the path that it continues, null if none
     * @return the address that the node is to use
     */
    Endpoint connected(long now, Punch punch, Way way, @Nullable Route resumed) {
        RelayLine line = punch.agreement.line();
        byte[] key = punch.agreement.key();
        if (line == null || key == null) {
            throw new IllegalStateException("A way without a key: " + punch.number);
        }
        Route route = resumed != null && !resumed.closed ? resumed : byNumber.get(punch.number);
        if (route == null) {
            Endpoint alias = alias(punch, way);
            drop(byAlias.get(alias));
            route = new Route(now, alias, punch, way, line, key, bench.timers().at(now, later -> {}));
            makeRoom();
            byAlias.put(alias, route);
        } else {
            forget(route, way);
            route.become(now, punch, way, line, key);
        }
        take(punch, way);
        byNumber.put(route.number, route);
        if (!way.relayed()) {
            byPlace.put(new Place(way.socket(), way.remote()), route);
        }
        schedule(now, route, KEEPALIVE + bench.random().nextLong(JITTER));
        return route.alias;
    }

    /**
     * Where the other end has answered. If all goes through the referrer, it is what our own node has asked for; but whoever was
     * invited has nothing but the referrer's word, who might name anybody, and have what we send to him. So that one is known by a
     * port of the referrer's host.
     */
    private static Endpoint alias(Punch punch, Way way) {
        if (!way.relayed()) {
            return way.remote();
        }
        if (punch.initiator) {
            return punch.peer();
        }
        int port = FIRST_PORT + (int) Long.remainderUnsigned(punch.number, LAST_PORT - FIRST_PORT);
        // Not the referrer's own.
        return Endpoint.of(punch.referrer.address(), port < punch.referrer.port() ? port : port + 1);
    }

    /** The socket is the path's from now on, and no longer the punch's. */
    private static void take(Punch punch, Way way) {
        if (way.socket() != Outbox.MAIN) {
            punch.sockets.handOver(way.socket());
        }
    }

    private void makeRoom() {
        if (byAlias.size() >= MOST) {
            Route oldest = byNumber.values().iterator().next();
            for (Route route : byNumber.values()) {
                oldest = route.used() - oldest.used() < 0 ? route : oldest;
            }
            drop(oldest);
        }
    }

    private void forget(Route route, @Nullable Way next) {
        Way way = route.way();
        byNumber.remove(route.number, route);
        byPlace.remove(new Place(way.socket(), way.remote()), route);
        if (way.socket() != Outbox.MAIN && (next == null || next.socket() != way.socket())) {
            bench.openings().close(way.socket());
            bench.budget().returnSockets(1);
        }
    }

    private void drop(@Nullable Route route) {
        if (route != null && !route.closed) {
            route.closed = true;
            route.timer.cancel();
            forget(route, null);
            byAlias.remove(route.alias, route);
        }
    }

    /** The other end is another one by now. */
    void forget(Route route) {
        drop(route);
    }

    void close() {
        for (Route route : byNumber.values().toArray(new Route[0])) {
            drop(route);
        }
    }

    // Keeping them open.

    private void schedule(long now, Route route, long delay) {
        route.timer.cancel();
        route.timer = bench.timers().at(now + delay, later -> tick(later, route));
    }

    private void tick(long now, Route route) {
        if (now - route.used() > UNUSED) {
            drop(route);
        } else if ((route.missed >= LOST || route.wornOut(now)) && !route.resuming) {
            route.resuming = true;
            resumer.resume(now, route);
        } else {
            ask(route);
            route.missed++;
            schedule(now, route, ANSWERED_WITHIN);
        }
    }

    private static void ask(Route route) {
        Way way = route.way();
        if (way.relayed()) {
            route.line.ask();
        } else if (route.initiator) {
            route.prober.nominate(way.socket(), way.remote(), way.kind());
        } else {
            route.prober.probe(way.socket(), way.remote(), way.kind());
        }
    }

    private void alive(long now, Route route) {
        List<LongConsumer> told = List.copyOf(route.asking);
        route.asking.clear();
        told.forEach(one -> one.accept(now));
        if (!route.resuming) {
            route.missed = 0;
            schedule(now, route, KEEPALIVE + bench.random().nextLong(JITTER));
        }
    }

    /** The path to whom a referrer sees there; null if there is none. */
    @Nullable
    Route leadingTo(Endpoint peer) {
        for (Route route : byNumber.values()) {
            if (route.peer.equals(peer) && !route.resuming) {
                return route;
            }
        }
        return null;
    }

    /** Finds out whether a path still answers, and tells one of the two. */
    void check(long now, Route route, LongConsumer alive, LongConsumer silent) {
        route.asking.add(alive);
        route.use(now);
        ask(route);
        bench.timers().at(now + ANSWERED_WITHIN / 2, later -> {
            if (route.asking.remove(alive)) {
                silent.accept(later);
            }
        });
    }

    /** It was not found again: once more, later, as long as somebody uses it. */
    void notResumed(long now, Route route) {
        if (!route.closed && route.resuming) {
            route.resuming = false;
            route.missed = LOST - 1;
            schedule(now, route, Math.min((1_000 * MILLI) << Math.min(route.resumed++, 5), 30_000 * MILLI));
        }
    }

    /** A probe of the other end, or the answer to one of ours. */
    void receive(long now, Route route, int socket, Endpoint from, StunMessage message) {
        if (!route.prober.genuine(message)) {
            return;
        }
        Way way = route.way();
        if (message.kind() == Kind.REQUEST) {
            route.prober.answer(socket, from, message);
            if (socket == way.socket()) {
                seen(route, new Way(socket, from, way.relayed() ? Path.PUNCHED : way.kind()));
            }
        } else if (message.kind() == Kind.SUCCESS && route.prober.answered(socket, from, message) != null) {
            Way next = route.next;
            if (next != null && next.remote().equals(from) && next.socket() == socket) {
                move(route, next);
            }
            alive(now, route);
        }
    }

    /**
     * The other end is where it was; or else it comes from elsewhere now, from behind another NAT, or the same one after it has lost
     * its memory: if it answers there. That it reaches us says nothing of whether we reach it.
     */
    private static void seen(Route route, Way from) {
        if (!from.leadsWhere(route.way())) {
            route.next = from;
            route.prober.probe(from.socket(), from.remote(), from.kind());
        }
    }

    private void move(Route route, Way next) {
        Way way = route.way();
        byPlace.remove(new Place(way.socket(), way.remote()), route);
        route.goBy(next);
        route.next = null;
        route.prober.settle(next.remote());
        byPlace.put(new Place(next.socket(), next.remote()), route);
    }

    /** Something that the referrer has relayed; a datagram, if it is one. */
    byte @Nullable [] relayed(long now, Route route, StunMessage message) {
        RelayLine.Opened opened = route.line.receive(message);
        if (opened == null) {
            return null;
        }
        alive(now, route);
        if (opened.content() == RelayLine.Content.ASK) {
            route.line.answer();
        }
        if (opened.content() != RelayLine.Content.DATAGRAM) {
            return null;
        }
        route.use(now);
        return opened.datagram();
    }

    // Finding them again.

    /** What shows the other end that a new punch continues this path. */
    static byte[] claim(Route route, byte[] publicKey) {
        byte[] proof = Secrets.hmac(route.key, publicKey);
        return ByteBuffer.allocate(Long.BYTES + PROOF)
                .putLong(route.number)
                .put(proof, 0, PROOF)
                .array();
    }

    /** The path that somebody claims to continue; null if it is not his. */
    @Nullable
    Route claimed(byte @Nullable [] claim, byte[] publicKey) {
        if (claim == null || claim.length != Long.BYTES + PROOF) {
            return null;
        }
        Route route = byNumber.get(ByteBuffer.wrap(claim).getLong());
        return route != null && java.security.MessageDigest.isEqual(claim, claim(route, publicKey)) ? route : null;
    }
}

package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Hole punching as a state machine that is polled, as the core is: no clock, socket, thread or future inside.
 *
 * <p>Inputs carry the time, in nanoseconds of a clock that never goes back. After any of them carry out what {@link #poll} gives,
 * and call {@link #advance} when {@link #deadline} has come. Not thread-safe, but for {@link #route}.
 *
 * <p>This class tells by the method of a STUN message whose matter it is.
 */
final class Agent {

    private final Timers timers = new Timers();
    private final Outbox outbox = new Outbox();
    private final Transactions transactions = new Transactions(timers, outbox);
    private final Openings openings = new Openings(outbox);
    private final PunchBudget.Share budget;
    private final Workbench bench;
    private final PublicAddress address;
    private final Profiler profiler;
    private final Witnesses witnesses;
    private final StunServer server;
    private final Seen seen;
    private final Referrer referrer;
    private final Punches punches;
    private final Invitations invitations;

    private long calls;
    private boolean closed;

    /**
     * @param local where the main socket is bound to
     * @param hosts its addresses inside of our own network
     */
    Agent(PunchOptions options, RandomGenerator random, Endpoint local, List<Endpoint> hosts) {
        address = new PublicAddress(options.privateAddresses());
        profiler = new Profiler(
                timers,
                address,
                new Classifier(timers, outbox, transactions, random),
                new MappingLifetime(timers, outbox, transactions, random),
                new PortMapper(timers, outbox, random),
                hosts.isEmpty() ? local : hosts.get(0));
        budget = options.budget().share();
        bench = new Workbench(
                timers, outbox, transactions, openings, random, options, budget, local, hosts, profiler::forPunch);
        server = new StunServer(timers, outbox);
        witnesses = new Witnesses(bench, address, this::helped);
        seen = new Seen(random);
        referrer = new Referrer(outbox, seen, options, random, this::isOurs);
        punches = new Punches(bench, witnesses);
        invitations = new Invitations(bench, punches, seen);
    }

    private boolean isOurs(Endpoint endpoint) {
        return endpoint.equals(bench.local())
                || endpoint.equals(address.endpoint())
                || bench.hosts().contains(endpoint);
    }

    private void helped(long now) {
        server.address(bench.local(), address.endpoint());
        profiler.helped(now, witnesses.list());
    }

    /** @param gateway the router that is asked for a port; null if none is */
    void begin(long now, @Nullable Gateway gateway) {
        server.address(bench.local(), null);
        witnesses.begin(now);
        if (gateway != null) {
            profiler.askRouter(now, gateway);
        }
    }

    @Nullable
    Effect poll() {
        return outbox.poll();
    }

    /** When {@link #advance} has something to do; {@link Long#MAX_VALUE} if never. */
    long deadline() {
        return timers.earliest();
    }

    void advance(long now) {
        timers.advance(now);
    }

    /** What leads to an address, null if datagrams go there as they are. From any thread. */
    @Nullable
    Route route(Endpoint to) {
        return punches.routes().find(to);
    }

    /** By which address the node knows what comes from there; null if it is nobody's who is expected at that socket. */
    @Nullable
    Endpoint origin(long now, int socket, Endpoint from) {
        return punches.routes().origin(now, socket, from);
    }

    /** Sends a datagram along a path that leads through a referrer. */
    void relay(Route route, byte[] datagram) {
        route.line.datagram(datagram);
    }

    /** Takes a datagram, if it is STUN; it is the node's if not. The buffer is left as it was. */
    boolean receive(long now, int socket, Endpoint from, ByteBuffer datagram) {
        if (closed) {
            return false;
        }
        StunMessage message = StunMessage.read(datagram);
        boolean ours = message == null
                ? profiler.receive(now, socket, from, datagram)
                : profiler.receive(now, socket, from, message) || dispatch(now, socket, from, message);
        if (socket == Outbox.MAIN) {
            // Afterwards: who invites us must have been heard of before.
            seen.saw(now, from);
            witnesses.heard(now, from);
        }
        return ours;
    }

    private boolean dispatch(long now, int socket, Endpoint from, StunMessage message) {
        if (message.method() == Stun.BINDING) {
            binding(now, socket, from, message);
        } else if (socket == Outbox.MAIN) {
            signal(now, from, message);
        }
        return true;
    }

    private void binding(long now, int socket, Endpoint from, StunMessage message) {
        Route route = punches.routes().numbered(message.transaction().high());
        if (punches.receive(now, socket, from, message)) {
            return;
        }
        if (route != null) {
            punches.routes().receive(now, route, socket, from, message);
        } else if (message.kind() == Kind.REQUEST) {
            server.receive(now, socket, from, message);
        } else {
            transactions.receive(now, socket, from, message);
        }
    }

    private void signal(long now, Endpoint from, StunMessage message) {
        boolean answer = message.kind() == Kind.SUCCESS || message.kind() == Kind.ERROR;
        if (message.method() == Stun.INTRODUCE && answer) {
            transactions.receive(now, Outbox.MAIN, from, message);
        } else if (message.method() == Stun.INVITE && message.kind() == Kind.REQUEST) {
            invitations.invited(now, from, message);
        } else if (message.kind() == Kind.INDICATION && punches.receive(now, Outbox.MAIN, from, message)) {
            // Of a punch that is under way.
        } else if (message.method() == Stun.RELAY && relayed(now, from, message)) {
            // Of a path that is open.
        } else {
            referrer.receive(now, from, message);
        }
    }

    private boolean relayed(long now, Endpoint from, StunMessage message) {
        Route route = punches.routes().numbered(message.transaction().high());
        if (route == null || !route.referrer.equals(from)) {
            return false;
        }
        byte[] datagram = punches.routes().relayed(now, route, message);
        if (datagram != null) {
            outbox.add(new Effect.Deliver(route.alias, datagram));
        }
        return true;
    }

    /** A socket that {@link Effect.Open} asked for. */
    void opened(long now, int socket, Endpoint local) {
        if (!openings.opened(now, socket, local) && !profiler.opened(now, socket, local)) {
            server.opened(now, socket, local);
        }
    }

    /** There is none. */
    void notOpened(long now, int socket) {
        if (!openings.opened(now, socket, null) && !profiler.notOpened(now, socket)) {
            server.notOpened(now, socket);
        }
    }

    /** Begins a punch; {@link Effect.Ended} with a {@link PunchResult} comes of it. */
    long punch(long now, Endpoint peer, Endpoint through) {
        long call = call();
        if (call >= 0) {
            punches.begin(now, call, peer, through);
        }
        return call;
    }

    /** Asks a server how it sees the main socket; {@link Effect.Ended} with an {@link Endpoint} comes of it. */
    long stun(long now, Endpoint to) {
        long call = call();
        transactions.bind(
                now,
                bench.random(),
                Outbox.MAIN,
                to,
                Transactions.Patience.LONG,
                (later, answer) -> {
                    Endpoint us = answer.seen();
                    if (us == null) {
                        end(call, null, new PunchException(Failure.REFUSED, to + " refuses: " + answer.errorCode()));
                    } else {
                        end(call, us, null);
                    }
                },
                later -> end(call, null, new PunchException(Failure.TIMED_OUT, "No STUN server answers at " + to)));
        return call;
    }

    private long call() {
        return calls++;
    }

    private void end(long call, @Nullable Object outcome, @Nullable PunchException failure) {
        outbox.add(new Effect.Ended(call, outcome, failure));
    }

    /** Measures how long a mapping lasts; {@link Effect.Ended} with a {@link NatProfile} comes of it. */
    long lifetime(long now, Duration most) {
        long call = call();
        if (!profiler.measureLifetime(now, most, later -> end(call, profiler.profile(), null))) {
            end(call, null, profiler.cannotMeasure());
        }
        return call;
    }

    PunchStats stats() {
        return new PunchStats(
                punches.begun,
                punches.succeeded,
                invitations.accepted(),
                referrer.introductions(),
                referrer.refusals() + invitations.refused(),
                referrer.relayedBytes(),
                punches.probes(),
                punches.routes().size());
    }

    /** Finds out what is before us, if that is not known; {@link Effect.Ended} with a {@link NatProfile} comes of it. */
    long profile(long now) {
        long call = call();
        profiler.want(now, later -> end(call, profiler.profile(), null));
        return call;
    }

    void close(long now) {
        if (!closed) {
            closed = true;
            punches.close(now);
            profiler.close();
            server.close();
            timers.clear();
            budget.close();
        }
    }

    /** How many punches are under way, of whomever. */
    int underWay() {
        return punches.size();
    }

    /** How many things are to be done later. */
    int timers() {
        return timers.size();
    }

    /** Gives back all sockets to the budget, should nobody come to {@link #close} it any more. From any thread. */
    void release() {
        budget.close();
    }
}

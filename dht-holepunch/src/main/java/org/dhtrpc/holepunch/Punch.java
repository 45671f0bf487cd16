package org.dhtrpc.holepunch;

import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One end of a punch, once the referrer has introduced it: runs the {@link Race}, answers the other end's probes, and knows when a
 * way is found. Whoever began has found one when a probe of its own is answered, and then nominates it; for the other end that
 * is the way.
 */
final class Punch {
    private static final long MILLI = 1_000_000L;

    /** For so long after the end late probes are still answered. */
    private static final long LINGER = 3_000 * MILLI;

    /** Whoever is invited cannot know how long the other end still tries. */
    private static final long MOST = 60_000 * MILLI;

    /** Nor whether there is one, until it says something that only it can say. */
    private static final long UNPROVEN = 15_000 * MILLI;

    /** Where hope is small a relay is tried after this, otherwise as long before the end as given. */
    private static final long HOPELESS = 800 * MILLI;

    private static final long BEFORE_THE_END = 3_000 * MILLI;
    private static final long STEADY = 6_000 * MILLI;
    private static final long AGAIN = 500 * MILLI;

    /** When the other end is told to begin, in milliseconds; a way being found ends it. */
    private static final int[] STARTS = {0, 100, 250, 500, 1_000, 2_000};

    private static final int[] TRIGGERED = {0, 100, 200, 400, 800, 1_600};

    final long number;
    final boolean initiator;
    final Endpoint referrer;
    final Prober prober;
    final Agreement agreement;
    final Sockets sockets;
    final NatProfile local;
    final List<Candidate> ours;

    private final Workbench bench;
    private final PunchOwner owner;
    private final long begun;
    private final Attempts attempts;
    private final Ways ways = new Ways();

    /** Where the referrer sees the other end. */
    private Endpoint peer;

    private NatProfile remote = NatProfile.UNKNOWN;

    /** Null as long as the other end is not known. */
    private @Nullable Heat heat;

    private @Nullable Way way;
    private int relayLimit;
    private boolean started;
    private boolean ended;

    /** @param local our profile, and what was said to the other end of it */
    Punch(
            long now,
            long number,
            boolean initiator,
            Endpoint peer,
            Endpoint referrer,
            NatProfile local,
            List<Candidate> ours,
            Sockets sockets,
            Workbench bench,
            PunchOwner owner) {
        this.begun = now;
        this.number = number;
        this.initiator = initiator;
        this.peer = peer;
        this.referrer = referrer;
        this.local = local;
        this.ours = ours;
        this.sockets = sockets;
        this.bench = bench;
        this.owner = owner;
        this.attempts = new Attempts(bench.timers());
        this.agreement = new Agreement(this, bench);
        this.prober = new Prober(number, initiator, bench.random(), bench.outbox());
        prober.expect(peer);
        if (initiator) {
            attempts.at(begun + bench.options().timeout().toNanos(), this::overdue);
        } else {
            attempts.at(now + MOST, this::end);
            attempts.at(now + UNPROVEN, this::overdue);
        }
    }

    Introduction introduction() {
        return new Introduction(agreement.publicKey(), local, ours);
    }

    /** Nobody has introduced us in time, or nobody has begun who has invited us. */
    private void overdue(long now) {
        if (initiator && heat == null) {
            owner.failed(now, this, Failure.TIMED_OUT, peer + " was not introduced to us in time");
            end(now);
        } else if (!initiator && !started && ways.none()) {
            end(now);
        }
    }

    /**
     * The other end is known.
     *
     * @param relayLimit how many bytes the referrer would relay
     */
    void meet(Introduction introduction, Endpoint peer, Endpoint seen, long roundTrip, int relayLimit) {
        if (way == null) {
            prober.expect(peer);
        }
        this.peer = peer;
        this.remote = introduction.profile();
        this.relayLimit = relayLimit;
        Race race = new Race(local, remote, seen, peer, ours, introduction.candidates(), roundTrip);
        heat = new Heat(this, race, roundTrip / 2, this::tell, attempts, bench);
    }

    /** The first probe, before anything is agreed. */
    void early() {
        if (way == null && heat != null) {
            heat.early();
        }
    }

    /** Whoever began says so to the other end, and begins when that has heard of it. */
    void begin(long now, long halfway) {
        for (int delay : STARTS) {
            attempts.at(now + delay * MILLI, later -> tell(Notice.START, null));
        }
        early();
        start(now, halfway);
    }

    private void start(long now, long delay) {
        Heat heats = heat;
        if (started || ended || heats == null) {
            return;
        }
        started = true;
        heats.begin(now, delay, () -> guesses(now));
        if (initiator) {
            plan(now, heats.race());
        }
    }

    private int guesses(long now) {
        return initiator ? Birthday.PATIENT : owner.mayGuess(now, peer) ? Birthday.INVITED : 0;
    }

    private void plan(long now, Race chosen) {
        long end = begun + bench.options().timeout().toNanos();
        boolean relays = bench.options().relays() && relayLimit > 0;
        long relay = chosen.hopeless() ? now + HOPELESS : chosen.bothSteady() ? now + STEADY : end - BEFORE_THE_END;
        RelayLine through = agreement.line();
        if (relays && through != null) {
            attempts.at(Math.min(relay, end - BEFORE_THE_END), later -> relay(later, through));
        }
        attempts.at(chosen.hopeless() ? Math.min(end, now + HOPELESS + BEFORE_THE_END) : end, this::giveUp);
    }

    private void relay(long now, RelayLine through) {
        if (promising(now + BEFORE_THE_END)) {
            attempts.at(now + AGAIN, later -> relay(later, through));
        } else {
            attempts.run(now, new RelayAttempt(through, bench), 0);
        }
    }

    /** Whether a search should go on beyond its time: others may have had the budget. */
    private boolean promising(long now) {
        return heat != null && heat.promising() && now - (begun + MOST) < 0;
    }

    private void giveUp(long now) {
        if (promising(now)) {
            attempts.at(now + AGAIN, this::giveUp);
            return;
        }
        tell(Notice.END, null);
        owner.failed(
                now,
                this,
                Failure.NO_PATH,
                "Nothing that was tried has opened a path: " + local.kind() + " here, " + remote.kind() + " there");
        end(now);
    }

    private void tell(Notice notice, @Nullable Endpoint address) {
        byte[] sealed = prober.notice(notice, address);
        if (sealed != null) {
            bench.outbox().send(Outbox.MAIN, referrer, sealed);
        }
    }

    /** Something from the referrer that the other end has written. */
    void notice(long now, StunMessage message) {
        Notice notice = prober.genuine(message) ? Notice.read(message) : null;
        if (notice == null || ended) {
            return;
        }
        prober.introduced();
        if (notice == Notice.END) {
            end(now);
            return;
        }
        // Whatever comes first: the START may have been lost.
        start(now, 0);
        Endpoint moved = notice == Notice.MOVED ? message.xorAddress(Stun.XOR_MAPPED_ADDRESS) : null;
        if (heat != null && notice == Notice.START_AGAIN) {
            heat.again(now);
        } else if (heat != null && moved != null && way == null && Scope.sameHost(moved, peer)) {
            heat.moved(now, moved);
        }
    }

    /** Something that the referrer has relayed. */
    void relayed(long now, StunMessage message) {
        RelayLine through = agreement.line();
        RelayLine.Opened opened = through == null ? null : through.receive(message);
        if (through == null || opened == null || !bench.options().relays() || ended) {
            return;
        }
        switch (opened.content()) {
            case ASK -> {
                through.answer();
                if (way == null) {
                    // It may have been asked before the other end found a better one, and come later.
                    connected(now, new Way(Outbox.MAIN, peer, Path.RELAYED));
                }
            }
            case ANSWER -> connected(now, new Way(Outbox.MAIN, peer, Path.RELAYED));
            case DATAGRAM -> owner.relayed(now, this, opened.datagram());
        }
    }

    /** A probe of the other end, or an answer to one of ours. */
    void receive(long now, int socket, Endpoint from, StunMessage message) {
        agreement.reach(message);
        if (!prober.genuine(message)) {
            return;
        }
        if (message.kind() == Kind.REQUEST) {
            asked(now, socket, from, message);
        } else if (message.kind() == Kind.SUCCESS) {
            Prober.Sent sent = prober.answered(socket, from, message);
            if (sent != null) {
                answered(now, new Way(socket, from, sent.kind()));
            }
        }
    }

    /** The other end is there. Whoever was invited waits to hear that it is to be this way. */
    private void answered(long now, Way there) {
        if (initiator || ways.answered(there)) {
            connected(now, there);
        }
    }

    private void asked(long now, int socket, Endpoint from, StunMessage probe) {
        prober.answer(socket, from, probe);
        Way came = new Way(socket, from, heat == null ? Path.PUNCHED : heat.kindOf(socket, from));
        if (prober.nominates(probe)) {
            prober.introduced();
            nominated(now, came);
        } else if (way == null && ways.heard(came)) {
            for (int delay : TRIGGERED) {
                attempts.at(now + delay * MILLI, later -> prober.probe(socket, from, came.kind()));
            }
        }
    }

    private void nominated(long now, Way came) {
        if (ways.nominated(came) || came.leadsWhere(way)) {
            connected(now, came);
        } else {
            prober.probe(came.socket(), came.remote(), came.kind());
        }
    }

    private void connected(long now, Way found) {
        if (ended || found.equals(way) || (initiator && way != null)) {
            return;
        }
        if (way == null) {
            attempts.whatever(now + LINGER, this::end);
        }
        way = found;
        prober.settle(found.remote());
        attempts.settle();
        owner.connected(now, this, found);
        if (initiator && !found.relayed()) {
            for (int delay : new int[] {0, 100, 300}) {
                attempts.whatever(
                        now + delay * MILLI, later -> prober.nominate(found.socket(), found.remote(), found.kind()));
            }
        }
    }

    /** Nothing more is sent or answered. Idempotent. */
    void end(long now) {
        if (ended) {
            return;
        }
        ended = true;
        attempts.end();
        sockets.closeAll();
        owner.over(now, this);
    }

    /** Whether it is over: what comes later is nobody's. */
    boolean ended() {
        return ended;
    }

    /** Whether the other end has shown that it is there, and has our key. */
    boolean started() {
        return started;
    }

    Endpoint peer() {
        return peer;
    }

    NatProfile remote() {
        return remote;
    }

    long begun() {
        return begun;
    }

    @Nullable
    Way way() {
        return way;
    }
}

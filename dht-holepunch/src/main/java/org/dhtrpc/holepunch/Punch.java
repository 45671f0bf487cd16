package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
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

    /** For so long an end that anybody can reach lets the other one begin. */
    private static final long SILENCE = 1_500 * MILLI;

    /** Ways by which a probe came, whose answer may have been lost. */
    private static final int MOST_WAYS = 16;

    /** When the other end is told to begin, in milliseconds; a way being found ends it. */
    private static final int[] STARTS = {0, 100, 250, 500, 1_000, 2_000};

    private static final int[] TRIGGERED = {0, 100, 200, 400, 800, 1_600};

    /** Who wants to know how it goes. */
    interface Owner {
        /** There is a way; called again if the other end prefers another. */
        void connected(long now, Punch punch, Way way);

        /** A datagram that came by way of the referrer. */
        void relayed(long now, Punch punch, byte[] datagram);

        /** There is none. */
        void failed(long now, Punch punch, Failure failure, String why);

        /** Whether an invited end may search for a port of this host; it is counted as a search. */
        boolean mayGuess(long now, Endpoint peer);

        /** It can be forgotten. */
        void over(long now, Punch punch);
    }

    final long number;
    final boolean initiator;
    final Endpoint referrer;
    final KeyExchange exchange;
    final Prober prober;
    final Sockets sockets;
    final NatProfile local;
    final List<Candidate> ours;

    private final Workbench bench;
    private final Owner owner;
    private final long begun;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Timers.Timer> timers = new ArrayList<>();
    private final Set<Way> triggered = new LinkedHashSet<>();

    /** By which the other end has answered. */
    private final Set<Way> proven = new LinkedHashSet<>();

    private @Nullable Way nominated;

    /** Where the referrer sees the other end. */
    private Endpoint peer;

    private NatProfile remote = NatProfile.UNKNOWN;
    private List<PlainChecks.Target> targets = List.of();

    /** From what the other end says of itself, and where the referrer sees the two. */
    private @Nullable Race race;

    private @Nullable RelayLine line;
    private @Nullable FreshSockets fresh;
    private @Nullable Birthday birthday;
    private byte @Nullable [] key;
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
            Owner owner) {
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
        this.exchange = new KeyExchange(bench.random());
        this.prober = new Prober(number, initiator, bench.random(), bench.outbox());
        prober.expect(peer);
        if (initiator) {
            at(begun + bench.options().timeout().toNanos(), this::notIntroduced);
        } else {
            at(now + MOST, this::end);
            at(now + UNPROVEN, this::notStarted);
        }
    }

    Introduction introduction() {
        return new Introduction(exchange.publicKey(), local, ours);
    }

    private void notIntroduced(long now) {
        if (race == null) {
            owner.failed(now, this, Failure.TIMED_OUT, peer + " was not introduced to us in time");
            end(now);
        }
    }

    private void notStarted(long now) {
        if (!started && triggered.isEmpty()) {
            end(now);
        }
    }

    /** Takes the other end's public key, if none was taken; false if it is none. */
    boolean agree(byte[] theirs) {
        if (key != null) {
            return true;
        }
        byte[] shared = exchange.shared(theirs, number, "probes");
        byte[] forth = exchange.shared(theirs, number, "forth");
        byte[] back = exchange.shared(theirs, number, "back");
        if (shared == null || forth == null || back == null) {
            return false;
        }
        key = shared;
        prober.start(shared, initiator ? null : exchange.publicKey());
        line = new RelayLine(number, referrer, bench.outbox(), initiator ? forth : back, initiator ? back : forth);
        return true;
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
        Race chosen = new Race(local, remote, seen, peer, ours, introduction.candidates(), roundTrip);
        race = chosen;
        targets = chosen.targets(bench);
        fresh = new FreshSockets(initiator, referrer, roundTrip / 2, prober, bench, sockets, this::tell);
        attempts.add(fresh);
    }

    /** The first probe, before anything is agreed: it opens our own NAT. */
    void early(long now) {
        if (way != null || (race != null && race.silent(initiator))) {
            return;
        }
        prober.probe(Outbox.MAIN, peer, targets.get(0).kind());
    }

    /** Whoever began says so to the other end, and begins when that has heard of it. */
    void begin(long now, long halfway) {
        for (int delay : STARTS) {
            timers.add(bench.timers().at(now + delay * MILLI, later -> {
                if (way == null) {
                    tell(Notice.START, null);
                }
            }));
        }
        early(now);
        start(now, halfway);
    }

    private void start(long now, long delay) {
        Race chosen = race;
        if (started || ended || chosen == null) {
            return;
        }
        started = true;
        run(
                now,
                new PlainChecks(Outbox.MAIN, targets, prober, bench),
                chosen.silent(initiator) ? delay + SILENCE : delay);
        Attempt prediction = chosen.prediction(prober, bench, sockets);
        if (prediction != null) {
            run(now, prediction, delay);
        }
        birthday = chosen.birthday(initiator, guesses(now), prober, bench, sockets);
        if (birthday != null) {
            run(now, birthday, delay + chosen.birthdayDelay());
        }
        if (initiator && local.steady() && remote.steady() && fresh != null) {
            at(now + delay + chosen.freshDelay(), fresh::begin);
        }
        if (initiator) {
            plan(now, chosen);
        }
    }

    /** Only if it comes to that: it is counted. */
    private IntSupplier guesses(long now) {
        return () -> initiator ? Birthday.PATIENT : owner.mayGuess(now, peer) ? Birthday.INVITED : 0;
    }

    private void plan(long now, Race chosen) {
        long end = begun + bench.options().timeout().toNanos();
        boolean relays = bench.options().relays() && relayLimit > 0;
        long relay = chosen.hopeless() ? now + HOPELESS : chosen.bothSteady() ? now + STEADY : end - BEFORE_THE_END;
        RelayLine through = line;
        if (relays && through != null) {
            at(Math.min(relay, end - BEFORE_THE_END), later -> run(later, new RelayAttempt(through, bench), 0));
        }
        at(chosen.hopeless() ? Math.min(end, now + HOPELESS + BEFORE_THE_END) : end, this::giveUp);
    }

    private void giveUp(long now) {
        if (birthday != null && birthday.promising() && now < begun + MOST) {
            at(now + 500 * MILLI, this::giveUp);
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

    private void run(long now, Attempt attempt, long delay) {
        attempts.add(attempt);
        at(now + delay, attempt::begin);
    }

    private void at(long time, java.util.function.LongConsumer task) {
        timers.add(bench.timers().at(time, now -> {
            if (way == null && !ended) {
                task.accept(now);
            }
        }));
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
        switch (notice) {
            case MOVED -> {
                Endpoint to = message.xorAddress(Stun.XOR_MAPPED_ADDRESS);
                if (to != null && fresh != null && way == null && Scope.sameHost(to, peer)) {
                    fresh.moved(now, to);
                }
            }
            case START_AGAIN -> {
                if (fresh != null) {
                    fresh.start(now);
                }
            }
            default -> {}
        }
    }

    /** Something that the referrer has relayed. */
    void relayed(long now, StunMessage message) {
        RelayLine through = line;
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
        byte[] theirs = message.value(Stun.KEY);
        if (key == null && theirs != null) {
            byte[] shared = exchange.shared(theirs, number, "probes");
            if (shared != null && message.integrityHolds(shared)) {
                agree(theirs);
            }
        }
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
        if (initiator || there.leadsWhere(nominated)) {
            connected(now, there);
        } else if (proven.size() < MOST_WAYS) {
            proven.add(there);
        }
    }

    private void asked(long now, int socket, Endpoint from, StunMessage probe) {
        prober.answer(socket, from, probe);
        Way came = new Way(socket, from, kindOf(socket, from));
        if (prober.nominates(probe)) {
            prober.introduced();
            nominated(now, came);
        } else if (way == null && triggered.size() < MOST_WAYS && triggered.add(came)) {
            for (int delay : TRIGGERED) {
                at(now + delay * MILLI, later -> prober.probe(socket, from, came.kind()));
            }
        }
    }

    /** A source is easily forged: only who has answered there is there. */
    private void nominated(long now, Way came) {
        nominated = came;
        if (came.leadsWhere(way) || proven.stream().anyMatch(came::leadsWhere)) {
            connected(now, came);
        } else {
            prober.probe(came.socket(), came.remote(), came.kind());
        }
    }

    private Path kindOf(int socket, Endpoint from) {
        for (PlainChecks.Target target : targets) {
            if (target.endpoint().equals(from) && socket == Outbox.MAIN) {
                return target.kind();
            }
        }
        return race == null ? Path.PUNCHED : race.byGuess();
    }

    private void connected(long now, Way found) {
        if (ended || found.equals(way) || (initiator && way != null)) {
            return;
        }
        boolean first = way == null;
        way = found;
        prober.settle(found.remote());
        attempts.forEach(Attempt::end);
        if (first) {
            timers.add(bench.timers().at(now + LINGER, this::end));
        }
        owner.connected(now, this, found);
        if (initiator && !found.relayed()) {
            for (int delay : new int[] {0, 100, 300}) {
                timers.add(bench.timers()
                        .at(
                                now + delay * MILLI,
                                later -> prober.nominate(found.socket(), found.remote(), found.kind())));
            }
        }
    }

    /** Nothing more is sent or answered. Idempotent. */
    void end(long now) {
        if (ended) {
            return;
        }
        ended = true;
        attempts.forEach(Attempt::end);
        timers.forEach(Timers.Timer::cancel);
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

    byte @Nullable [] key() {
        return key;
    }

    @Nullable
    RelayLine line() {
        return line;
    }

    @Nullable
    Way way() {
        return way;
    }
}

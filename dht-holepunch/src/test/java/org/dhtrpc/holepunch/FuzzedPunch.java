package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Three agents and a liar, whose inputs are read from bytes: what arrives, twice, late, altered or from elsewhere, what callers do, how
 * sockets open, how time passes. In the end they are left alone until all has ended, and closed.
 */
final class FuzzedPunch {
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_PENDING = 256;
    private static final Endpoint LIAR = Endpoint.parse("77.1.1.1:4000");
    private static final Endpoint VICTIM = Endpoint.parse("9.9.9.9:53");
    private static final List<Candidate.Kind> KINDS = List.of(Candidate.Kind.values());
    private static final Notice[] NOTICES = Notice.values();

    private final byte[] bytes;
    private int read;
    private long now = -7 * SECOND;
    private final List<Party> parties = new ArrayList<>();
    private final List<Datagram> pending = new ArrayList<>();
    private final List<Datagram> past = new ArrayList<>();
    private final KeyExchange exchange = new KeyExchange(new Random(3));
    private final boolean blocked;
    private byte[] key = new byte[32];
    private long number = 1;
    private int said;

    private static final class Datagram {
        final Endpoint from;
        final Endpoint to;
        final byte[] bytes;

        Datagram(Endpoint from, Endpoint to, byte[] bytes) {
            this.from = from;
            this.to = to;
            this.bytes = bytes;
        }
    }

    /** One agent, and what is known of it. */
    private final class Party {
        final int index;
        final PunchBudget budget = PunchBudget.simulated(40, 16, 64);
        final Agent agent;
        final Map<Long, Integer> ends = new TreeMap<>();
        final List<Long> calls = new ArrayList<>();
        final List<Integer> opening = new ArrayList<>();
        final Set<Integer> open = new HashSet<>();
        Endpoint outside;
        boolean closed;

        Party(int index) {
            this.index = index;
            outside = Endpoint.of(new byte[] {8, 8, (byte) index, 1}, 4000);
            PunchOptions options = PunchOptions.defaults()
                    .budget(budget)
                    .sockets(8)
                    .helpers(index < 2 ? List.of(Endpoint.parse("8.8.2.1:4000")) : List.of());
            agent = new Agent(options, new Random(index), outside, List.of(outside));
            agent.begin(now, null);
        }

        Endpoint at(int socket) {
            return Endpoint.of(outside.address(), outside.port() + socket);
        }

        void drain() {
            for (Effect effect = agent.poll(); effect != null; effect = agent.poll()) {
                if (effect instanceof Effect.Send send) {
                    sent(send);
                } else if (effect instanceof Effect.Open one) {
                    opening.add(one.socket());
                } else if (effect instanceof Effect.Close one) {
                    assertThat(opening.remove((Integer) one.socket()) || open.remove(one.socket()))
                            .as("closes what it has opened")
                            .isTrue();
                } else if (effect instanceof Effect.Ended end) {
                    ends.merge(end.call(), 1, Integer::sum);
                    assertThat(end.outcome() == null).isNotEqualTo(end.failure() == null);
                }
            }
            assertThat(agent.underWay()).isLessThanOrEqualTo(Punches.MOST);
            assertThat(budget.sockets()).isBetween(0, 64);
            assertThat(agent.timers()).isLessThan(5_000);
        }

        private void sent(Effect.Send send) {
            boolean ours = send.socket() == Outbox.MAIN || open.contains(send.socket());
            assertThat(Scope.usable(send.to()) && !Scope.isPrivate(send.to()))
                    .as("sends to nobody's or somebody's own address " + send.to())
                    .isTrue();
            assertThat(send.datagram().length).isLessThanOrEqualTo(1_400);
            if (ours && pending.size() < MOST_PENDING) {
                pending.add(new Datagram(at(send.socket()), send.to(), send.datagram()));
            }
        }

        void receive(int socket, Endpoint from, byte[] datagram) {
            if (!agent.receive(now, socket, from, ByteBuffer.wrap(datagram))) {
                agent.origin(now, socket, from);
            }
            drain();
        }
    }

    FuzzedPunch(byte[] bytes) {
        this.bytes = bytes;
        blocked = any() % 2 == 1;
        for (int i = 0; i < 3; i++) {
            parties.add(new Party(i));
        }
    }

    private int any() {
        return read < bytes.length ? Byte.toUnsignedInt(bytes[read++]) : 0;
    }

    private Party party() {
        return parties.get(any() % 3);
    }

    void run() {
        List<Runnable> inputs = List.of(
                this::pass,
                this::deliverAll,
                this::converse,
                this::deliverOne,
                this::lose,
                this::repeat,
                this::alter,
                this::call,
                this::callOther,
                this::openAll,
                this::failToOpen,
                this::invite,
                this::lie,
                this::relay,
                this::moveAway,
                this::close);
        parties.forEach(Party::drain);
        while (read < bytes.length) {
            inputs.get(any() % inputs.size()).run();
            parties.forEach(Party::drain);
        }
        end();
    }

    private void end() {
        for (Party party : parties) {
            for (int socket : List.copyOf(party.opening)) {
                opened(party, socket);
            }
        }
        // Nothing arrives any more; routes are forgotten two minutes after the last word, and their last punches a
        // minute later.
        pending.clear();
        passUntil(now + 600 * SECOND, true);
        for (Party party : parties) {
            assertThat(party.agent.underWay()).as("punches that never end").isZero();
            assertThat(party.agent.stats().paths()).as("paths that never end").isZero();
            assertThat(party.budget.sockets()).as("sockets not given back").isZero();
            assertThat(party.open).as("sockets that stay open").isEmpty();
            assertThat(party.agent.timers()).as("timers that stay").isLessThan(150);
            party.calls.forEach(call ->
                    assertThat(party.ends.get(call)).as("ends of call " + call).isEqualTo(1));
            if (!party.closed) {
                party.agent.close(now);
                party.drain();
            }
            assertThat(party.agent.timers()).isZero();
        }
    }

    private void pass() {
        int choice = any();
        passUntil(now + (choice < 200 ? choice * 1_000_000L : (choice - 200) * SECOND), false);
    }

    private void passUntil(long end, boolean deaf) {
        for (Party party : parties) {
            long at = now;
            while (party.agent.deadline() != Long.MAX_VALUE && party.agent.deadline() - end <= 0) {
                at = Math.max(at, party.agent.deadline());
                party.agent.advance(at);
                long before = now;
                now = at;
                party.drain();
                now = before;
                if (deaf) {
                    pending.clear();
                }
            }
        }
        now = end;
        for (Party party : parties) {
            party.agent.advance(now);
            party.drain();
        }
    }

    private void deliver(Datagram datagram) {
        if (past.size() < MOST_PENDING) {
            past.add(datagram);
        }
        for (Party party : parties) {
            int socket = datagram.to.port() - party.outside.port();
            boolean there = Scope.sameHost(datagram.to, party.outside)
                    && (socket == Outbox.MAIN || party.open.contains(socket));
            if (there && !(blocked && party.index < 2 && direct(datagram))) {
                party.receive(socket, datagram.from, datagram.bytes);
            }
        }
    }

    /** Between the two that are not the referrer, by their main sockets. */
    private boolean direct(Datagram datagram) {
        return datagram.from.port() == 4000
                && datagram.to.port() == 4000
                && !Scope.sameHost(datagram.from, parties.get(2).outside);
    }

    private void deliverAll() {
        List<Datagram> all = List.copyOf(pending);
        pending.clear();
        all.forEach(this::deliver);
    }

    /** Nothing goes wrong for some time. */
    private void converse() {
        for (int i = 1 + any() % 16; i > 0; i--) {
            openAll();
            deliverAll();
            passUntil(now + 20_000_000, false);
        }
    }

    private @Nullable Datagram one(List<Datagram> from) {
        return from.isEmpty() ? null : from.get(any() % from.size());
    }

    private void deliverOne() {
        Datagram datagram = one(pending);
        if (datagram != null) {
            pending.remove(datagram);
            deliver(datagram);
        }
    }

    private void lose() {
        pending.remove(one(pending));
    }

    /** Once more, as it was, to whom it was sent or back, from whom it came or another. */
    private void repeat() {
        Datagram datagram = one(past);
        if (datagram != null) {
            int how = any();
            Endpoint to = (how & 1) == 0 ? datagram.to : datagram.from;
            Endpoint from = (how & 2) == 0 ? datagram.from : (how & 4) == 0 ? datagram.to : LIAR;
            deliver(new Datagram(from, to, datagram.bytes));
        }
    }

    /** Altered, with a fingerprint that is right. */
    private void alter() {
        Datagram datagram = one(any() % 2 == 0 || pending.isEmpty() ? past : pending);
        if (datagram == null || datagram.bytes.length < Stun.HEADER + 8) {
            return;
        }
        byte[] altered = datagram.bytes.clone();
        for (int i = any() % 3; i >= 0; i--) {
            altered[any() % (altered.length - 8)] = (byte) any();
        }
        CRC32 crc = new CRC32();
        crc.update(altered, 0, altered.length - 8);
        ByteBuffer.wrap(altered).putInt(altered.length - 4, (int) crc.getValue() ^ 0x5354_554E);
        deliver(new Datagram(any() % 2 == 0 ? datagram.from : LIAR, datagram.to, altered));
    }

    private void call() {
        Party party = party();
        Endpoint peer = any() % 8 == 0 ? VICTIM : parties.get((party.index + 1) % 2).outside;
        Endpoint through = any() % 8 == 0 ? LIAR : parties.get(2).outside;
        if (!party.closed) {
            party.calls.add(party.agent.punch(now, peer, through));
        }
    }

    private void callOther() {
        Party party = party();
        if (!party.closed) {
            int which = any() % 3;
            party.calls.add(
                    which == 0
                            ? party.agent.stun(now, parties.get(2).outside)
                            : which == 1 ? party.agent.profile(now) : party.agent.stun(now, VICTIM));
        }
    }

    private void openAll() {
        for (Party party : parties) {
            for (int socket : List.copyOf(party.opening)) {
                opened(party, socket);
            }
        }
    }

    private void opened(Party party, int socket) {
        if (party.opening.remove((Integer) socket)) {
            party.open.add(socket);
            party.agent.opened(now, socket, party.at(socket));
            party.drain();
        }
    }

    private void failToOpen() {
        Party party = party();
        if (!party.opening.isEmpty()) {
            int socket = party.opening.get(0);
            party.agent.notOpened(now, socket);
            party.drain();
            party.opening.remove((Integer) socket);
        }
    }

    /** As a referrer who is none, in anybody's name, and so that the answer is understood. */
    private void invite() {
        Party party = party();
        Endpoint peer = any() % 2 == 0 ? LIAR : VICTIM;
        number = any() % 4 == 0 ? number : number + 1;
        byte[] publicKey = any() % 16 == 0 ? new byte[32] : exchange.publicKey();
        StunWriter invite = StunWriter.of(Kind.REQUEST, Stun.INVITE, new TransactionId(number, 7))
                .xorAddress(Stun.XOR_PEER_ADDRESS, peer)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, party.outside);
        List<Candidate> candidates = new ArrayList<>();
        for (int i = any() % 9; i > 0; i--) {
            candidates.add(new Candidate(KINDS.get(i % KINDS.size()), Endpoint.of(VICTIM.address(), 100 + i)));
        }
        new Introduction(publicKey, any() % 2 == 0 ? Stranger.RANDOM : Stranger.STEADY, candidates).write(invite);
        party.receive(Outbox.MAIN, LIAR, new byte[] {1});
        party.receive(Outbox.MAIN, LIAR, invite.bytes());
        for (Datagram datagram : pending) {
            StunMessage answer = StunMessage.read(ByteBuffer.wrap(datagram.bytes));
            if (datagram.to.equals(LIAR) && answer != null && answer.method() == Stun.INVITE && answer.has(Stun.KEY)) {
                byte[] theirs = answer.value(Stun.KEY);
                byte[] shared = theirs == null ? null : exchange.shared(theirs, number, "probes");
                key = shared == null ? key : shared;
            }
        }
    }

    /** What only the other end of a punch can say. */
    private void lie() {
        Party party = party();
        TransactionId id = new TransactionId(number, ++said);
        switch (any() % 4) {
            case 0 ->
                party.receive(
                        Outbox.MAIN,
                        LIAR,
                        NOTICES[any() % NOTICES.length].write(number, said, any() % 2 == 0 ? LIAR : VICTIM, key));
            case 1 -> party.receive(Outbox.MAIN, LIAR, probe(id).sealed(key));
            case 2 ->
                party.receive(
                        Outbox.MAIN, VICTIM, probe(id).add(Stun.USE_CANDIDATE).sealed(key));
            default -> answerProbes(party);
        }
    }

    private static StunWriter probe(TransactionId id) {
        return StunWriter.of(Kind.REQUEST, Stun.BINDING, id);
    }

    private void answerProbes(Party party) {
        for (Datagram datagram : List.copyOf(pending)) {
            StunMessage probe = StunMessage.read(ByteBuffer.wrap(datagram.bytes));
            if (datagram.to.equals(LIAR) && probe != null && probe.method() == Stun.BINDING) {
                byte[] answer = StunWriter.answer(Kind.SUCCESS, probe)
                        .xorAddress(Stun.XOR_MAPPED_ADDRESS, datagram.from)
                        .sealed(key);
                party.receive(datagram.from.port() - party.outside.port(), LIAR, answer);
            }
        }
    }

    /** A word along a path, if there is one. */
    private void relay() {
        Party party = party();
        Endpoint to = any() % 2 == 0 ? parties.get((party.index + 1) % 2).outside : LIAR;
        Route route = party.agent.route(to);
        if (route != null && !party.closed) {
            route.use(now);
            party.agent.relay(route, new byte[] {9});
        }
    }

    /** Its router has another address. */
    private void moveAway() {
        Party party = party();
        if (party.index < 2) {
            party.outside = Endpoint.of(new byte[] {8, 8, (byte) party.index, (byte) (1 + any() % 4)}, 4000);
        }
    }

    private void close() {
        Party party = party();
        if (any() % 4 == 0 && !party.closed) {
            party.closed = true;
            party.agent.close(now);
            party.drain();
            // The rest ends with the transport.
            party.calls.removeIf(call -> !party.ends.containsKey(call));
            party.open.clear();
            party.opening.clear();
        }
    }
}

package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** An agent, and somebody who is its referrer and the other end at once, and may lie. */
final class Stranger {
    static final long SECOND = 1_000_000_000L;
    static final Endpoint US = Endpoint.parse("192.88.0.1:3282");
    static final Endpoint REFERRER = Endpoint.parse("203.0.114.9:3282");
    static final Endpoint PEER = Endpoint.parse("198.52.100.7:4000");
    static final Endpoint VICTIM = Endpoint.parse("9.9.9.9:53");
    static final long PUNCH = 0x0102030405060708L;
    static final NatProfile STEADY = profile(Mapping.ENDPOINT_INDEPENDENT, Allocation.PRESERVED);
    static final NatProfile RANDOM = profile(Mapping.ADDRESS_AND_PORT_DEPENDENT, Allocation.RANDOM);

    final PunchBudget budget = PunchBudget.simulated(200, 256, 2_048);
    final Agent agent;
    final KeyExchange exchange = new KeyExchange(new Random(9));
    final List<Effect.Send> sent = new ArrayList<>();
    final List<Effect.Ended> ended = new ArrayList<>();
    final List<Effect.Deliver> delivered = new ArrayList<>();
    long now = 1_000 * SECOND;
    byte[] key = new byte[0];
    byte[] forth = new byte[0];
    long number = PUNCH;
    private int relayed;
    private int probed;

    Stranger() {
        PunchOptions options = PunchOptions.defaults().budget(budget);
        agent = new Agent(options, new Random(1), US, List.of(US));
        agent.begin(now, null);
        drain();
    }

    private static NatProfile profile(Mapping mapping, Allocation allocation) {
        return new NatProfile(
                mapping, Filtering.ADDRESS_AND_PORT_DEPENDENT, allocation, 0, Answer.UNKNOWN, null, null, null);
    }

    void drain() {
        for (Effect effect = agent.poll(); effect != null; effect = agent.poll()) {
            if (effect instanceof Effect.Send send) {
                sent.add(send);
            } else if (effect instanceof Effect.Open open) {
                agent.opened(now, open.socket(), Endpoint.of(US.address(), 20_000 + open.socket()));
            } else if (effect instanceof Effect.Ended end) {
                ended.add(end);
            } else if (effect instanceof Effect.Deliver deliver) {
                delivered.add(deliver);
            }
        }
    }

    void pass(long nanos) {
        long end = now + nanos;
        while (agent.deadline() != Long.MAX_VALUE && agent.deadline() - end <= 0) {
            now = Math.max(now, agent.deadline());
            agent.advance(now);
            drain();
        }
        now = end;
    }

    /** What is sent because of it, at once. */
    List<Effect.Send> says(Endpoint from, byte[] datagram) {
        return says(Outbox.MAIN, from, datagram);
    }

    List<Effect.Send> says(int socket, Endpoint from, byte[] datagram) {
        int before = sent.size();
        agent.receive(now, socket, from, ByteBuffer.wrap(datagram));
        drain();
        return List.copyOf(sent.subList(before, sent.size()));
    }

    /** Is heard of. */
    void appears(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            says(endpoint, new byte[] {1});
        }
        pass(5 * SECOND);
        sent.clear();
    }

    StunWriter invite(Endpoint peer, byte[] publicKey, NatProfile profile, List<Candidate> candidates) {
        StunWriter invite = StunWriter.of(Kind.REQUEST, Stun.INVITE, new TransactionId(number, 77))
                .xorAddress(Stun.XOR_PEER_ADDRESS, peer)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, US);
        new Introduction(publicKey, profile, candidates).write(invite);
        return invite;
    }

    byte[] invite(Endpoint peer, NatProfile profile, Candidate... candidates) {
        return invite(peer, exchange.publicKey(), profile, List.of(candidates)).bytes();
    }

    /** Invites, and takes the key from the answer. */
    List<Effect.Send> invites(Endpoint peer, NatProfile profile, Candidate... candidates) {
        List<Effect.Send> answers = says(REFERRER, invite(peer, profile, candidates));
        agreed(answers);
        return answers;
    }

    void agreed(List<Effect.Send> answers) {
        StunMessage answer = read(answers.get(0).datagram());
        byte[] theirs = Objects.requireNonNull(answer.value(Stun.KEY));
        key = Objects.requireNonNull(exchange.shared(theirs, number, "probes"));
        forth = Objects.requireNonNull(exchange.shared(theirs, number, "forth"));
    }

    byte[] notice(Notice notice, @Nullable Endpoint address) {
        return notice.write(number, 1 + probed++, address, key);
    }

    byte[] probe(boolean nominates) {
        StunWriter probe = StunWriter.of(Kind.REQUEST, Stun.BINDING, new TransactionId(number, 1_000 + probed++));
        if (nominates) {
            probe.add(Stun.USE_CANDIDATE, new byte[0]);
        }
        return probe.sealed(key);
    }

    /** The answer to a probe of the agent's. */
    byte[] answer(Effect.Send probe) {
        return StunWriter.answer(Kind.SUCCESS, read(probe.datagram()))
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, US)
                .sealed(key);
    }

    byte[] relay(RelayLine.Content content) {
        Outbox outbox = new Outbox();
        RelayLine line = new RelayLine(number, REFERRER, outbox, forth, forth);
        for (int i = 0; i < relayed; i++) {
            line.answer();
        }
        relayed++;
        if (content == RelayLine.Content.ASK) {
            line.ask();
        } else {
            line.datagram(new byte[] {42});
        }
        Effect.Send last = null;
        for (Effect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
            last = (Effect.Send) effect;
        }
        return Objects.requireNonNull(last).datagram();
    }

    /** Opens a path from this address. */
    void connects(Endpoint from) {
        says(from, probe(true));
        pass(SECOND / 1_000);
        for (Effect.Send probe : probesTo(from)) {
            says(probe.socket(), from, answer(probe));
        }
    }

    /** All Binding requests of punches that went to the host. */
    List<Effect.Send> probesTo(Endpoint host) {
        return sent.stream()
                .filter(send -> Scope.sameHost(send.to(), host))
                .filter(send -> read(send.datagram()).method() == Stun.BINDING
                        && read(send.datagram()).kind() == Kind.REQUEST
                        && read(send.datagram()).has(Stun.MESSAGE_INTEGRITY_SHA256))
                .toList();
    }

    static StunMessage read(byte[] datagram) {
        return Objects.requireNonNull(StunMessage.read(ByteBuffer.wrap(datagram)));
    }
}

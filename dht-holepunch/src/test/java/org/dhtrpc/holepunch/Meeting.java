package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** A referrer, and what callers and peers say to it, at a time that the test sets. */
final class Meeting {
    static final long SECOND = 1_000_000_000L;
    static final Endpoint REFERRER = Endpoint.parse("203.0.113.9:3282");
    static final Endpoint CALLER = Endpoint.parse("198.51.100.7:4000");
    static final Endpoint PEER = Endpoint.parse("192.88.0.5:5000");
    static final long PUNCH = 0x0102030405060708L;

    /** How large an INTRODUCE is padded to. */
    static final int ROOM = 300;

    final Outbox outbox = new Outbox();
    final Seen seen;
    final Referrer referrer;
    long now;

    /** One datagram that leaves. */
    record Sent(Endpoint to, StunMessage message) {
        int code() {
            return message.errorCode();
        }
    }

    Meeting(PunchOptions options, RandomGenerator random, long now) {
        this.now = now;
        seen = new Seen(random);
        referrer = new Referrer(outbox, seen, options, random, REFERRER::equals);
    }

    Meeting(PunchOptions options) {
        this(options, new Random(1), 0);
    }

    Meeting() {
        this(PunchOptions.defaults());
    }

    void sees(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            seen.saw(now, endpoint);
        }
    }

    void after(long nanos) {
        now += nanos;
    }

    /** What leaves because of this datagram. */
    List<Sent> all(Endpoint from, byte[] datagram) {
        referrer.receive(now, from, read(datagram));
        List<Sent> all = new ArrayList<>();
        for (Effect effect = outbox.poll(); effect != null; effect = outbox.poll()) {
            Effect.Send send = (Effect.Send) effect;
            assertThat(send.socket()).isEqualTo(Outbox.MAIN);
            assertThat(send.datagram().length).isLessThanOrEqualTo(datagram.length);
            all.add(new Sent(send.to(), read(send.datagram())));
        }
        assertThat(all).hasSizeLessThanOrEqualTo(1);
        return all;
    }

    /** The one that leaves; null if none does. */
    @Nullable
    Sent sent(Endpoint from, byte[] datagram) {
        List<Sent> all = all(from, datagram);
        return all.isEmpty() ? null : all.get(0);
    }

    /** The one that has to leave. */
    Sent answer(Endpoint from, byte[] datagram) {
        return Objects.requireNonNull(sent(from, datagram), "nothing was sent");
    }

    /** A nonce for this endpoint. */
    byte[] nonce(Endpoint endpoint) {
        Sent refused = answer(endpoint, introduce(7, PEER, null, 0).bytes());
        assertThat(refused.code()).isEqualTo(Stun.STALE_NONCE);
        return Objects.requireNonNull(refused.message.value(Stun.NONCE));
    }

    /** An INTRODUCE, to be ended. */
    static StunWriter introduce(long punch, Endpoint peer, byte @Nullable [] nonce, int candidates) {
        StunWriter writer = StunWriter.of(StunMessage.Kind.REQUEST, Stun.INTRODUCE, new TransactionId(punch, 0))
                .xorAddress(Stun.XOR_PEER_ADDRESS, peer);
        if (nonce != null) {
            writer.add(Stun.NONCE, nonce);
        }
        writer.add(Stun.KEY, new byte[32]).add(Stun.PROFILE, new byte[12]);
        for (int i = 0; i < candidates; i++) {
            writer.add(Stun.CANDIDATE, candidate(i));
        }
        return writer;
    }

    static byte[] candidate(int number) {
        return new byte[] {1, 0, 0, 0, 10, 0, 0, (byte) number, 1, 1};
    }

    static byte[] introduce(long punch, Endpoint peer, byte[] nonce) {
        return introduce(punch, peer, nonce, 2).padTo(ROOM).bytes();
    }

    /** B's answer to an INVITE, to be ended. */
    static StunWriter accept(StunMessage invite, int candidates) {
        StunWriter writer = StunWriter.answer(StunMessage.Kind.SUCCESS, invite)
                .xorAddress(Stun.XOR_PEER_ADDRESS, CALLER)
                .xorAddress(Stun.XOR_MAPPED_ADDRESS, PEER)
                .add(Stun.KEY, new byte[32])
                .add(Stun.PROFILE, new byte[12]);
        for (int i = 0; i < candidates; i++) {
            writer.add(Stun.CANDIDATE, candidate(i));
        }
        return writer.number(Stun.PADDING, 0);
    }

    /** NOTIFY or RELAY. */
    static byte[] indication(int method, long punch, int sequence, int bytes) {
        return StunWriter.of(StunMessage.Kind.INDICATION, method, new TransactionId(punch, sequence))
                .add(method == Stun.NOTIFY ? Stun.EVENT : Stun.DATA, new byte[bytes])
                .sealed(new byte[32]);
    }

    /** Brings the caller and the peer together; returns what the caller was told. */
    Sent introduced(long punch) {
        sees(PEER);
        Sent invite = answer(CALLER, introduce(punch, PEER, nonce(CALLER)));
        assertThat(invite.to).isEqualTo(PEER);
        Sent told = answer(PEER, accept(invite.message, 2).bytes());
        assertThat(told.to).isEqualTo(CALLER);
        assertThat(told.message.kind()).isEqualTo(StunMessage.Kind.SUCCESS);
        return told;
    }

    static StunMessage read(byte[] datagram) {
        return Objects.requireNonNull(StunMessage.read(ByteBuffer.wrap(datagram)), "not STUN");
    }
}

package org.dhtrpc.holepunch;

import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/** What goes from one end of a punch to the other in boxes that the referrer passes on and cannot open. */
final class RelayLine {
    /** By so much a datagram grows: STUN's header, DATA with its padding, the fingerprint, what {@link Sealed} adds, our byte. */
    static final int OVERHEAD = Stun.HEADER + 4 + 3 + 8 + Sealed.OVERHEAD + 1;

    /** What is in a box. */
    enum Content {
        ASK,
        ANSWER,
        DATAGRAM;

        /** As it is written. */
        byte number() {
            return (byte) List.of(values()).indexOf(this);
        }
    }

    /** What was in one. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Opened(Content content, byte[] datagram) {}

    private final long punch;
    private final Endpoint referrer;
    private final Outbox outbox;
    private final Sealed out;
    private final Sealed in;
    private int count;

    RelayLine(long punch, Endpoint referrer, Outbox outbox, byte[] outKey, byte[] inKey) {
        this.punch = punch;
        this.referrer = referrer;
        this.outbox = outbox;
        this.out = new Sealed(outKey);
        this.in = new Sealed(inKey);
    }

    void ask() {
        send(Content.ASK, new byte[0]);
    }

    void answer() {
        send(Content.ANSWER, new byte[0]);
    }

    void datagram(byte[] datagram) {
        send(Content.DATAGRAM, datagram);
    }

    private void send(Content content, byte[] datagram) {
        byte[] plain = new byte[1 + datagram.length];
        plain[0] = content.number();
        System.arraycopy(datagram, 0, plain, 1, datagram.length);
        TransactionId id = new TransactionId(punch, ++count);
        outbox.send(
                Outbox.MAIN,
                referrer,
                StunWriter.of(Kind.INDICATION, Stun.RELAY, id)
                        .add(Stun.DATA, out.seal(plain))
                        .bytes());
    }

    /** Null if it is not from the other end. */
    @Nullable
    Opened receive(StunMessage message) {
        byte[] box = message.value(Stun.DATA);
        byte[] plain = box == null ? null : in.open(box);
        if (plain == null || plain.length == 0 || plain[0] < 0 || plain[0] >= Content.values().length) {
            return null;
        }
        return new Opened(Content.values()[plain[0]], Arrays.copyOfRange(plain, 1, plain.length));
    }
}

package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Asks the other end of a punch whether it is there, by Binding requests that only the two can make (the connectivity checks of
 * RFC 8445, section 7), and answers its.
 */
final class Prober {
    /** The nomination of RFC 8445: whoever began says by which way it will send from now on. */
    static final int USE_CANDIDATE = 0x0025;

    /** So many are remembered; who answers an older one is asked again. */
    private static final int REMEMBERED = 4_096;

    private static final byte[] NOTHING = new byte[0];

    /** Where a probe went. */
    record Sent(int socket, Endpoint to, Path kind) {}

    private final long punch;
    private final Outbox outbox;
    private final Map<Integer, Sent> sent = new LinkedHashMap<>();
    private int count;
    private byte @Nullable [] key;

    /** Our public key, as long as the other end may not have it; null afterwards. */
    private byte @Nullable [] introducing;

    Prober(long punch, Outbox outbox) {
        this.punch = punch;
        this.outbox = outbox;
    }

    /** @param introducing our public key, to go with each probe for now; null if the other end has it */
    void start(byte[] key, byte @Nullable [] introducing) {
        this.key = key;
        this.introducing = introducing;
    }

    /** The other end has our public key. */
    void introduced() {
        introducing = null;
    }

    boolean started() {
        return key != null;
    }

    int count() {
        return count;
    }

    void probe(int socket, Endpoint to, Path kind) {
        send(socket, to, kind, false);
    }

    void nominate(int socket, Endpoint to, Path kind) {
        send(socket, to, kind, true);
    }

    private void send(int socket, Endpoint to, Path kind, boolean nominates) {
        byte[] sealing = key;
        if (sealing == null) {
            return;
        }
        int number = ++count;
        sent.put(number, new Sent(socket, to, kind));
        if (sent.size() > REMEMBERED) {
            sent.remove(sent.keySet().iterator().next());
        }
        StunWriter writer = StunWriter.of(Kind.REQUEST, Stun.BINDING, new TransactionId(punch, number));
        if (introducing != null) {
            writer.add(Stun.KEY, introducing);
        }
        if (nominates) {
            writer.add(USE_CANDIDATE, NOTHING);
        }
        outbox.send(socket, to, writer.sealed(sealing));
    }

    /** Whether the other end has made it. */
    boolean genuine(StunMessage message) {
        byte[] sealing = key;
        return sealing != null && message.integrityHolds(sealing);
    }

    void answer(int socket, Endpoint from, StunMessage request) {
        byte[] sealing = key;
        if (sealing != null) {
            StunWriter writer = StunWriter.answer(Kind.SUCCESS, request).xorAddress(Stun.XOR_MAPPED_ADDRESS, from);
            outbox.send(socket, from, writer.sealed(sealing));
        }
    }

    /** Which probe a genuine answer is to; null if it came another way than the probe went. */
    @Nullable
    Sent answered(int socket, Endpoint from, StunMessage answer) {
        Sent probe = sent.get(answer.transaction().low());
        return probe != null && probe.socket == socket && probe.to.equals(from) ? probe : null;
    }
}

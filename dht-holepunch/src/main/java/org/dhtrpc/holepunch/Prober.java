package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Asks the other end of a punch whether it is there, by Binding requests that only the two can make (the connectivity checks of
 * RFC 8445, section 7), and answers its.
 */
final class Prober {
    /** So many are remembered; who answers an older one is asked again. */
    private static final int REMEMBERED = 4_096;

    /** The same once a path is found, and only that is asked. */
    private static final int REMEMBERED_OF_A_PATH = 16;

    /** Whoever is not where the referrer sees the other end is not bothered more often than this. */
    private static final int ELSEWHERE = 4;

    private static final int MOST_HOSTS = 16;

    /** The numbers of whoever was invited have it, so that neither end can be sent its own words. */
    private static final int INVITED = 1 << 31;

    private static final byte[] NOTHING = new byte[0];

    /** Where a probe went. */
    record Sent(int socket, Endpoint to, Path kind) {}

    private final long punch;
    private final boolean initiator;
    private final RandomGenerator random;
    private final Outbox outbox;
    private final Map<Integer, Sent> sent = new LinkedHashMap<>();
    private final Map<Endpoint, Integer> elsewhere = new LinkedHashMap<>();
    private @Nullable Endpoint expected;
    private boolean settled;
    private int count;
    private int notices;
    private byte @Nullable [] key;

    /** Our public key, as long as the other end may not have it; null afterwards. */
    private byte @Nullable [] introducing;

    Prober(long punch, boolean initiator, RandomGenerator random, Outbox outbox) {
        this.punch = punch;
        this.random = random;
        this.initiator = initiator;
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

    /** Where the referrer sees the other end; its host may be asked as often as the budget allows. */
    void expect(Endpoint other) {
        expected = other;
    }

    /** A path is found. */
    void settle(Endpoint other) {
        expected = other;
        settled = true;
        elsewhere.clear();
        forget();
    }

    int count() {
        return count;
    }

    void probe(int socket, Endpoint to, Path kind) {
        if (mayAsk(to)) {
            send(socket, to, kind, false);
        }
    }

    private boolean mayAsk(Endpoint to) {
        if (expected == null || Scope.sameHost(to, expected)) {
            return true;
        }
        Endpoint host = Endpoint.of(to.address(), 0);
        int before = elsewhere.getOrDefault(host, elsewhere.size() < MOST_HOSTS ? 0 : ELSEWHERE);
        if (before < ELSEWHERE) {
            elsewhere.put(host, before + 1);
        }
        return before < ELSEWHERE;
    }

    void nominate(int socket, Endpoint to, Path kind) {
        send(socket, to, kind, true);
    }

    private void send(int socket, Endpoint to, Path kind, boolean nominates) {
        byte[] sealing = key;
        if (sealing == null) {
            return;
        }
        count++;
        // Drawn, not counted: whoever answers has received it, and is where it went.
        int number = numbered(random.nextInt() & ~INVITED);
        sent.put(number, new Sent(socket, to, kind));
        forget();
        StunWriter writer = StunWriter.of(Kind.REQUEST, Stun.BINDING, new TransactionId(punch, number));
        if (introducing != null) {
            writer.add(Stun.KEY, introducing);
        }
        if (nominates) {
            writer.add(Stun.USE_CANDIDATE, NOTHING);
        }
        outbox.send(socket, to, writer.sealed(sealing));
    }

    private void forget() {
        while (sent.size() > (settled ? REMEMBERED_OF_A_PATH : REMEMBERED)) {
            sent.remove(sent.keySet().iterator().next());
        }
    }

    private int numbered(int number) {
        return initiator ? number : number | INVITED;
    }

    /** What the other end is told by way of the referrer; null if there is no key yet. */
    byte @Nullable [] notice(Notice notice, @Nullable Endpoint address) {
        byte[] sealing = key;
        return sealing == null ? null : notice.write(punch, numbered(++notices), address, sealing);
    }

    /** Whether the other end has made it, and not ourselves. */
    boolean genuine(StunMessage message) {
        byte[] sealing = key;
        boolean ourNumber = (message.transaction().low() >= 0) == initiator;
        boolean answers = message.kind() == Kind.SUCCESS || message.kind() == Kind.ERROR;
        return sealing != null && ourNumber == answers && message.integrityHolds(sealing);
    }

    /** Whether a genuine probe says which way to take. Not that its sender is where it seems to come from. */
    boolean nominates(StunMessage probe) {
        return !initiator && probe.has(Stun.USE_CANDIDATE);
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

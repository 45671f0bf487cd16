package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * With a nonce somebody proves that he receives at the address and port that he sends from. It is an HMAC of both under a secret
 * that changes every {@link #PERIOD}; the one before still counts, so that a nonce lives for one to two periods. Nothing is kept
 * of who was given one.
 */
final class Nonces {
    /** In nanoseconds: 5 minutes. */
    static final long PERIOD = 300_000_000_000L;

    /** Bytes of a nonce. */
    static final int SIZE = 16;

    private final RandomGenerator random;
    private long rotated;
    private byte @Nullable [] current;
    private byte @Nullable [] previous;

    Nonces(RandomGenerator random) {
        this.random = random;
    }

    /** The one for this endpoint, now. */
    byte[] issue(long now, Endpoint to) {
        return nonce(rotate(now), to);
    }

    /** Whether this is one that we gave to this endpoint, not too long ago. In constant time. */
    boolean accepts(long now, Endpoint from, byte @Nullable [] nonce) {
        byte[] secret = rotate(now);
        byte[] older = previous;
        return nonce != null
                && nonce.length == SIZE
                && (matches(secret, from, nonce) || (older != null && matches(older, from, nonce)));
    }

    private static boolean matches(byte[] secret, Endpoint from, byte[] nonce) {
        return MessageDigest.isEqual(nonce(secret, from), nonce);
    }

    private static byte[] nonce(byte[] secret, Endpoint endpoint) {
        byte[] text = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(endpoint.highBits())
                .putLong(endpoint.lowBits())
                .putInt(endpoint.port())
                .array();
        return Arrays.copyOf(Secrets.hmac(secret, text), SIZE);
    }

    /** Secrets change when they are next needed, so that nobody has to set a timer. */
    private byte[] rotate(long now) {
        byte[] secret = current;
        long age = now - rotated;
        if (secret == null || age >= PERIOD) {
            previous = age < 2 * PERIOD ? secret : null;
            // On the grid of periods while in use: a late change must not lengthen the life of the one before.
            rotated = previous == null ? now : rotated + PERIOD;
            secret = new byte[32];
            random.nextBytes(secret);
            current = secret;
        }
        return secret;
    }
}

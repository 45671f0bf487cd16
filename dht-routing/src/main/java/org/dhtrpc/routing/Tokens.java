package org.dhtrpc.routing;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the tokens with which a caller proves that it receives at the address and port it sends from.
 *
 * <p>A token is the SipHash-2-4 of address and port under a secret that changes every {@link #PERIOD}; the one before is
 * still accepted, so a token lives between one and two periods. Nothing is kept per caller. The seed covers the address
 * only, so that any port of a shared address would do (flaw F20).
 */
final class Tokens {
    static final Duration PERIOD = Duration.ofMinutes(5);

    private final int size;
    private final RandomGenerator random;
    private long rotated;
    private @Nullable SipHash current;
    private @Nullable SipHash previous;

    Tokens(int size, RandomGenerator random) {
        this.size = size;
        this.random = random;
    }

    /** The token for this address and port, now. */
    Bytes issue(long now, Endpoint to) {
        return token(rotate(now), to);
    }

    /** Whether this is a token that we gave to this address and port, not too long ago. In constant time. */
    boolean accepts(long now, Endpoint from, Bytes token) {
        SipHash secret = rotate(now);
        SipHash older = previous;
        return matches(secret, from, token) || (older != null && matches(older, from, token));
    }

    private boolean matches(SipHash secret, Endpoint from, Bytes token) {
        return MessageDigest.isEqual(token(secret, from).toByteArray(), token.toByteArray());
    }

    private Bytes token(SipHash secret, Endpoint endpoint) {
        byte[] token = new byte[size];
        long hash = 0;
        for (int i = 0; i < size; i++) {
            if (i % Long.BYTES == 0) {
                // One hash has 8 bytes; where a wire wants more of them they are numbered.
                long block = i / Long.BYTES;
                hash = secret.of(endpoint.highBits(), endpoint.lowBits(), block << 32 | endpoint.port());
            }
            token[i] = (byte) hash;
            hash >>>= Byte.SIZE;
        }
        return Bytes.of(token);
    }

    /** Secrets change when they are next needed, so that an idle node needs no timer. */
    private SipHash rotate(long now) {
        SipHash secret = current;
        long age = now - rotated;
        if (secret == null || age >= PERIOD.toNanos()) {
            previous = age < 2 * PERIOD.toNanos() ? secret : null;
            // On the grid of periods while in use: a late change must not lengthen the life of the one before.
            rotated = previous == null ? now : rotated + PERIOD.toNanos();
            secret = new SipHash(random.nextLong(), random.nextLong());
            current = secret;
        }
        return secret;
    }
}

package org.dhtrpc.routing;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
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
    private @Nullable HashFunction current;
    private @Nullable HashFunction previous;

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
        HashFunction secret = rotate(now);
        HashFunction older = previous;
        return matches(secret, from, token) || (older != null && matches(older, from, token));
    }

    private boolean matches(HashFunction secret, Endpoint from, Bytes token) {
        return MessageDigest.isEqual(token(secret, from).toByteArray(), token.toByteArray());
    }

    private Bytes token(HashFunction secret, Endpoint endpoint) {
        ByteBuffer token = ByteBuffer.allocate(size);
        ByteBuffer covered = ByteBuffer.allocate(8 + 8 + 4 + 4);
        for (int block = 0; token.hasRemaining(); block++) {
            covered.clear()
                    .putLong(endpoint.highBits())
                    .putLong(endpoint.lowBits())
                    .putInt(endpoint.port())
                    .putInt(block);
            byte[] hash = secret.hashBytes(covered.array()).asBytes();
            token.put(hash, 0, Math.min(hash.length, token.remaining()));
        }
        return Bytes.copyOf(token.flip());
    }

    /** Secrets change when they are next needed, so that an idle node needs no timer. */
    private HashFunction rotate(long now) {
        HashFunction secret = current;
        long age = now - rotated;
        if (secret == null || age >= PERIOD.toNanos()) {
            previous = age < 2 * PERIOD.toNanos() ? secret : null;
            // On the grid of periods while in use: a late change must not lengthen the life of the one before.
            rotated = previous == null ? now : rotated + PERIOD.toNanos();
            secret = Hashing.sipHash24(random.nextLong(), random.nextLong());
            current = secret;
        }
        return secret;
    }
}

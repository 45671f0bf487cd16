package org.dhtrpc.node;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * What a {@link SecureRandom} says, asked for many numbers at once: each call costs it about as much as a whole request. All
 * nodes of a process share one. From any thread.
 */
final class SecureNumbers implements RandomGenerator {
    static final RandomGenerator SHARED = new SecureNumbers();

    private final SecureRandom source = new SecureRandom();
    private final byte[] drawn = new byte[64 * Long.BYTES];
    private final ByteBuffer numbers = ByteBuffer.wrap(drawn).limit(0);

    private SecureNumbers() {}

    @Override
    public synchronized long nextLong() {
        if (!numbers.hasRemaining()) {
            source.nextBytes(drawn);
            numbers.clear();
        }
        return numbers.getLong();
    }
}

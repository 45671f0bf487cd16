package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The 96 bits that tie a STUN response to its request (RFC 8489, section 5).
 *
 * @param high the first 64 bits; in what belongs to a punch the punch's own number, which all its messages share
 * @param low the other 32 bits
 */
record TransactionId(long high, int low) {
    static TransactionId random(RandomGenerator random) {
        return new TransactionId(random.nextLong(), random.nextInt());
    }

    static TransactionId read(ByteBuffer buffer) {
        return new TransactionId(buffer.getLong(), buffer.getInt());
    }

    void write(ByteBuffer buffer) {
        buffer.putLong(high).putInt(low);
    }
}

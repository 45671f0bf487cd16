package org.dhtrpc.routing;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of 24 bytes under a key of 128 bits: what it says of one message helps nobody
 * without the key to know what it says of another. Allocates nothing.
 */
final class SipHash {
    private final long k0;
    private final long k1;

    /** @param k0 the first half of the key, read as a little-endian number; {@code k1} is the second */
    SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** The hash of three words, each little-endian. */
    long of(long first, long second, long third) {
        State state = new State(k0, k1);
        state.absorb(first);
        state.absorb(second);
        state.absorb(third);
        // No bytes are left over; the highest byte says how many there were.
        state.absorb((long) (3 * Long.BYTES) << 56);
        return state.end();
    }

    /** Lives on the stack: it never leaves {@link #of}. */
    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        void absorb(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        long end() {
            v2 ^= 0xff;
            round();
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}

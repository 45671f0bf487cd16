package org.dhtrpc.testkit;

import org.dhtrpc.Endpoint;

/**
 * Folds a sequence of numbers into 64 bits: the trace hash of a run, and the seed of a random stream with a label. The
 * order of the numbers matters. Not for secrets.
 */
final class Hash64 {
    /** 2^64 divided by the golden ratio, made odd: the increment of SplitMix64 (Steele, Lea, Flood 2014). */
    static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    Hash64(long start) {
        state = start;
    }

    Hash64 add(long number) {
        state = fold(state, number);
        return this;
    }

    Hash64 add(Endpoint endpoint) {
        state = fold(state, endpoint);
        return this;
    }

    Hash64 add(String label) {
        for (int i = 0; i < label.length(); i++) {
            add(label.charAt(i));
        }
        return add(label.length());
    }

    /** The state after this number, for a label that is made for each datagram. */
    static long fold(long state, long number) {
        // Multiplied before the sum, so that a seed and a label do not change places; never 0 for zeros alone.
        return mix((state + 1) * GOLDEN + number);
    }

    static long fold(long state, Endpoint endpoint) {
        return fold(fold(fold(state, endpoint.highBits()), endpoint.lowBits()), endpoint.port());
    }

    long value() {
        return state;
    }

    /** The finaliser of SplitMix64: a bijection in which every bit of the input moves half of the output's. */
    static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}

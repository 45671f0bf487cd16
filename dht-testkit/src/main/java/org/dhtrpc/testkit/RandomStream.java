package org.dhtrpc.testkit;

import java.util.random.RandomGenerator;

/**
 * A stream of random numbers that is the same on every JDK: SplitMix64.
 *
 * <p>The JDK may change how it makes bounded numbers of a generator's bits, and has done so; what a simulation is likely
 * to draw is therefore made here. Gaussian and exponential numbers are the JDK's, and are not promised to stay.
 */
final class RandomStream implements RandomGenerator {
    private long state;

    RandomStream(long seed) {
        state = seed;
    }

    /** The stream of another seed, in the same object. */
    RandomStream restart(long seed) {
        state = seed;
        return this;
    }

    /** What the stream of this seed draws with {@link #nextDouble} after {@code skipped} other numbers. */
    static double unit(long seed, int skipped) {
        return unit(Hash64.mix(seed + (skipped + 1) * Hash64.GOLDEN));
    }

    private static double unit(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    @Override
    public long nextLong() {
        state += Hash64.GOLDEN;
        return Hash64.mix(state);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    @Override
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    @Override
    public double nextDouble() {
        return unit(nextLong());
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; ) {
            long bits = nextLong();
            for (int end = Math.min(i + Long.BYTES, bytes.length); i < end; i++, bits >>>= 8) {
                bytes[i] = (byte) bits;
            }
        }
    }

    @Override
    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    @Override
    public int nextInt(int origin, int bound) {
        return (int) nextLong(origin, bound);
    }

    @Override
    public long nextLong(long bound) {
        return nextLong(0, bound);
    }

    @Override
    public long nextLong(long origin, long bound) {
        if (origin >= bound) {
            throw new IllegalArgumentException("The bound must be more than " + origin + ", not " + bound);
        }
        long span = bound - origin;
        return span > 0 ? origin + below(span) : between(origin, bound);
    }

    private long below(long span) {
        while (true) {
            long bits = nextLong() >>> 1;
            long number = bits % span;
            // Overflows in the last, incomplete run of the span, whose numbers would come up too often.
            if (bits - number + (span - 1) >= 0) {
                return number;
            }
        }
    }

    /** For spans of 2^63 and more, where at least every second attempt succeeds. */
    private long between(long origin, long bound) {
        while (true) {
            long number = nextLong();
            if (number >= origin && number < bound) {
                return number;
            }
        }
    }
}

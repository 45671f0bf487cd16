package org.dhtrpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A point of the 256-bit id space: the id of a node or the target of a query. Distance is XOR, read as an unsigned
 * number (Kademlia paper, section 2.1).
 *
 * <p>Immutable. The natural order is that of the unsigned 256-bit number, which is the distance from {@link #ZERO}.
 */
public final class Key implements Comparable<Key> {
    /** Length of a key: 32 bytes. */
    public static final int BYTES = 32;

    /** Length of a key: 256 bits. */
    public static final int BITS = 256;

    /** The key of 256 zero bits. */
    public static final Key ZERO = new Key(0, 0, 0, 0);

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    private Key(long a, long b, long c, long d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /**
     * The key made of these 32 bytes, most significant first.
     *
     * @throws IllegalArgumentException if there are not 32 of them
     */
    public static Key of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A key has 32 bytes, not " + bytes.length);
        }
        return read(ByteBuffer.wrap(bytes));
    }

    /**
     * The key made of these 32 bytes.
     *
     * @throws IllegalArgumentException if there are not 32 of them
     */
    public static Key of(Bytes bytes) {
        return of(bytes.toByteArray());
    }

    /**
     * The key written as 64 hexadecimal digits, as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Key parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("A key is written as 64 hexadecimal digits, not " + hex.length()
                    + " characters: '" + Texts.shortened(hex) + "'");
        }
        try {
            return of(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A key is written as 64 hexadecimal digits, not '" + hex + "'", e);
        }
    }

    /** A random key: four longs of the generator. */
    public static Key random(RandomGenerator random) {
        return new Key(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** The SHA-256 of a value: the usual target under which immutable values are stored. */
    public static Key hashOf(Bytes value) {
        try {
            return of(MessageDigest.getInstance("SHA-256").digest(value.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Reads 32 bytes at the buffer's position, and moves it; the buffer's byte order does not matter. */
    public static Key read(ByteBuffer buffer) {
        return new Key(readLong(buffer), readLong(buffer), readLong(buffer), readLong(buffer));
    }

    /** Writes the 32 bytes at the buffer's position, and moves it; the buffer's byte order does not matter. */
    public void write(ByteBuffer buffer) {
        writeLong(buffer, a);
        writeLong(buffer, b);
        writeLong(buffer, c);
        writeLong(buffer, d);
    }

    private static long readLong(ByteBuffer buffer) {
        long value = buffer.getLong();
        return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    private static void writeLong(ByteBuffer buffer, long value) {
        buffer.putLong(buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value));
    }

    /** The 32 bytes, most significant first, in a new array. */
    public byte[] toByteArray() {
        byte[] bytes = new byte[BYTES];
        write(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** The distance to another key: the XOR of both. */
    public Key distance(Key other) {
        return new Key(a ^ other.a, b ^ other.b, c ^ other.c, d ^ other.d);
    }

    /**
     * Which of two keys is nearer to this one.
     *
     * @return negative if {@code left} is nearer, positive if {@code right} is, 0 if they are the same key
     */
    public int compareDistance(Key left, Key right) {
        int order = Long.compareUnsigned(a ^ left.a, a ^ right.a);
        if (order == 0) {
            order = Long.compareUnsigned(b ^ left.b, b ^ right.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c ^ left.c, c ^ right.c);
        }
        return order != 0 ? order : Long.compareUnsigned(d ^ left.d, d ^ right.d);
    }

    /** How many leading bits both keys share: 0 to 256, 256 for equal keys. It is the index of a k-bucket. */
    public int commonPrefix(Key other) {
        if (a != other.a) {
            return Long.numberOfLeadingZeros(a ^ other.a);
        }
        if (b != other.b) {
            return 64 + Long.numberOfLeadingZeros(b ^ other.b);
        }
        if (c != other.c) {
            return 128 + Long.numberOfLeadingZeros(c ^ other.c);
        }
        return 192 + Long.numberOfLeadingZeros(d ^ other.d);
    }

    /** The bit at an index from 0, the most significant, to 255. */
    public boolean bit(int index) {
        return (word(index) >>> (63 - index % 64) & 1) != 0;
    }

    private long word(int index) {
        return switch (index >> 6) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            case 3 -> d;
            default -> throw new IndexOutOfBoundsException("A key has the bits 0 to 255, not " + index);
        };
    }

    /**
     * A random key that shares exactly {@code prefix} leading bits with this one: a point of the k-bucket with that
     * index.
     *
     * @param prefix 0 to 255
     */
    public Key randomInBucket(int prefix, RandomGenerator random) {
        Key noise = random(random);
        Key flipped = new Key(
                pick(0, prefix, a, noise.a),
                pick(1, prefix, b, noise.b),
                pick(2, prefix, c, noise.c),
                pick(3, prefix, d, noise.d));
        return flipped.bit(prefix) == bit(prefix) ? flipped.flip(prefix) : flipped;
    }

    private static long pick(int word, int prefix, long own, long noise) {
        int kept = Math.max(0, Math.min(64, prefix - 64 * word));
        long mask = kept == 0 ? 0 : -1L << (64 - kept);
        return (own & mask) | (noise & ~mask);
    }

    private Key flip(int index) {
        long mask = 1L << (63 - index % 64);
        int word = index / 64;
        return new Key(
                word == 0 ? a ^ mask : a, word == 1 ? b ^ mask : b, word == 2 ? c ^ mask : c, word == 3 ? d ^ mask : d);
    }

    @Override
    public int compareTo(Key other) {
        return ZERO.compareDistance(this, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && a == key.a && b == key.b && c == key.c && d == key.d;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a ^ b ^ c ^ d);
    }

    /** 64 hexadecimal digits in lower case. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toByteArray());
    }
}

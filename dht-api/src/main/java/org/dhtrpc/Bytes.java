package org.dhtrpc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable sequence of bytes: a value, a token. What goes in and what comes out is copied. */
public final class Bytes {
    /** No bytes at all; not the same as no value. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** The UTF-8 form of a text. */
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The bytes written as pairs of hexadecimal digits, as {@link #toString} writes them.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Bytes parse(String hex) {
        try {
            return new Bytes(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Not pairs of hexadecimal digits: '" + Texts.shortened(hex) + "'", e);
        }
    }

    /** Copies what remains in the buffer, and moves its position to its limit. */
    public static Bytes copyOf(ByteBuffer buffer) {
        return read(buffer, buffer.remaining());
    }

    /**
     * Reads {@code size} bytes at the buffer's position, and moves it.
     *
     * @throws BufferUnderflowException if fewer remain; nothing is allocated then
     */
    public static Bytes read(ByteBuffer buffer, int size) {
        if (size == 0) {
            return EMPTY;
        }
        if (size > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[size];
        buffer.get(bytes);
        return new Bytes(bytes);
    }

    /** Writes the bytes at the buffer's position, and moves it. */
    public void write(ByteBuffer buffer) {
        buffer.put(array);
    }

    /** How many bytes there are. */
    public int size() {
        return array.length;
    }

    /** True if there are none. */
    public boolean isEmpty() {
        return array.length == 0;
    }

    /** The byte at an index from 0. */
    public byte get(int index) {
        return array[index];
    }

    /** A copy as an array. */
    public byte[] toByteArray() {
        return array.clone();
    }

    /** A read-only view; its position is 0 and its limit the size. */
    public ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(array).asReadOnlyBuffer();
    }

    /** The text that these bytes are the UTF-8 form of; malformed parts become U+FFFD. */
    public String utf8() {
        return new String(array, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** Pairs of hexadecimal digits in lower case. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(array);
    }
}

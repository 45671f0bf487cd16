package org.dhtrpc.codec.msgpack;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Immutable values that were read lately, by the bytes that they were read from: who is named in one reply is mostly
 * named in the next one too, and need not be made again. A form has one slot, and what takes it next has it, so that a
 * stranger who makes up forms costs others a value made again, and no memory.
 */
final class Recent<T> {
    /** How many bytes of a form choose its slot. */
    private static final int HASHED = 4;

    private final int width;
    private final byte[] forms;
    private final byte[] lengths;
    private final Object[] values;

    /**
     * Nothing yet.
     *
     * @param slots a power of two
     * @param width the longest form, 127 bytes at most
     */
    Recent(int slots, int width) {
        this.width = width;
        forms = new byte[slots * width];
        lengths = new byte[slots];
        values = new Object[slots];
    }

    /** The value that these bytes were, or null. */
    @SuppressWarnings("unchecked")
    @Nullable
    T get(byte[] bytes, int start, int length) {
        int slot = slot(bytes, start + length, length);
        int form = slot * width;
        boolean same =
                length == lengths[slot] && Arrays.equals(forms, form, form + length, bytes, start, start + length);
        return same ? (T) values[slot] : null;
    }

    /** Keeps the value that these bytes are, and returns it. */
    T put(byte[] bytes, int start, int length, T value) {
        int slot = slot(bytes, start + length, length);
        System.arraycopy(bytes, start, forms, slot * width, length);
        lengths[slot] = (byte) length;
        values[slot] = value;
        return value;
    }

    private int slot(byte[] bytes, int end, int length) {
        // By the end of a form: the names of keys near one target, or of nodes of one network, begin alike.
        int hash = length;
        for (int i = end - Math.min(length, HASHED); i < end; i++) {
            hash = 31 * hash + bytes[i];
        }
        // Fibonacci hashing: the upper half depends on every bit.
        return ((hash * 0x9E3779B9) >>> 16) & (values.length - 1);
    }
}

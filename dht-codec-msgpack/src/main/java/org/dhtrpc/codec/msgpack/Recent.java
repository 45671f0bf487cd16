package org.dhtrpc.codec.msgpack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Immutable values that were read lately, by the bytes that they were read from: who is named in one reply is mostly
 * named in the next one too, and need not be made again. A form has one slot, and what takes it next has it, so that a
 * stranger who makes up forms costs others a value made again, and no memory.
 */
final class Recent<T> {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

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
        int slot = slot(bytes, start, length);
        return length == lengths[slot] && same(forms, slot * width, bytes, start, length) ? (T) values[slot] : null;
    }

    /** Keeps the value that these bytes are, and returns it. */
    T put(byte[] bytes, int start, int length, T value) {
        int slot = slot(bytes, start, length);
        System.arraycopy(bytes, start, forms, slot * width, length);
        lengths[slot] = (byte) length;
        values[slot] = value;
        return value;
    }

    /** Eight bytes at a time: the JDK's comparison is slow to begin, and took 35 ns more for each request. */
    private static boolean same(byte[] a, int aStart, byte[] b, int bStart, int length) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if ((long) LONGS.get(a, aStart + i) != (long) LONGS.get(b, bStart + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (a[aStart + i] != b[bStart + i]) {
                return false;
            }
        }
        return true;
    }

    /** By the end of a form: the names of keys near one target, or of nodes of one network, begin alike. */
    private int slot(byte[] bytes, int start, int length) {
        int end = start + length;
        int hash = length < Integer.BYTES ? bytes[start] : (int) INTS.get(bytes, end - Integer.BYTES);
        // Fibonacci hashing: the upper half depends on every bit.
        return (((hash + length) * 0x9E3779B9) >>> 16) & (values.length - 1);
    }
}

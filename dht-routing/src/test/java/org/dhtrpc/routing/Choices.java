package org.dhtrpc.routing;

import org.dhtrpc.Bytes;

/** The decisions of a run, one byte each, so that a fuzzer can learn which matter; all are 0 once the bytes are used up. */
final class Choices {
    private final byte[] bytes;
    private int next;

    Choices(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean left() {
        return next < bytes.length;
    }

    /** 0 to 255. */
    int any() {
        return left() ? Byte.toUnsignedInt(bytes[next++]) : 0;
    }

    /** 0 to bound - 1; the bound is at most 256. */
    int below(int bound) {
        return any() % bound;
    }

    /** True once in so many. */
    boolean once(int in) {
        return below(in) == in - 1;
    }

    /** So many bytes, of which the first is chosen: contents do not matter to the machine, but equality does. */
    Bytes filled(int size) {
        byte[] filled = new byte[size];
        if (size > 0) {
            filled[0] = (byte) any();
        }
        return Bytes.of(filled);
    }
}

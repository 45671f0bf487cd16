package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import org.dhtrpc.spi.MalformedMessageException;

/** The numbers of dht-rpc 6: one byte up to 252, else a byte that says how many follow, low byte first. */
final class CompactUint {
    private static final int INT16 = 0xFD;
    private static final int INT32 = 0xFE;
    private static final int INT64 = 0xFF;

    private CompactUint() {}

    static int size(int number) {
        return number < INT16 ? 1 : number <= 0xFFFF ? 1 + Short.BYTES : 1 + Integer.BYTES;
    }

    /** Writes the shortest form into a little-endian buffer. */
    static void write(int number, ByteBuffer buffer) {
        if (number < INT16) {
            buffer.put((byte) number);
        } else if (number <= 0xFFFF) {
            buffer.put((byte) INT16).putShort((short) number);
        } else {
            buffer.put((byte) INT32).putInt(number);
        }
    }

    /** Reads any form; a number from 2^63 on is negative. */
    static long read(String field, Datagram datagram) throws MalformedMessageException {
        int first = datagram.int8(field);
        return switch (first) {
            case INT16 -> datagram.int16(field);
            case INT32 -> datagram.int32(field);
            case INT64 -> datagram.int64(field);
            default -> first;
        };
    }

    /** Reads any form of a number up to 2^31-1, which is as far as ours go. */
    static int readInt(String field, Datagram datagram) throws MalformedMessageException {
        long number = read(field, datagram);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw Datagram.malformed(field + " is " + Long.toUnsignedString(number) + ", beyond " + Integer.MAX_VALUE);
        }
        return (int) number;
    }
}

package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import org.dhtrpc.spi.MalformedMessageException;

/** The numbers of protocol buffers: 7 bits in each byte, low bits first; the high bit says that another one follows. */
final class Varint {
    private static final int MAX_BYTES = 10;

    private Varint() {}

    static int size(int number) {
        // As many sevens of bits as there are, and one for 0.
        return 1 + (31 - Integer.numberOfLeadingZeros(number | 1)) / 7;
    }

    static void write(int number, ByteBuffer buffer) {
        int rest = number;
        while (rest >= 0x80) {
            buffer.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    /** Reads any form; a number from 2^63 on is negative. */
    static long read(String field, Datagram datagram) throws MalformedMessageException {
        long number = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            int next = datagram.int8(field);
            number |= (long) (next & 0x7F) << (7 * i);
            if (next < 0x80) {
                return number;
            }
        }
        throw Datagram.malformed("a number in " + field + " has more than " + MAX_BYTES + " bytes");
    }
}

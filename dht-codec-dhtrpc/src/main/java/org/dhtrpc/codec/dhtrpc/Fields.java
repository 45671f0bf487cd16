package org.dhtrpc.codec.dhtrpc;

import java.util.Arrays;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message of protocol buffers that have a length and so many bytes; others are skipped. Of one that comes
 * twice the last counts, so nothing is made of any before all are found: a datagram has room for hundreds.
 */
final class Fields {
    private static final String ANY = "a field";

    // The lowest bits of the key in front of a field say how its end is known, the others are its number.

    private static final int TYPE_BITS = 3;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private static final long MAX_NUMBER = (1 << 29) - 1;
    private static final int MAX_KNOWN = 7;
    private static final int ABSENT = -1;

    private final Datagram datagram;
    private final int[] starts = new int[1 + MAX_KNOWN];
    private final int[] lengths = new int[1 + MAX_KNOWN];

    private Fields(Datagram datagram) {
        this.datagram = datagram;
        Arrays.fill(lengths, ABSENT);
    }

    /** What stands in front of the length of such a field. */
    static int key(int number) {
        return number << TYPE_BITS | DELIMITED;
    }

    /** Finds them in all that remains of the datagram. */
    static Fields in(Datagram datagram) throws MalformedMessageException {
        Fields fields = new Fields(datagram);
        while (datagram.remaining() > 0) {
            fields.next();
        }
        return fields;
    }

    private void next() throws MalformedMessageException {
        long key = Varint.read(ANY, datagram);
        long number = key >>> TYPE_BITS;
        if (number < 1 || number > MAX_NUMBER) {
            throw Datagram.malformed("a field has a number from 1 to " + MAX_NUMBER + ", not " + number);
        }
        switch ((int) key & (1 << TYPE_BITS) - 1) {
            case VARINT -> Varint.read(ANY, datagram);
            case FIXED64 -> datagram.skip(ANY, Long.BYTES);
            case DELIMITED -> delimited(number);
            case FIXED32 -> datagram.skip(ANY, Integer.BYTES);
            default -> throw Datagram.malformed("where field " + number + " ends is not known");
        }
    }

    private void delimited(long number) throws MalformedMessageException {
        long length = Varint.read(ANY, datagram);
        if (length < 0 || length > datagram.remaining()) {
            throw Datagram.malformed("field " + number + " ends behind the datagram");
        }
        if (number <= MAX_KNOWN) {
            starts[(int) number] = datagram.position();
            lengths[(int) number] = (int) length;
        }
        datagram.skip(ANY, (int) length);
    }

    /** What the field holds, null if there is no such field. */
    @Nullable
    Datagram get(int number) {
        return lengths[number] == ABSENT ? null : datagram.part(starts[number], lengths[number]);
    }

    /** The same, of a field that has this length. */
    @Nullable
    Datagram get(int number, String field, int length) throws MalformedMessageException {
        int actual = lengths[number];
        if (actual != ABSENT && actual != length) {
            throw Datagram.malformed(field + " has " + length + " bytes, not " + actual);
        }
        return get(number);
    }
}

package org.dhtrpc.codec.msgpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dhtrpc.spi.MalformedMessageException;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePack.Code;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * The elements of one datagram, one after the other. Every length is compared with what is left of the datagram before
 * it is believed.
 *
 * <p>The six types of our format are read here, and what is unknown is skipped by MessagePack's own unpacker. Through that
 * one a request took 155 ns where it takes 95 ({@code ./benchmark codec}): it is more lenient than our format and its
 * exceptions are dear, so that each element had to be looked at before it was asked for.
 */
final class Elements {
    /** Stands for the length of a binary that is not there. */
    static final int NIL = -1;

    /** A copy of what is read: a direct buffer checks every byte that is asked for anew. */
    final byte[] array = new byte[Format.MAX_DATAGRAM];

    private final ByteBuffer datagram = ByteBuffer.wrap(array);
    private int size;
    private int position;
    private int start;

    /** Takes what the buffer holds, {@link Format#MAX_DATAGRAM} bytes at most, and consumes it. */
    void take(ByteBuffer buffer) {
        size = buffer.remaining();
        position = 0;
        buffer.get(array, 0, size);
    }

    /** The number of elements of the array that begins here. */
    long array(String element) throws MalformedMessageException {
        byte head = head();
        if (Code.isFixedArray(head)) {
            return head & 0x0f;
        }
        return switch (head) {
            case Code.ARRAY16 -> unsigned(Short.BYTES);
            case Code.ARRAY32 -> unsigned(Integer.BYTES);
            default -> throw mistaken(element, ValueType.ARRAY, head);
        };
    }

    boolean isInteger() throws MalformedMessageException {
        return typeOf(peek()) == ValueType.INTEGER;
    }

    long number(String element) throws MalformedMessageException {
        byte head = head();
        if (Code.isFixInt(head)) {
            return head;
        }
        return switch (head) {
            case Code.UINT8 -> unsigned(Byte.BYTES);
            case Code.UINT16 -> unsigned(Short.BYTES);
            case Code.UINT32 -> unsigned(Integer.BYTES);
            case Code.UINT64 -> signed(element, unsigned(Long.BYTES));
            case Code.INT8 -> (byte) unsigned(Byte.BYTES);
            case Code.INT16 -> (short) unsigned(Short.BYTES);
            case Code.INT32 -> (int) unsigned(Integer.BYTES);
            case Code.INT64 -> unsigned(Long.BYTES);
            default -> throw mistaken(element, ValueType.INTEGER, head);
        };
    }

    private static long signed(String element, long bits) throws MalformedMessageException {
        if (bits < 0) {
            throw malformed(element + " is at most 2^63 - 1, not " + Long.toUnsignedString(bits));
        }
        return bits;
    }

    int integer(String element, int max) throws MalformedMessageException {
        long value = number(element);
        if (value < 0 || value > max) {
            throw malformed(element + " is 0 to " + max + ", not " + value);
        }
        return (int) value;
    }

    boolean bool(String element) throws MalformedMessageException {
        byte head = head();
        return switch (head) {
            case Code.FALSE -> false;
            case Code.TRUE -> true;
            default -> throw mistaken(element, ValueType.BOOLEAN, head);
        };
    }

    /** Reads a text of at least one byte and at most so many, and tells how many; {@link #payload()} has them. */
    int text(String element, int max) throws MalformedMessageException {
        byte head = head();
        long length = Code.isFixStr(head)
                ? head & 0x1f
                : switch (head) {
                    case Code.STR8 -> unsigned(Byte.BYTES);
                    case Code.STR16 -> unsigned(Short.BYTES);
                    case Code.STR32 -> unsigned(Integer.BYTES);
                    default -> throw mistaken(element, ValueType.STRING, head);
                };
        if (length < 1 || length > max) {
            throw malformed(element + " has 1 to " + max + " bytes, not " + length);
        }
        return payload(element, length);
    }

    /** Reads a binary and tells how many bytes it has, or {@link #NIL}; {@link #payload()} has them. */
    int binary(String element) throws MalformedMessageException {
        byte head = head();
        return switch (head) {
            case Code.NIL -> NIL;
            case Code.BIN8 -> payload(element, unsigned(Byte.BYTES));
            case Code.BIN16 -> payload(element, unsigned(Short.BYTES));
            case Code.BIN32 -> payload(element, unsigned(Integer.BYTES));
            default -> throw mistaken(element, ValueType.BINARY, head);
        };
    }

    private int payload(String element, long length) throws MalformedMessageException {
        if (length > remaining()) {
            throw malformed(element + " has " + length + " bytes, but " + remaining() + " are left");
        }
        start = position;
        position += (int) length;
        return (int) length;
    }

    /** Where in {@link #array} the text or binary is that was read last. */
    int start() {
        return start;
    }

    /** The datagram from there on. The buffer is lent until the next element is read. */
    ByteBuffer payload() {
        return datagram.position(start);
    }

    /** Whether nil comes next, which is read then. */
    boolean nil() throws MalformedMessageException {
        if (peek() != Code.NIL) {
            return false;
        }
        position++;
        return true;
    }

    /**
     * Skips what a later version may have added: values of any type, nested in any way. The unpacker's own way to skip
     * counts in ints, which nested lengths of two billion overflow; as each value takes a byte, no honest count of
     * those still to come exceeds the bytes that are left.
     */
    void skip(long values) throws MalformedMessageException {
        if (values > 0) {
            try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(array, position, remaining())) {
                skip(values, unpacker);
                position += (int) unpacker.getTotalReadBytes();
            } catch (MessageInsufficientBufferException e) {
                throw endsTooEarly();
            } catch (MessagePackException | IOException e) {
                throw malformed("a byte or a length that has no meaning here");
            }
        }
    }

    private void skip(long values, MessageUnpacker unpacker) throws IOException, MalformedMessageException {
        for (long pending = values; pending > 0; pending--) {
            if (pending > remaining() - unpacker.getTotalReadBytes()) {
                throw endsTooEarly();
            }
            switch (unpacker.getNextFormat().getValueType()) {
                case ARRAY -> pending += unpacker.unpackArrayHeader();
                case MAP -> pending += 2L * unpacker.unpackMapHeader();
                default -> unpacker.skipValue();
            }
        }
    }

    /** How many bytes are left. */
    int remaining() {
        return size - position;
    }

    private byte head() throws MalformedMessageException {
        byte head = peek();
        position++;
        return head;
    }

    private byte peek() throws MalformedMessageException {
        if (position >= size) {
            throw endsTooEarly();
        }
        return array[position];
    }

    /** An integer in network order. Of eight bytes it is all the bits. */
    private long unsigned(int bytes) throws MalformedMessageException {
        if (bytes > remaining()) {
            throw endsTooEarly();
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << Byte.SIZE) | Byte.toUnsignedLong(array[position++]);
        }
        return value;
    }

    private static ValueType typeOf(byte head) throws MalformedMessageException {
        if (head == Code.NEVER_USED) {
            throw malformed("a byte 0xc1, which has no meaning");
        }
        return MessageFormat.valueOf(head).getValueType();
    }

    private static MalformedMessageException mistaken(String element, ValueType expected, byte head)
            throws MalformedMessageException {
        return malformed(element + " is of type " + expected + ", not " + typeOf(head));
    }

    static MalformedMessageException endsTooEarly() {
        return malformed("the datagram ends before the message does");
    }

    static MalformedMessageException malformed(String what) {
        return new MalformedMessageException(what);
    }
}

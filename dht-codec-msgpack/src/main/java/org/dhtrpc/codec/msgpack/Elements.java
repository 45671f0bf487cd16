package org.dhtrpc.codec.msgpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;
import org.msgpack.core.buffer.MessageBuffer;
import org.msgpack.value.ValueType;

/**
 * The elements of one datagram, one after the other. Every length is compared with what is left of the datagram before
 * anything of that length is allocated, and every type is looked at before the unpacker is asked for it: the unpacker is
 * more lenient than our format, and its exceptions are dear.
 */
final class Elements {
    /** A copy of what is read, since the unpacker cannot read direct buffers. */
    final byte[] array = new byte[Format.MAX_DATAGRAM];

    private final ByteBuffer datagram = ByteBuffer.wrap(array);
    private final MessageBuffer memory = MessageBuffer.wrap(array);
    private final ArrayBufferInput input = new ArrayBufferInput(memory);
    private final MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(input);

    /** The datagram; the same object while one is as long as the last, as requests mostly are. */
    private MessageBuffer whole = memory;

    private int size;

    /** Takes what the buffer holds, {@link Format#MAX_DATAGRAM} bytes at most, and consumes it. */
    void take(ByteBuffer buffer) throws IOException {
        size = buffer.remaining();
        buffer.get(array, 0, size);
        whole = whole.size() == size ? whole : memory.slice(0, size);
        input.reset(whole);
        unpacker.reset(input);
    }

    /** The number of elements of the array that begins here. */
    int array(String element) throws IOException, MalformedMessageException {
        expect(element, ValueType.ARRAY);
        return unpacker.unpackArrayHeader();
    }

    boolean isInteger() throws IOException, MalformedMessageException {
        return next() == ValueType.INTEGER;
    }

    long number(String element) throws IOException, MalformedMessageException {
        expect(element, ValueType.INTEGER);
        return unpacker.unpackLong();
    }

    int integer(String element, int max) throws IOException, MalformedMessageException {
        long value = number(element);
        if (value < 0 || value > max) {
            throw malformed(element + " is 0 to " + max + ", not " + value);
        }
        return (int) value;
    }

    boolean bool(String element) throws IOException, MalformedMessageException {
        expect(element, ValueType.BOOLEAN);
        return unpacker.unpackBoolean();
    }

    /** The bytes of a text, from 1 to this many. */
    ByteBuffer text(String element, int max) throws IOException, MalformedMessageException {
        expect(element, ValueType.STRING);
        int length = unpacker.unpackRawStringHeader();
        if (length < 1 || length > max) {
            throw malformed(element + " has 1 to " + max + " bytes, not " + length);
        }
        return payload(element, length);
    }

    /** The bytes of a binary, where they are; null for nil. The buffer is lent until the next element is read. */
    @Nullable
    ByteBuffer binary(String element) throws IOException, MalformedMessageException {
        if (nil()) {
            return null;
        }
        expect(element, ValueType.BINARY);
        return payload(element, unpacker.unpackBinaryHeader());
    }

    private ByteBuffer payload(String element, int length) throws IOException, MalformedMessageException {
        if (length > remaining()) {
            throw malformed(element + " has " + length + " bytes, but " + remaining() + " are left");
        }
        int start = (int) unpacker.getTotalReadBytes();
        // Each byte onto itself: the one way of the unpacker to skip some that makes no object.
        unpacker.readPayload(array, start, length);
        return datagram.limit(start + length).position(start);
    }

    /**
     * Skips what a later version may have added: values of any type, nested in any way. The unpacker's own way to skip
     * counts in ints, which nested lengths of two billion overflow; as each value takes a byte, no honest count of
     * those still to come exceeds the bytes that are left.
     */
    void skip(long values) throws IOException, MalformedMessageException {
        for (long pending = values; pending > 0; pending--) {
            if (pending > remaining()) {
                throw endsTooEarly();
            }
            switch (next()) {
                case ARRAY -> pending += unpacker.unpackArrayHeader();
                case MAP -> pending += 2L * unpacker.unpackMapHeader();
                default -> unpacker.skipValue();
            }
        }
    }

    private void expect(String element, ValueType expected) throws IOException, MalformedMessageException {
        ValueType type = next();
        if (type != expected) {
            throw malformed(element + " is of type " + expected + ", not " + type);
        }
    }

    boolean nil() throws IOException, MalformedMessageException {
        if (next() != ValueType.NIL) {
            return false;
        }
        unpacker.unpackNil();
        return true;
    }

    private ValueType next() throws IOException, MalformedMessageException {
        if (remaining() == 0) {
            throw endsTooEarly();
        }
        return unpacker.getNextFormat().getValueType();
    }

    /** How many bytes are left. */
    long remaining() {
        return size - unpacker.getTotalReadBytes();
    }

    static MalformedMessageException endsTooEarly() {
        return malformed("the datagram ends before the message does");
    }

    static MalformedMessageException malformed(String what) {
        return new MalformedMessageException(what);
    }
}

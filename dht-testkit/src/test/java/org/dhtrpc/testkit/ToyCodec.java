package org.dhtrpc.testkit;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/** Pings and their replies, with a value: kind (1 byte), transaction (8), the value's size (2), the value. */
public final class ToyCodec implements Codec {
    private static final int HEADER = 11;
    private static final byte REQUEST = 'q';
    private static final byte REPLY = 'r';

    private final Wire wire = new Wire(
            "toy",
            64,
            8,
            true,
            EnumSet.allOf(AddressFamily.class),
            1_200,
            3,
            true,
            false,
            false,
            true,
            false,
            Command.PING::equals,
            null);

    /** There is nothing to configure. */
    public ToyCodec() {}

    /** A ping with this value. */
    public static Request ping(long transaction, Bytes value) {
        return new Request(transaction, null, null, Command.PING, null, null, value);
    }

    /** The reply with the value of the request. */
    public static Reply pong(Message request) {
        return new Reply(request.transaction(), null, null, null, null, ErrorCode.NONE, request.value());
    }

    @Override
    public Wire wire() {
        return wire;
    }

    @Override
    public int size(Message message) {
        return HEADER + value(message).size();
    }

    /** Its value, empty if it has none. */
    public static Bytes value(Message message) {
        Bytes value = message.value();
        return value == null ? Bytes.EMPTY : value;
    }

    @Override
    public void encode(Message message, ByteBuffer buffer) {
        if (size(message) > buffer.remaining()) {
            throw new BufferOverflowException();
        }
        Bytes value = value(message);
        // A duplicate is big-endian, whatever the buffer is.
        ByteBuffer out = buffer.duplicate();
        out.put(message instanceof Request ? REQUEST : REPLY).putLong(message.transaction());
        value.write(out.putShort((short) value.size()));
        buffer.position(out.position());
    }

    @Override
    public Message decode(ByteBuffer datagram) throws MalformedMessageException {
        ByteBuffer buffer = datagram.duplicate();
        datagram.position(datagram.limit());
        if (buffer.remaining() < HEADER) {
            throw new MalformedMessageException("no header");
        }
        byte kind = buffer.get();
        long transaction = buffer.getLong();
        int size = buffer.getShort();
        if (size != buffer.remaining() || (kind != REQUEST && kind != REPLY)) {
            throw new MalformedMessageException("no ping, and no pong");
        }
        Request request = ping(transaction, Bytes.copyOf(buffer));
        return kind == REQUEST ? request : pong(request);
    }
}

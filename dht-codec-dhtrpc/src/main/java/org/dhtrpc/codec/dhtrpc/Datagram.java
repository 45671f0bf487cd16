package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.MalformedMessageException;

/** The bytes of a stranger, field by field: none is read that is not there. */
final class Datagram {
    private final ByteBuffer bytes;

    /** Takes all that remains in the buffer, whose position is at its limit afterwards. */
    Datagram(ByteBuffer buffer, ByteOrder order) {
        bytes = buffer.duplicate().order(order);
        buffer.position(buffer.limit());
    }

    static MalformedMessageException malformed(String what) {
        return new MalformedMessageException(what);
    }

    /** So many of its bytes, from a position on. */
    Datagram part(int position, int length) {
        return new Datagram(bytes.duplicate().position(position).limit(position + length), bytes.order());
    }

    int position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    /** 0 to 255. */
    int int8(String field) throws MalformedMessageException {
        return Byte.toUnsignedInt(next(field, Byte.BYTES).get());
    }

    /** 0 to 65,535. */
    int int16(String field) throws MalformedMessageException {
        return Short.toUnsignedInt(next(field, Short.BYTES).getShort());
    }

    /** 0 to 2^32-1. */
    long int32(String field) throws MalformedMessageException {
        return Integer.toUnsignedLong(next(field, Integer.BYTES).getInt());
    }

    /** Negative from 2^63 on. */
    long int64(String field) throws MalformedMessageException {
        return next(field, Long.BYTES).getLong();
    }

    Key key(String field) throws MalformedMessageException {
        return Key.read(next(field, Key.BYTES));
    }

    /** All that remains. */
    Bytes bytes() {
        return Bytes.copyOf(bytes);
    }

    Bytes bytes(String field, int length) throws MalformedMessageException {
        return Bytes.read(next(field, length), length);
    }

    /** All that remains. */
    String text(String field) throws MalformedMessageException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw malformed(field + " is no UTF-8");
        }
    }

    /** One of a list, which may have port 0. */
    Endpoint listed(String field) throws MalformedMessageException {
        return Ipv4.read(next(field, Ipv4.BYTES));
    }

    Endpoint endpoint(String field) throws MalformedMessageException {
        Endpoint endpoint = listed(field);
        if (endpoint.port() == 0) {
            throw malformed(field + " has port 0");
        }
        return endpoint;
    }

    void skip(String field, int length) throws MalformedMessageException {
        next(field, length).position(bytes.position() + length);
    }

    private ByteBuffer next(String field, int length) throws MalformedMessageException {
        if (length > bytes.remaining()) {
            throw malformed("the datagram ends within " + field);
        }
        return bytes;
    }
}

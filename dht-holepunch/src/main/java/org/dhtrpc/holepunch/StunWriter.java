package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;

/** Writes a STUN message, attribute by attribute. */
final class StunWriter {
    private static final int MOST = 1_472;

    /** Half of what the RFC's has: enough against whoever has one datagram a try. */
    private static final int INTEGRITY = 16;

    private final ByteBuffer buffer = ByteBuffer.allocate(MOST);
    private final byte[] mask;

    private StunWriter(Kind kind, int method, int cookie, TransactionId transaction) {
        int type = (method & 0xF)
                | (method & 0x70) << 1
                | (method & 0xF80) << 2
                | (kind.bits() & 1) << 4
                | (kind.bits() & 2) << 7;
        buffer.putShort((short) type).putShort((short) 0).putInt(cookie);
        transaction.write(buffer);
        mask = Arrays.copyOfRange(buffer.array(), 4, Stun.HEADER);
    }

    static StunWriter of(Kind kind, int method, TransactionId transaction) {
        return new StunWriter(kind, method, Stun.COOKIE, transaction);
    }

    /** What answers a message: of its method, with its transaction. */
    static StunWriter answer(Kind kind, StunMessage request) {
        return new StunWriter(kind, request.method(), request.classicPrefix(), request.transaction());
    }

    StunWriter add(int type, byte... value) {
        buffer.putShort((short) type).putShort((short) value.length).put(value);
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }

    StunWriter add(int type, String value) {
        return add(type, value.getBytes(StandardCharsets.UTF_8));
    }

    StunWriter number(int type, int value) {
        return add(type, ByteBuffer.allocate(4).putInt(value).array());
    }

    StunWriter error(int code, String why) {
        byte[] reason = why.getBytes(StandardCharsets.UTF_8);
        ByteBuffer value = ByteBuffer.allocate(4 + reason.length);
        value.putShort((short) 0)
                .put((byte) (code / 100))
                .put((byte) (code % 100))
                .put(reason);
        return add(Stun.ERROR_CODE, value.array());
    }

    StunWriter address(int type, Endpoint endpoint) {
        return add(type, address(endpoint, new byte[16]));
    }

    StunWriter xorAddress(int type, Endpoint endpoint) {
        return add(type, xored(endpoint));
    }

    /** The value of such an attribute. */
    byte[] xored(Endpoint endpoint) {
        return address(endpoint, mask);
    }

    /** @param mask the cookie and the transaction, or zeros */
    static byte[] address(Endpoint endpoint, byte[] mask) {
        byte[] address = endpoint.address();
        byte[] value = new byte[4 + address.length];
        value[1] = (byte) (address.length == 4 ? 1 : 2);
        value[2] = (byte) (endpoint.port() >>> 8 ^ mask[0]);
        value[3] = (byte) (endpoint.port() ^ mask[1]);
        for (int i = 0; i < address.length; i++) {
            value[4 + i] = (byte) (address[i] ^ mask[i]);
        }
        return value;
    }

    /** Pads the message so that it is so large once it has its fingerprint, if it is smaller by enough for that. */
    StunWriter padTo(int size) {
        int padding = size - buffer.position() - 4 - 8;
        return padding >= 0 ? add(Stun.PADDING, new byte[padding & ~3]) : this;
    }

    /** How large it is by now. */
    int size() {
        return buffer.position();
    }

    /** Ends the message with proof that we have the key, and with its fingerprint. */
    byte[] sealed(byte[] key) {
        setLength(4 + INTEGRITY);
        int type = Stun.MESSAGE_INTEGRITY_SHA256;
        add(type, Secrets.integrity(type, key, buffer.array(), buffer.position(), INTEGRITY));
        return bytes();
    }

    /** Ends the message with its fingerprint. */
    byte[] bytes() {
        setLength(8);
        number(Stun.FINGERPRINT, StunMessage.fingerprint(buffer.array(), buffer.position()));
        return bare();
    }

    /** Ends it without one, for whoever knows of none. */
    byte[] bare() {
        setLength(0);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void setLength(int more) {
        buffer.putShort(2, (short) (buffer.position() - Stun.HEADER + more));
    }
}

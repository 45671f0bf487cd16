package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message that was read (RFC 8489, section 5), or one of the classic kind without the cookie (RFC 3489). What does not
 * read as one exactly is none: lengths must add up, and a FINGERPRINT must be right if there is one.
 */
final class StunMessage {
    /** What a message is; the two class bits. */
    enum Kind {
        REQUEST,
        INDICATION,
        SUCCESS,
        ERROR;

        /** The class bits, C1 and C0. */
        int bits() {
            return switch (this) {
                case REQUEST -> 0;
                case INDICATION -> 1;
                case SUCCESS -> 2;
                case ERROR -> 3;
            };
        }
    }

    /** More attributes than any message of ours has; what has more is not ours. */
    private static final int MOST_ATTRIBUTES = 64;

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;

    /** @param offset where its value begins */
    private record Attribute(int type, int offset, int length) {}

    private final byte[] bytes;
    private final Kind kind;
    private final int method;
    private final TransactionId transaction;
    private final List<Attribute> attributes;

    private StunMessage(byte[] bytes, Kind kind, int method, TransactionId transaction, List<Attribute> attributes) {
        this.bytes = bytes;
        this.kind = kind;
        this.method = method;
        this.transaction = transaction;
        this.attributes = attributes;
    }

    /** Reads a datagram, and leaves the buffer as it was; null if it is not STUN. */
    static @Nullable StunMessage read(ByteBuffer datagram) {
        int start = datagram.position();
        int size = datagram.remaining();
        if (size < Stun.HEADER || size % 4 != 0 || datagram.getShort(start + 2) + Stun.HEADER != size) {
            return null;
        }
        int type = Short.toUnsignedInt(datagram.getShort(start));
        boolean modern = datagram.getInt(start + 4) == Stun.COOKIE;
        if (type >>> 14 != 0 || (!modern && type != Stun.BINDING)) {
            return null;
        }
        byte[] bytes = new byte[size];
        datagram.get(start, bytes);
        List<Attribute> attributes = attributes(bytes);
        if (attributes == null) {
            return null;
        }
        Kind kind = Kind.values()[(type >>> 7 & 2) | (type >>> 4 & 1)];
        int method = (type & 0xF) | (type >>> 1 & 0x70) | (type >>> 2 & 0xF80);
        TransactionId transaction = TransactionId.read(ByteBuffer.wrap(bytes, Stun.HEADER - 12, 12));
        StunMessage message = new StunMessage(bytes, kind, method, transaction, attributes);
        return message.fingerprintWrong() ? null : message;
    }

    private static @Nullable List<Attribute> attributes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<Attribute> attributes = new ArrayList<>();
        int last = 0;
        int at = Stun.HEADER;
        while (at < bytes.length) {
            int length = Short.toUnsignedInt(buffer.getShort(at + 2));
            int next = at + 4 + (length + 3 & ~3);
            if (next > bytes.length || attributes.size() == MOST_ATTRIBUTES) {
                return null;
            }
            int type = Short.toUnsignedInt(buffer.getShort(at));
            if (mayFollow(last, type)) {
                attributes.add(new Attribute(type, at + 4, length));
                last = type;
            }
            at = next;
        }
        return attributes;
    }

    /** Whatever is behind an integrity attribute was not signed, and is passed over (RFC 8489, sections 14.5 and 14.6). */
    private static boolean mayFollow(int last, int type) {
        return switch (last) {
            case Stun.MESSAGE_INTEGRITY -> type == Stun.MESSAGE_INTEGRITY_SHA256 || type == Stun.FINGERPRINT;
            case Stun.MESSAGE_INTEGRITY_SHA256 -> type == Stun.FINGERPRINT;
            default -> true;
        };
    }

    private boolean fingerprintWrong() {
        Attribute fingerprint = find(Stun.FINGERPRINT);
        if (fingerprint == null) {
            return false;
        }
        int before = fingerprint.offset - 4;
        return fingerprint.length != 4
                || fingerprint.offset + 4 != bytes.length
                || ByteBuffer.wrap(bytes).getInt(fingerprint.offset) != fingerprint(bytes, before);
    }

    /** The value of FINGERPRINT behind so many bytes. */
    static int fingerprint(byte[] bytes, int before) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, before);
        return (int) crc.getValue() ^ Stun.FINGERPRINT_XOR;
    }

    Kind kind() {
        return kind;
    }

    int method() {
        return method;
    }

    TransactionId transaction() {
        return transaction;
    }

    /** All of it, with its header. Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return bytes.length;
    }

    /** Whether it is of RFC 3489: the four bytes where the cookie should be belong to its transaction. */
    boolean classic() {
        return classicPrefix() != Stun.COOKIE;
    }

    /** The four bytes where the cookie should be. */
    int classicPrefix() {
        return ByteBuffer.wrap(bytes).getInt(4);
    }

    private @Nullable Attribute find(int type) {
        for (Attribute attribute : attributes) {
            if (attribute.type == type) {
                return attribute;
            }
        }
        return null;
    }

    boolean has(int type) {
        return find(type) != null;
    }

    /** The value of the first attribute of this type; null if there is none. */
    byte @Nullable [] value(int type) {
        Attribute attribute = find(type);
        return attribute == null ? null : value(attribute);
    }

    /** The values of all attributes of this type. */
    List<byte[]> values(int type) {
        return attributes.stream()
                .filter(attribute -> attribute.type == type)
                .map(this::value)
                .toList();
    }

    private byte[] value(Attribute attribute) {
        return Arrays.copyOfRange(bytes, attribute.offset, attribute.offset + attribute.length);
    }

    /** The types that have to be understood, and are not. */
    List<Integer> unknown(IntPredicate understood) {
        return attributes.stream()
                .map(Attribute::type)
                .filter(type -> type < 0x8000 && !understood.test(type))
                .distinct()
                .toList();
    }

    /** A number of four bytes; -1 if there is none. */
    int number(int type) {
        Attribute attribute = find(type);
        return attribute == null || attribute.length != 4
                ? -1
                : ByteBuffer.wrap(bytes).getInt(attribute.offset);
    }

    /** The error code, 0 if there is none. */
    int errorCode() {
        Attribute error = find(Stun.ERROR_CODE);
        return error == null || error.length < 4
                ? 0
                : 100 * (bytes[error.offset + 2] & 7) + (bytes[error.offset + 3] & 0xFF) % 100;
    }

    /** An address; null if there is none, or it cannot be read. */
    @Nullable
    Endpoint address(int type) {
        Attribute attribute = find(type);
        return attribute == null ? null : address(value(attribute), false);
    }

    /** An address that was made unlike an address (RFC 8489, section 14.2); null as above. */
    @Nullable
    Endpoint xorAddress(int type) {
        Attribute attribute = find(type);
        return attribute == null ? null : address(value(attribute), true);
    }

    /** Where whoever answers sees whoever asked: XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS; null if it does not say, or nonsense. */
    @Nullable
    Endpoint seen() {
        Endpoint xor = xorAddress(Stun.XOR_MAPPED_ADDRESS);
        Endpoint seen = xor != null ? xor : address(Stun.MAPPED_ADDRESS);
        return kind == Kind.SUCCESS && seen != null && Scope.usable(seen) ? seen : null;
    }

    private @Nullable Endpoint address(byte[] value, boolean xor) {
        return readAddress(ByteBuffer.wrap(value), xor ? Arrays.copyOfRange(bytes, 4, Stun.HEADER) : new byte[16]);
    }

    /** @param mask the cookie and the transaction, or zeros */
    static @Nullable Endpoint readAddress(ByteBuffer value, byte[] mask) {
        if (value.remaining() < 4) {
            return null;
        }
        int family = value.get(value.position() + 1);
        int length = family == IPV4 ? 4 : family == IPV6 ? 16 : -1;
        if (length < 0 || value.remaining() != 4 + length) {
            return null;
        }
        int port = Short.toUnsignedInt(value.getShort(value.position() + 2)) ^ (mask[0] & 0xFF) << 8 ^ (mask[1] & 0xFF);
        byte[] address = new byte[length];
        value.get(value.position() + 4, address);
        for (int i = 0; i < length; i++) {
            address[i] ^= mask[i];
        }
        return Endpoint.of(address, port);
    }

    /** Whether it carries a MESSAGE-INTEGRITY-SHA256, whole or cut off to 16 bytes or more, that this key gives. */
    boolean integrityHolds(byte[] key) {
        return integrityHolds(Stun.MESSAGE_INTEGRITY_SHA256, key);
    }

    /** The same of either kind of integrity. */
    boolean integrityHolds(int type, byte[] key) {
        Attribute integrity = find(type);
        if (integrity == null || integrity.length < 16 || integrity.length > 32) {
            return false;
        }
        byte[] expected = Secrets.integrity(type, key, bytes, integrity.offset - 4, integrity.length);
        return MessageDigest.isEqual(expected, value(integrity));
    }

    @Override
    public String toString() {
        return kind + " 0x" + Integer.toHexString(method) + " " + transaction + " (" + bytes.length + " bytes)";
    }
}

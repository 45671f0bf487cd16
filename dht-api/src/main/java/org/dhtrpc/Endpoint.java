package org.dhtrpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is reached: a numeric IPv4 or IPv6 address and a UDP port.
 *
 * <p>An immutable value, normalised when it is made: an IPv4-mapped IPv6 address is the IPv4 address. It never holds a
 * host name and never asks a name server; names are resolved by the node before they get here. IPv6 scopes
 * ({@code %eth0}) are not represented.
 */
public final class Endpoint {
    private static final long MAPPED = 0xFFFF_0000_0000L;

    private final long high;
    private final long low;
    private final int port;

    /** IPv4 is kept in its mapped form, so that one pair of longs serves both families. */
    private Endpoint(long high, long low, int port) {
        this.high = high;
        this.low = low;
        this.port = port;
    }

    /**
     * The endpoint with this address of 4 or 16 bytes, in network order.
     *
     * @param port 1 to 65535; 0 stands for "any" and is what an unbound socket has
     * @throws IllegalArgumentException if the address or the port is out of range
     */
    public static Endpoint of(byte[] address, int port) {
        ByteBuffer buffer = ByteBuffer.wrap(address);
        return switch (address.length) {
            case 4 -> new Endpoint(0, MAPPED | Integer.toUnsignedLong(buffer.getInt()), checked(port));
            case 16 -> new Endpoint(buffer.getLong(), buffer.getLong(), checked(port));
            default -> throw new IllegalArgumentException("An address has 4 or 16 bytes, not " + address.length);
        };
    }

    /**
     * The endpoint of a resolved socket address.
     *
     * @throws IllegalArgumentException if the address is not resolved; the message names it
     */
    public static Endpoint of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("Not resolved: " + address.getHostString());
        }
        return of(address.getAddress().getAddress(), address.getPort());
    }

    /**
     * The endpoint written as {@code 192.0.2.1:3282} or {@code [2001:db8::1]:3282}. Literals only: a host name is an
     * error here, never a look-up.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names it
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("No port in '" + Texts.shortened(text) + "'; expected 'address:port'");
        }
        return of(literal(text.substring(0, colon), text), port(text.substring(colon + 1), text));
    }

    private static byte[] literal(String host, String text) {
        if (host.startsWith("[") && host.endsWith("]") && host.indexOf(':') >= 0 && host.indexOf('%') < 0) {
            try {
                // Brackets keep the platform from asking a name server: it takes a literal or refuses.
                return InetAddress.getByName(host).getAddress();
            } catch (UnknownHostException e) {
                throw notALiteral(text, e);
            }
        }
        String[] parts = host.split("\\.", -1);
        byte[] address = new byte[4];
        for (int i = 0; i < parts.length; i++) {
            if (parts.length != 4 || !parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                throw notALiteral(text, null);
            }
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    private static IllegalArgumentException notALiteral(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "Not a numeric address: '" + Texts.shortened(text)
                        + "'; expected '192.0.2.1:3282' or '[2001:db8::1]:3282'",
                cause);
    }

    private static int port(String digits, String text) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("Not a port: '" + Texts.shortened(digits) + "' in '"
                    + Texts.shortened(text) + "'; expected 0 to 65535");
        }
        return checked(Integer.parseInt(digits));
    }

    private static int checked(int port) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("A port is 0 to 65535, not " + port);
        }
        return port;
    }

    /**
     * Reads an IPv4 (4 bytes) or IPv6 (16 bytes) address and a port (2 bytes), both in network order, at the buffer's
     * position, and moves it. The byte order of the buffer does not matter, and is left as it was.
     *
     * @param ipv4 true for the former
     * @throws java.nio.BufferUnderflowException if fewer bytes remain
     */
    public static Endpoint read(ByteBuffer buffer, boolean ipv4) {
        ByteOrder order = buffer.order();
        try {
            buffer.order(ByteOrder.BIG_ENDIAN);
            long high = ipv4 ? 0 : buffer.getLong();
            long low = ipv4 ? MAPPED | Integer.toUnsignedLong(buffer.getInt()) : buffer.getLong();
            return new Endpoint(high, low, Short.toUnsignedInt(buffer.getShort()));
        } finally {
            buffer.order(order);
        }
    }

    /** Writes the address (4 or 16 bytes) and the port (2 bytes) in network order, and moves the buffer's position. */
    public void write(ByteBuffer buffer) {
        ByteOrder order = buffer.order();
        try {
            buffer.order(ByteOrder.BIG_ENDIAN);
            if (isIPv4()) {
                buffer.putInt((int) low);
            } else {
                buffer.putLong(high).putLong(low);
            }
            buffer.putShort((short) port);
        } finally {
            buffer.order(order);
        }
    }

    /** True for an IPv4 address, mapped ones included. */
    public boolean isIPv4() {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** The address in network order, 4 or 16 bytes, in a new array. */
    public byte[] address() {
        ByteBuffer buffer = ByteBuffer.allocate(isIPv4() ? 4 : 16);
        if (isIPv4()) {
            buffer.putInt((int) low);
        } else {
            buffer.putLong(high).putLong(low);
        }
        return buffer.array();
    }

    /** The first 64 bits of the address; of an IPv4 address in its mapped form. For hashing without a copy. */
    public long highBits() {
        return high;
    }

    /** The last 64 bits of the address; of an IPv4 address in its mapped form. For hashing without a copy. */
    public long lowBits() {
        return low;
    }

    /** The port, 0 to 65535. */
    public int port() {
        return port;
    }

    /** True for {@code 0.0.0.0} and {@code ::}, which mean "any address" and can be bound but not sent to. */
    public boolean isWildcard() {
        return isIPv4() ? (int) low == 0 : high == 0 && low == 0;
    }

    /** True for {@code 127.0.0.0/8} and {@code ::1}. */
    public boolean isLoopback() {
        return isIPv4() ? (low >>> 24 & 0xFF) == 127 : high == 0 && low == 1;
    }

    /** The same as a socket address of the JDK, resolved, without a look-up. */
    public InetSocketAddress toSocketAddress() {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address()), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 or 16 bytes is always legal", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Endpoint endpoint
                && low == endpoint.low
                && port == endpoint.port
                && high == endpoint.high;
    }

    @Override
    public int hashCode() {
        long mixed = (high * 31 + low) * 31 + port;
        return (int) (mixed ^ mixed >>> 32);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        String host = toSocketAddress().getAddress().getHostAddress();
        return (isIPv4() ? host : "[" + host + "]") + ":" + port;
    }
}

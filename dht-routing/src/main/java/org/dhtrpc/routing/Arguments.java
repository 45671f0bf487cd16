package org.dhtrpc.routing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** What built-in commands carry in their value, on every wire that has them: little-endian, as in dht-rpc 6. */
public final class Arguments {
    private Arguments() {}

    /** The port in a ping_nat; 0 if there is none. */
    static int port(@Nullable Bytes value) {
        return value == null || value.size() < Short.BYTES
                ? 0
                : Short.toUnsignedInt(read(value).getShort());
    }

    static Bytes ofPort(int port) {
        return Bytes.copyOf(write(Short.BYTES).putShort((short) port).flip());
    }

    /** The address in a down_hint: 6 bytes, or 18 if it is of IPv6; null if there is none. */
    static @Nullable Endpoint endpoint(@Nullable Bytes value) {
        if (value == null || value.size() < 4 + Short.BYTES) {
            return null;
        }
        boolean ipv4 = value.size() < 16 + Short.BYTES;
        byte[] address = new byte[ipv4 ? 4 : 16];
        ByteBuffer buffer = read(value).get(address);
        return Endpoint.of(address, Short.toUnsignedInt(buffer.getShort()));
    }

    static Bytes ofEndpoint(Endpoint endpoint) {
        byte[] address = endpoint.address();
        return Bytes.copyOf(write(address.length + Short.BYTES)
                .put(address)
                .putShort((short) endpoint.port())
                .flip());
    }

    /** The delay in a delayed_ping, in milliseconds; -1 if there is none. */
    static long delayMillis(@Nullable Bytes value) {
        return value == null || value.size() < Integer.BYTES
                ? -1
                : Integer.toUnsignedLong(read(value).getInt());
    }

    /** That of a delayed_ping which is to be answered after this time, in whole milliseconds. */
    public static Bytes ofDelay(Duration delay) {
        return Bytes.copyOf(write(Integer.BYTES).putInt((int) delay.toMillis()).flip());
    }

    private static ByteBuffer read(Bytes value) {
        return value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer write(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}

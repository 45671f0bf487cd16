package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dhtrpc.Endpoint;

/** An endpoint in 6 bytes: the address as ever, and the port in the byte order of the buffer, which is the wire's. */
final class Ipv4 {
    static final int BYTES = 6;

    private Ipv4() {}

    static Endpoint read(ByteBuffer buffer) {
        byte[] address = new byte[4];
        buffer.get(address);
        return Endpoint.of(address, Short.toUnsignedInt(buffer.getShort()));
    }

    static void write(Endpoint endpoint, ByteBuffer buffer) {
        int address = (int) endpoint.lowBits();
        buffer.putInt(buffer.order() == ByteOrder.BIG_ENDIAN ? address : Integer.reverseBytes(address))
                .putShort((short) endpoint.port());
    }

    /** Refuses an endpoint that neither wire can name, with an {@link IllegalArgumentException}. */
    static void check(String field, Endpoint endpoint) {
        if (!endpoint.isIPv4()) {
            throw new IllegalArgumentException("This wire has IPv4 only: " + field + " is " + endpoint);
        }
        if (endpoint.port() == 0) {
            throw new IllegalArgumentException("Nobody is reached at port 0: " + field + " is " + endpoint);
        }
    }
}

package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** The messages of PCP that we need: MAP for UDP, and ANNOUNCE (RFC 6887, sections 7, 11.1 and 14.1). */
final class Pcp {
    /** What a router says that speaks another version. */
    static final int WRONG_VERSION = 1;

    private static final int VERSION = 2;
    private static final int ANNOUNCE = 0;
    private static final int MAP = 1;
    private static final int RESPONSE = 0x80;
    private static final int HEADER = 24;
    private static final int MAP_SIZE = 36;
    private static final int UDP = 17;

    /** What makes a mapping ours: 96 bits. */
    record Nonce(long high, int low) {}

    private Pcp() {}

    /**
     * What a router answers.
     *
     * @param result 0 if all is well
     * @param epoch seconds since it has begun to keep its mappings
     * @param lifetime for how many seconds the mapping holds, or the error
     * @param nonce of the mapping; null if it is about none
     * @param internal our port
     * @param external what leads to it
     */
    record Reply(
            int result,
            long epoch,
            long lifetime,
            @Nullable Nonce nonce,
            int internal,
            @Nullable Endpoint external) {}

    /**
     * Asks for a mapping, or for the same once more.
     *
     * @param client our address as we send from it, which the router compares
     * @param external what we should like to have; port 0 for any
     * @param lifetime in seconds; 0 ends the mapping
     */
    static byte[] askPort(Endpoint client, Nonce nonce, int internal, Endpoint external, int lifetime) {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + MAP_SIZE);
        header(buffer, MAP, lifetime, client);
        buffer.putLong(nonce.high).putInt(nonce.low).put((byte) UDP).put(new byte[3]);
        buffer.putShort((short) internal).putShort((short) external.port());
        address(buffer, external);
        return buffer.array();
    }

    /** Asks for nothing but an answer. */
    static byte[] announce(Endpoint client) {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER);
        header(buffer, ANNOUNCE, 0, client);
        return buffer.array();
    }

    private static void header(ByteBuffer buffer, int opcode, int lifetime, Endpoint client) {
        buffer.put((byte) VERSION).put((byte) opcode).putShort((short) 0).putInt(lifetime);
        address(buffer, client);
    }

    // Endpoints keep IPv4 in its mapped form, which is PCP's.
    private static void address(ByteBuffer buffer, Endpoint endpoint) {
        buffer.putLong(endpoint.highBits()).putLong(endpoint.lowBits());
    }

    /** Reads an answer, and leaves the buffer as it was; null if it is none. */
    static @Nullable Reply read(ByteBuffer datagram) {
        ByteBuffer buffer = datagram.duplicate().order(ByteOrder.BIG_ENDIAN);
        if (buffer.remaining() < HEADER || buffer.get() != VERSION) {
            return null;
        }
        int opcode = (buffer.get() & 0xFF) - RESPONSE;
        buffer.get();
        int result = buffer.get() & 0xFF;
        long lifetime = Integer.toUnsignedLong(buffer.getInt());
        long epoch = Integer.toUnsignedLong(buffer.getInt());
        buffer.position(buffer.position() + 12);
        if (opcode == ANNOUNCE || result == WRONG_VERSION) {
            return new Reply(result, epoch, lifetime, null, 0, null);
        }
        if (opcode != MAP || buffer.remaining() < MAP_SIZE) {
            return null;
        }
        Nonce nonce = new Nonce(buffer.getLong(), buffer.getInt());
        int protocol = buffer.get();
        buffer.position(buffer.position() + 3);
        int internal = Short.toUnsignedInt(buffer.getShort());
        int port = Short.toUnsignedInt(buffer.getShort());
        byte[] address = new byte[16];
        buffer.get(address);
        return protocol != UDP ? null : new Reply(result, epoch, lifetime, nonce, internal, Endpoint.of(address, port));
    }
}

package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** The messages of NAT-PMP (RFC 6886, sections 3.2 and 3.3), for UDP. */
final class NatPmp {
    private static final int VERSION = 0;
    private static final int ADDRESS = 0;
    private static final int MAP_UDP = 1;
    private static final int RESPONSE = 0x80;

    /** What a router says that speaks another version. */
    static final int WRONG_VERSION = 1;

    private NatPmp() {}

    /**
     * What a router answers.
     *
     * @param result 0 if all is well
     * @param epoch seconds since it has begun to keep its mappings
     * @param address its external address, with port 0; null if that is not what it tells
     * @param internal our port, or 0
     * @param external the port that leads to it, or 0
     * @param lifetime for how many seconds
     */
    record Reply(int result, long epoch, @Nullable Endpoint address, int internal, int external, long lifetime) {}

    static byte[] askAddress() {
        return new byte[] {VERSION, ADDRESS};
    }

    /** @param lifetime in seconds; 0 ends the mapping, and the external port is to be 0 then */
    static byte[] askPort(int internal, int external, int lifetime) {
        return ByteBuffer.allocate(12)
                .put((byte) VERSION)
                .put((byte) MAP_UDP)
                .putShort((short) 0)
                .putShort((short) internal)
                .putShort((short) external)
                .putInt(lifetime)
                .array();
    }

    /** Reads an answer, and leaves the buffer as it was; null if it is none. */
    static @Nullable Reply read(ByteBuffer datagram) {
        ByteBuffer buffer = datagram.duplicate().order(ByteOrder.BIG_ENDIAN);
        if (buffer.remaining() < 8 || buffer.get() != VERSION) {
            return null;
        }
        int opcode = (buffer.get() & 0xFF) - RESPONSE;
        int result = Short.toUnsignedInt(buffer.getShort());
        long epoch = Integer.toUnsignedLong(buffer.getInt());
        if (result != 0 && (opcode == ADDRESS || opcode == MAP_UDP)) {
            return new Reply(result, epoch, null, 0, 0, 0);
        }
        if (opcode == ADDRESS && buffer.remaining() == 4) {
            byte[] address = new byte[4];
            buffer.get(address);
            return new Reply(result, epoch, Endpoint.of(address, 0), 0, 0, 0);
        }
        if (opcode == MAP_UDP && buffer.remaining() == 8) {
            int internal = Short.toUnsignedInt(buffer.getShort());
            int external = Short.toUnsignedInt(buffer.getShort());
            return new Reply(result, epoch, null, internal, external, Integer.toUnsignedLong(buffer.getInt()));
        }
        return null;
    }
}

package org.dhtrpc.routing;

import java.nio.ByteBuffer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Reply;

/**
 * The requester's address as the value of a pong: how a wire tells it whose messages do not say to whom they go (the
 * seed's; see {@link org.dhtrpc.spi.Wire#pongCarriesAddress}).
 */
final class SeenAddress {
    private SeenAddress() {}

    static Bytes write(Endpoint requester) {
        ByteBuffer buffer = ByteBuffer.allocate(16 + 2);
        requester.write(buffer);
        return Bytes.copyOf(buffer.flip());
    }

    /** Whether a pong carries one. */
    static boolean isIn(Reply pong) {
        Bytes value = pong.value();
        return value != null && (value.size() == 4 + 2 || value.size() == 16 + 2);
    }

    /** The same pong with the address where other wires have it; as it is if it carries none. */
    static Reply read(Reply pong) {
        Bytes value = pong.value();
        if (value == null || !isIn(pong)) {
            return pong;
        }
        Endpoint seen = Endpoint.read(value.toByteBuffer(), value.size() == 4 + 2);
        return new Reply(pong.transaction(), pong.sender(), seen, pong.contacts(), pong.token(), pong.error(), null);
    }
}

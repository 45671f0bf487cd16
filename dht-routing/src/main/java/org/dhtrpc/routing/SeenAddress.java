package org.dhtrpc.routing;

import java.nio.ByteBuffer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Reply;
import org.jspecify.annotations.Nullable;

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

    /** The same pong with the address where other wires have it; as it is if it carries none. */
    static Reply read(Reply pong) {
        Endpoint seen = endpoint(pong.value());
        return seen == null
                ? pong
                : new Reply(pong.transaction(), pong.sender(), seen, pong.contacts(), pong.token(), pong.error(), null);
    }

    private static @Nullable Endpoint endpoint(@Nullable Bytes value) {
        if (value == null || (value.size() != 4 + 2 && value.size() != 16 + 2)) {
            return null;
        }
        return Endpoint.read(value.toByteBuffer(), value.size() == 4 + 2);
    }
}

package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/**
 * Tells the host what was encoded last, so that the trace can say what the next datagram is. Of a datagram with flipped
 * bits it returns nothing, since by reference there would be nothing to return.
 */
final class TracedCodec implements Codec {
    private final Codec codec;
    private final SimulatedHost host;

    TracedCodec(Codec codec, SimulatedHost host) {
        this.codec = codec;
        this.host = host;
    }

    @Override
    public Wire wire() {
        return codec.wire();
    }

    @Override
    public int size(Message message) {
        return codec.size(message);
    }

    @Override
    public void encode(Message message, ByteBuffer buffer) {
        int start = buffer.position();
        codec.encode(message, buffer);
        host.encoded(message, buffer.position() - start);
    }

    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        Message message = codec.decode(buffer);
        if (host.receivesCorrupted()) {
            throw new MalformedMessageException("corrupted on its way; what could still be read is not what was sent");
        }
        return message instanceof Reply reply ? host.medium().population().shared(reply) : message;
    }
}

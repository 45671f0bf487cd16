package org.dhtrpc.benchmarks;

import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/** Notes how large the latest messages were. Not for a codec that is measured. */
final class SizingCodec implements Codec {
    private final Codec codec;

    /** Bytes of the latest request. */
    volatile int request;

    /** Bytes of the latest reply. */
    volatile int reply;

    SizingCodec(Codec codec) {
        this.codec = codec;
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
        int begin = buffer.position();
        codec.encode(message, buffer);
        if (message instanceof Request) {
            request = buffer.position() - begin;
        } else {
            reply = buffer.position() - begin;
        }
    }

    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        return codec.decode(buffer);
    }
}

package org.dhtrpc.it;

import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/** A defect: of so many replies with a token one leaves without. Whoever gets it cannot store here. */
final class TokenLosing implements Codec {
    private final Codec codec;
    private final int every;
    private int tokens;

    TokenLosing(Codec codec, int every) {
        this.codec = codec;
        this.every = every;
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
        codec.encode(
                message instanceof Reply reply && reply.token() != null && ++tokens % every == 0
                        ? new Reply(
                                reply.transaction(),
                                reply.sender(),
                                reply.to(),
                                reply.contacts(),
                                null,
                                reply.error(),
                                reply.value())
                        : message,
                buffer);
    }

    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        return codec.decode(buffer);
    }
}

package org.dhtrpc.testkit;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/** Writes tickets, with the wire and the sizes of the real codec. Of a message it checks the size only. */
final class ByReferenceCodec implements Codec {
    private final Codec real;
    private final Tickets tickets;

    ByReferenceCodec(Codec real, Tickets tickets) {
        this.real = real;
        this.tickets = tickets;
    }

    @Override
    public Wire wire() {
        return real.wire();
    }

    @Override
    public int size(Message message) {
        return real.size(message);
    }

    /** {@inheritDoc} Throws IllegalArgumentException for a message that is too small to hold a ticket. */
    @Override
    public void encode(Message message, ByteBuffer buffer) {
        int size = size(message);
        if (size < Tickets.BYTES) {
            throw new IllegalArgumentException(
                    "A message that travels by reference has at least " + Tickets.BYTES + " bytes, not " + size);
        }
        if (size > buffer.remaining()) {
            throw new BufferOverflowException();
        }
        tickets.write(message, size, buffer);
    }

    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        Message message = tickets.redeem(buffer);
        if (message == null) {
            throw new MalformedMessageException("no message goes by this reference, or no longer");
        }
        buffer.position(buffer.limit());
        return message;
    }
}

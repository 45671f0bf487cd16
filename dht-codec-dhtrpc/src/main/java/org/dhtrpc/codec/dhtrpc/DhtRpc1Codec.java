package org.dhtrpc.codec.dhtrpc;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/**
 * The wire format of npm dht-rpc 1 to 3: the seed's.
 */
public final class DhtRpc1Codec implements Codec {
    private static final Wire WIRE = new Wire(
            "dht-rpc 1",
            Format1.TRANSACTION_BITS,
            Limits.TOKEN_BYTES,
            true,
            Set.of(AddressFamily.IPV4),
            Format1.MAX_DATAGRAM,
            0,
            true,
            true,
            false,
            false,
            Format1::hasCommand,
            null);

    /** There is nothing to configure. */
    public DhtRpc1Codec() {}

    @Override
    public Wire wire() {
        return WIRE;
    }

    @Override
    public int size(Message message) {
        return Writer1.size(message);
    }

    @Override
    public void encode(Message message, ByteBuffer buffer) {
        int size = Writer1.size(message);
        if (size > buffer.remaining()) {
            throw new BufferOverflowException();
        }
        Writer1.write(message, buffer.duplicate().order(ByteOrder.BIG_ENDIAN));
        buffer.position(buffer.position() + size);
    }

    /** {@inheritDoc} Either way the buffer's position is at its limit afterwards. */
    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        return Reader1.read(new Datagram(buffer, ByteOrder.BIG_ENDIAN));
    }
}

package org.dhtrpc.codec.dhtrpc;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/**
 * The wire format of npm dht-rpc 5 and 6, version 3 of its own count.
 */
public final class DhtRpc6Codec implements Codec {
    private static final Wire WIRE = new Wire(
            "dht-rpc 6",
            Format6.TRANSACTION_BITS,
            Limits.TOKEN_BYTES,
            false,
            Set.of(AddressFamily.IPV4),
            Format6.MAX_DATAGRAM,
            0,
            false,
            false,
            true,
            false,
            command -> command.builtIn() || command.number() != Command.NO_NUMBER,
            AddressIds.INSTANCE);

    /** There is nothing to configure. */
    public DhtRpc6Codec() {}

    @Override
    public Wire wire() {
        return WIRE;
    }

    @Override
    public int size(Message message) {
        return Writer6.size(message);
    }

    @Override
    public void encode(Message message, ByteBuffer buffer) {
        int size = Writer6.size(message);
        if (size > buffer.remaining()) {
            throw new BufferOverflowException();
        }
        Writer6.write(message, buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        buffer.position(buffer.position() + size);
    }

    /** {@inheritDoc} Either way the buffer's position is at its limit afterwards. */
    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        int size = buffer.remaining();
        Datagram datagram = new Datagram(buffer, ByteOrder.LITTLE_ENDIAN);
        if (size > Format6.MAX_READ) {
            throw Datagram.malformed("a datagram has at most " + Format6.MAX_READ + " bytes, not " + size);
        }
        return Reader6.read(datagram);
    }
}

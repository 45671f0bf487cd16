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
 * The wire format of npm dht-rpc 5 and 6, version 3 by its own count: IPv4 only, ids that follow from addresses
 * ({@link AddressIds}), commands that are numbers. {@code docs/spi/codec.md} says where each field goes.
 *
 * <p>Has no state that shows, so any number of threads and nodes may share one, and two are as good as one. {@link #decode}
 * takes up to 2,048 bytes, as peers do, and is as lenient as they: bytes behind a message and flags without a meaning are
 * ignored, a number need not be in its shortest form. A request with a token is a commit if its command is the
 * application's. Contacts at port 0, where nobody is, are left out; more than 20 are malformed, and so is a command or an
 * error above 2^31-1.
 *
 * <p>A message that this wire cannot express is the caller's mistake: {@link #size} and {@link #encode} refuse it with an
 * {@link IllegalArgumentException} that names the field. Such are a message that does not say {@code to}, an address of
 * IPv6, port 0, a transaction of more than 16 bits, a token that has not 32 bytes, more than 20 contacts, a command without
 * a number, a relay, padding, a negative error code, and a request whose {@code commit} is another than its token says. Ids
 * of contacts are not looked at.
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

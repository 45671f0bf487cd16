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
 * The wire format of npm dht-rpc 1 to 3, the seed's: a header of two bytes and a message of protocol buffers. IPv4 only, and
 * without errors. {@code docs/spi/codec.md} says where each field goes.
 *
 * <p>Has no state that shows, so any number of threads and nodes may share one, and two are as good as one. {@link #decode}
 * skips fields that it does not know; of one that comes twice the last counts. It takes whatever size, and whatever token in
 * a request; a request with a token is a commit if its command is the application's. Of more than 20 contacts the first 20
 * are read, without those at port 0, where nobody is. A pong's value is left as it is, though it is
 * the requester's address. Stricter than peers, it takes a length beyond the datagram, an id or target that has not 32 bytes,
 * a reply's token that has not, a command of more than 48 bytes, and a relay in both directions as malformed.
 *
 * <p>A message that this wire cannot express is the caller's mistake: {@link #size} and {@link #encode} refuse it with an
 * {@link IllegalArgumentException} that names the field. Such are an address of IPv6, port 0, a transaction of more than 15
 * bits, a token that has not 32 bytes, more than 20 contacts, a built-in command other than ping and find_node, an
 * application's that is called as those are on the wire, padding, an error, and a request whose {@code commit} is another
 * than its token says. To whom a message goes is not written.
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

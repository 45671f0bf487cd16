package org.dhtrpc.codec.msgpack;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;

/**
 * Our own wire format, version 1: one MessagePack array per datagram, as {@code docs/protocol.md} specifies it.
 *
 * <p>Has no state that shows, so any number of threads and nodes may share one, and two are as good as one. Each thread
 * that reads keeps up to 80 KiB: room for a datagram, and the last 256 contacts and senders, which are not made again
 * when the next message names them too.
 *
 * <p>A message that this wire cannot express is the caller's mistake: {@link #size} and {@link #encode} refuse it with
 * an {@link IllegalArgumentException} that names the field. Such are a message that does not say {@code to}, a token
 * that has not 8 bytes, an endpoint with port 0, an error code beyond 65535, a built-in command with a negative number,
 * and a command whose name has no form in UTF-8. The largest datagram is not among them: a longer message is encoded if
 * the buffer has room, for it is the node that keeps to {@link Wire#maxDatagram}. {@link #decode} takes no longer ones.
 */
public final class MsgpackCodec implements Codec {
    private static final Wire WIRE = new Wire(
            "MessagePack 1",
            Long.SIZE,
            Format.TOKEN_BYTES,
            true,
            Set.of(AddressFamily.values()),
            Format.MAX_DATAGRAM,
            3,
            true,
            false,
            false,
            true,
            true,
            every -> true,
            null);

    /** There is nothing to configure. */
    public MsgpackCodec() {}

    @Override
    public Wire wire() {
        return WIRE;
    }

    @Override
    public int size(Message message) {
        return MessageSize.of(message);
    }

    @Override
    public void encode(Message message, ByteBuffer buffer) {
        // The size comes first because it also refuses: nothing may be written of what cannot be written to the end.
        if (MessageSize.of(message) > buffer.remaining()) {
            throw new BufferOverflowException();
        }
        MessageWriter.write(message, buffer);
    }

    /** {@inheritDoc} Either way the buffer's position is at its limit afterwards. */
    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        int size = buffer.remaining();
        if (size > Format.MAX_DATAGRAM) {
            buffer.position(buffer.limit());
            throw new MalformedMessageException(
                    "a datagram has at most " + Format.MAX_DATAGRAM + " bytes, not " + size);
        }
        return MessageReader.read(buffer);
    }
}

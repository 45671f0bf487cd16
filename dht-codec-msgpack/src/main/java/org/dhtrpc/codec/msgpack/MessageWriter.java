package org.dhtrpc.codec.msgpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/**
 * Writes one message, which {@link MessageSize} has found fit, into an array and from there into the datagram: the heads
 * of elements by MessagePack's packer, which cannot reach into direct buffers, and what stands behind them around it.
 */
final class MessageWriter {
    /** The packer takes longer to make than a message to write, so each thread keeps its own. */
    private static final ThreadLocal<MessageWriter> OF_THREAD =
            ThreadLocal.withInitial(() -> new MessageWriter(Format.MAX_DATAGRAM));

    private static final byte[] ZEROS = new byte[Format.MAX_DATAGRAM];

    private final byte[] array;

    /** The same array. */
    private final ByteBuffer bytes;

    private final MessagePacker packer;

    private MessageWriter(int size) {
        // The packer will not fill the last byte.
        array = new byte[size + 1];
        bytes = ByteBuffer.wrap(array);
        packer = new MessagePack.PackerConfig()
                .withBufferFlushThreshold(array.length)
                .newPacker(new ArrayOutput(array));
    }

    /** Writes the message, which has this size, at the datagram's position, and moves it. */
    static void write(Message message, int size, ByteBuffer datagram) {
        MessageWriter writer = size <= Format.MAX_DATAGRAM ? OF_THREAD.get() : new MessageWriter(size);
        writer.message(message);
        datagram.put(writer.array, 0, size);
    }

    private void message(Message message) {
        try {
            packer.clear();
            if (message instanceof Request request) {
                request(request);
            } else {
                reply((Reply) message);
            }
        } catch (IOException e) {
            throw new AssertionError("an array has no output that could fail", e);
        }
    }

    private void request(Request request) throws IOException {
        envelope(Format.REQUEST_ELEMENTS, Format.REQUEST, request);
        command(request.command());
        key(request.target());
        packer.packBoolean(request.commit());
        value(request.token());
        value(request.value());
        relay(request.relay());
        padding(request.padding());
    }

    private void reply(Reply reply) throws IOException {
        envelope(Format.REPLY_ELEMENTS, Format.REPLY, reply);
        contacts(reply.contacts());
        value(reply.token());
        packer.packInt(reply.error());
        value(reply.value());
    }

    private void envelope(int elements, int kind, Message message) throws IOException {
        packer.packArrayHeader(elements);
        packer.packInt(Format.VERSION);
        packer.packInt(kind);
        packer.packLong(message.transaction());
        endpoint(Objects.requireNonNull(message.to()));
        key(message.sender());
    }

    private void command(Command command) throws IOException {
        if (command.builtIn()) {
            packer.packInt(command.number());
        } else {
            packer.packString(command.name());
        }
    }

    private void key(@Nullable Key key) throws IOException {
        if (key == null) {
            packer.packNil();
        } else {
            packer.packBinaryHeader(Key.BYTES);
            ByteBuffer payload = payload();
            key.write(payload);
            written(payload);
        }
    }

    private void value(@Nullable Bytes value) throws IOException {
        if (value == null) {
            packer.packNil();
        } else {
            packer.packBinaryHeader(value.size());
            ByteBuffer payload = payload();
            value.write(payload);
            written(payload);
        }
    }

    private void relay(@Nullable Relay relay) throws IOException {
        if (relay == null) {
            packer.packNil();
        } else {
            packer.packArrayHeader(2);
            packer.packInt(
                    switch (relay.kind()) {
                        case FORWARD_TO -> Format.FORWARD_TO;
                        case ANSWER_TO -> Format.ANSWER_TO;
                    });
            endpoint(relay.endpoint());
        }
    }

    private void padding(int padding) throws IOException {
        if (padding == 0) {
            packer.packNil();
        } else {
            packer.packBinaryHeader(padding);
            for (int left = padding; left > 0; left -= ZEROS.length) {
                packer.writePayload(ZEROS, 0, Math.min(left, ZEROS.length));
            }
        }
    }

    private void contacts(@Nullable List<Contact> contacts) throws IOException {
        if (contacts == null) {
            packer.packNil();
            return;
        }
        packer.packBinaryHeader(MessageSize.payload(contacts));
        ByteBuffer payload = payload();
        for (Contact contact : contacts) {
            contact.id().write(payload);
            payload.put(contact.endpoint().isIPv4() ? Format.IPV4 : Format.IPV6);
            contact.endpoint().write(payload);
        }
        written(payload);
    }

    private void endpoint(Endpoint endpoint) throws IOException {
        packer.packBinaryHeader(Format.bytes(endpoint));
        ByteBuffer payload = payload();
        endpoint.write(payload);
        written(payload);
    }

    /** Where what stands behind a head belongs. Whoever has put it there tells the packer, by {@link #written}. */
    private ByteBuffer payload() {
        return bytes.position(position());
    }

    private void written(ByteBuffer payload) throws IOException {
        // Each byte onto itself: the one way of the packer to leave room for some.
        packer.writePayload(array, position(), payload.position() - position());
    }

    private int position() {
        return (int) packer.getTotalWrittenBytes();
    }
}

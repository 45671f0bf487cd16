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
 * Writes one message, which {@link MessageSize} has found fit: the heads of the elements through MessagePack's packer,
 * what stands behind them straight into the datagram, without a copy in between.
 */
final class MessageWriter {
    /** The packer takes longer to make than a message to write, so each thread keeps its own. */
    private static final ThreadLocal<MessageWriter> OF_THREAD = ThreadLocal.withInitial(MessageWriter::new);

    private static final byte[] ZEROS = new byte[Format.MAX_DATAGRAM];

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final DatagramOutput output = new DatagramOutput();
    private final MessagePacker packer = new MessagePack.PackerConfig().newPacker(output);
    private ByteBuffer datagram = NONE;

    private MessageWriter() {}

    /** Writes the message at the datagram's position, and moves it. */
    static void write(Message message, ByteBuffer datagram) {
        OF_THREAD.get().message(message, datagram);
    }

    private void message(Message message, ByteBuffer borrowed) {
        datagram = borrowed;
        output.borrow(borrowed);
        try {
            if (message instanceof Request request) {
                request(request);
            } else {
                reply((Reply) message);
            }
            packer.flush();
        } catch (IOException e) {
            throw new AssertionError("a datagram in memory has no input or output that could fail", e);
        } finally {
            // A buffer that failed, because it is read-only, leaves nothing for the next; and none is kept.
            packer.clear();
            output.release();
            datagram = NONE;
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
            text(command.name());
        }
    }

    /** Plain ASCII, as names mostly are, without the array that the packer would encode it into. */
    private void text(String text) throws IOException {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) >= 0x80) {
                packer.packString(text);
                return;
            }
        }
        packer.packRawStringHeader(length);
        packer.flush();
        for (int i = 0; i < length; i++) {
            datagram.put((byte) text.charAt(i));
        }
    }

    private void key(@Nullable Key key) throws IOException {
        if (key == null) {
            packer.packNil();
        } else {
            binary(Key.BYTES);
            key.write(datagram);
        }
    }

    private void value(@Nullable Bytes value) throws IOException {
        if (value == null) {
            packer.packNil();
        } else {
            binary(value.size());
            value.write(datagram);
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
            binary(padding);
            for (int left = padding; left > 0; left -= ZEROS.length) {
                datagram.put(ZEROS, 0, Math.min(left, ZEROS.length));
            }
        }
    }

    private void contacts(@Nullable List<Contact> contacts) throws IOException {
        if (contacts == null) {
            packer.packNil();
            return;
        }
        binary(MessageSize.payload(contacts));
        for (Contact contact : contacts) {
            contact.id().write(datagram);
            datagram.put(contact.endpoint().isIPv4() ? Format.IPV4 : Format.IPV6);
            contact.endpoint().write(datagram);
        }
    }

    private void endpoint(Endpoint endpoint) throws IOException {
        binary(Format.bytes(endpoint));
        endpoint.write(datagram);
    }

    /** The head of a binary; whoever calls this writes its bytes into the datagram next. */
    private void binary(int length) throws IOException {
        packer.packBinaryHeader(length);
        packer.flush();
    }
}

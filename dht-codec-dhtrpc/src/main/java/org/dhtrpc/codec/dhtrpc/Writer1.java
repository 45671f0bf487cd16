package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** Writes one message of dht-rpc 1 to 3. Its size comes first, for that also refuses what the wire cannot express. */
final class Writer1 {
    /** In big-endian order. */
    private final ByteBuffer datagram;

    private Writer1(ByteBuffer datagram) {
        this.datagram = datagram;
    }

    static int size(Message message) {
        return message instanceof Request request ? size(request) : size((Reply) message);
    }

    private static int size(Request request) {
        Limits.checkRequest(request);
        return envelopeSize(request)
                + fieldSize(commandLength(request.command()))
                + keySize(request.target())
                + relaySize(request.relay())
                + bytesSize(request.value());
    }

    private static int size(Reply reply) {
        if (reply.error() != ErrorCode.NONE) {
            throw new IllegalArgumentException("This wire has no errors: error is " + reply.error());
        }
        return envelopeSize(reply) + contactsSize(reply.contacts()) + bytesSize(reply.value());
    }

    private static int envelopeSize(Message message) {
        Limits.checkTransaction(message, Format1.TRANSACTION_BITS);
        Limits.checkToken(message);
        int header = Short.BYTES;
        return header + keySize(message.sender()) + bytesSize(message.token());
    }

    private static int commandLength(Command command) {
        if (!Format1.hasCommand(command)) {
            throw Limits.inexpressible(command);
        }
        return utf8Length(Format1.name(command));
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int next = 0; next < text.length(); ) {
            int character = text.codePointAt(next);
            next += Character.charCount(character);
            length += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        }
        return length;
    }

    private static int keySize(@Nullable Key key) {
        return key == null ? 0 : fieldSize(Key.BYTES);
    }

    private static int bytesSize(@Nullable Bytes bytes) {
        return bytes == null ? 0 : fieldSize(bytes.size());
    }

    private static int relaySize(@Nullable Relay relay) {
        if (relay == null) {
            return 0;
        }
        Ipv4.check("relay", relay.endpoint());
        return fieldSize(Ipv4.BYTES);
    }

    private static int contactsSize(@Nullable List<Contact> contacts) {
        if (contacts == null) {
            return 0;
        }
        Limits.checkContacts(contacts);
        return fieldSize(contacts.size() * Format1.CONTACT_BYTES);
    }

    /** Of a field with this many bytes, the key and the length in front of them included. */
    private static int fieldSize(int length) {
        int key = 1;
        return key + Varint.size(length) + length;
    }

    /** Writes a message that {@link #size} has found fit into a buffer that has room for it, in big-endian order. */
    static void write(Message message, ByteBuffer datagram) {
        Writer1 writer = new Writer1(datagram);
        if (message instanceof Request request) {
            writer.request(request);
        } else {
            writer.reply((Reply) message);
        }
    }

    private void request(Request request) {
        datagram.putShort((short) (Format1.REQUEST | request.transaction()));
        field(Format1.REQUEST_COMMAND, Format1.name(request.command()));
        field(Format1.REQUEST_ID, request.sender());
        field(Format1.REQUEST_TARGET, request.target());
        relay(request.relay());
        field(Format1.REQUEST_TOKEN, request.token());
        field(Format1.REQUEST_VALUE, request.value());
    }

    private void reply(Reply reply) {
        datagram.putShort((short) reply.transaction());
        field(Format1.REPLY_ID, reply.sender());
        contacts(reply.contacts());
        field(Format1.REPLY_VALUE, reply.value());
        field(Format1.REPLY_TOKEN, reply.token());
    }

    private void head(int number, int length) {
        datagram.put((byte) Fields.key(number));
        Varint.write(length, datagram);
    }

    private void field(int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(number, bytes.length);
        datagram.put(bytes);
    }

    private void field(int number, @Nullable Key value) {
        if (value != null) {
            head(number, Key.BYTES);
            value.write(datagram);
        }
    }

    private void field(int number, @Nullable Bytes value) {
        if (value != null) {
            head(number, value.size());
            value.write(datagram);
        }
    }

    private void relay(@Nullable Relay relay) {
        if (relay != null) {
            int number = switch (relay.kind()) {
                case FORWARD_TO -> Format1.REQUEST_FORWARD_TO;
                case ANSWER_TO -> Format1.REQUEST_ANSWER_TO;
            };
            head(number, Ipv4.BYTES);
            Ipv4.write(relay.endpoint(), datagram);
        }
    }

    private void contacts(@Nullable List<Contact> contacts) {
        if (contacts != null) {
            head(Format1.REPLY_CONTACTS, contacts.size() * Format1.CONTACT_BYTES);
            for (Contact contact : contacts) {
                contact.id().write(datagram);
                Ipv4.write(contact.endpoint(), datagram);
            }
        }
    }
}

package org.dhtrpc.codec.msgpack;

import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a message takes, by arithmetic: the core asks this several times per datagram. On the way it refuses
 * what the wire cannot express, so that {@link MessageWriter} may rely on it.
 */
final class MessageSize {
    /** The size of nil, of a boolean, and of every head and integer that fits in its first byte. */
    private static final int ONE_BYTE = 1;

    private MessageSize() {}

    /**
     * The size of this message.
     *
     * @throws IllegalArgumentException if the wire cannot express it
     */
    static int of(Message message) {
        return message instanceof Request request ? of(request) : of((Reply) message);
    }

    private static int of(Request request) {
        int commit = ONE_BYTE;
        return envelope(request)
                + command(request.command())
                + key(request.target())
                + commit
                + token(request.token())
                + value(request.value())
                + relay(request.relay())
                + padding(request.padding());
    }

    private static int of(Reply reply) {
        return envelope(reply)
                + contacts(reply.contacts())
                + token(reply.token())
                + error(reply.error())
                + value(reply.value());
    }

    private static int envelope(Message message) {
        Endpoint to = message.to();
        if (to == null) {
            throw new IllegalArgumentException("A message of this wire says to whom it goes: 'to' is null");
        }
        int arrayVersionAndKind = 3 * ONE_BYTE;
        return arrayVersionAndKind + integer(message.transaction()) + endpoint(to) + key(message.sender());
    }

    private static int command(Command command) {
        if (!command.builtIn()) {
            return text(utf8Length(command.name()));
        }
        return integer(command.number());
    }

    private static int key(@Nullable Key key) {
        return key == null ? ONE_BYTE : binary(Key.BYTES);
    }

    private static int token(@Nullable Bytes token) {
        if (token != null && token.size() != Format.TOKEN_BYTES) {
            throw new IllegalArgumentException("A token has " + Format.TOKEN_BYTES + " bytes, not " + token.size());
        }
        return value(token);
    }

    private static int value(@Nullable Bytes value) {
        return value == null ? ONE_BYTE : binary(value.size());
    }

    private static int relay(@Nullable Relay relay) {
        int arrayAndKind = 2 * ONE_BYTE;
        return relay == null ? ONE_BYTE : arrayAndKind + endpoint(relay.endpoint());
    }

    private static int padding(int padding) {
        return padding == 0 ? ONE_BYTE : binary(padding);
    }

    private static int contacts(@Nullable List<Contact> contacts) {
        return contacts == null ? ONE_BYTE : binary(payload(contacts));
    }

    /** The size of what stands behind the head of a list of contacts. */
    static int payload(List<Contact> contacts) {
        int size = 0;
        // Not a for-each: this is asked often, and must not allocate an iterator.
        for (int i = 0; i < contacts.size(); i++) {
            size += Format.CONTACT_HEAD_BYTES + checked(contacts.get(i).endpoint());
        }
        return size;
    }

    private static int error(int error) {
        if (error < 0 || error > ErrorCode.MAX) {
            throw new IllegalArgumentException("An error code is 0 to " + ErrorCode.MAX + ", not " + error);
        }
        return integer(error);
    }

    private static int endpoint(Endpoint endpoint) {
        return binary(checked(endpoint));
    }

    private static int checked(Endpoint endpoint) {
        if (endpoint.port() == 0) {
            throw new IllegalArgumentException("Nobody is reached at port 0: " + endpoint);
        }
        return Format.bytes(endpoint);
    }

    private static int binary(int length) {
        return length + (length < 1 << 8 ? 2 : length < 1 << 16 ? 3 : 5);
    }

    private static int text(int length) {
        return length + (length < 1 << 5 ? 1 : 2);
    }

    private static int integer(long value) {
        if (value >= -(1 << 5) && value < 1 << 7) {
            return ONE_BYTE;
        }
        // A negative number is written signed, and needs a bit more than its complement; others unsigned.
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value < 0 ? ~value : value) + (value < 0 ? 1 : 0);
        return bits <= 8 ? 2 : bits <= 16 ? 3 : bits <= 32 ? 5 : 9;
    }

    static int utf8Length(String text) {
        int length = 0;
        for (int next = 0; next < text.length(); ) {
            int character = text.codePointAt(next);
            next += Character.charCount(character);
            length += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        }
        return length;
    }
}

package org.dhtrpc.codec.dhtrpc;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** Writes one message of dht-rpc 6. Its size comes first, for that also refuses what the wire cannot express. */
final class Writer6 {
    /** In little-endian order. */
    private final ByteBuffer datagram;

    private Writer6(ByteBuffer datagram) {
        this.datagram = datagram;
    }

    static int size(Message message) {
        return message instanceof Request request ? size(request) : size((Reply) message);
    }

    private static int size(Request request) {
        Limits.checkRequest(request);
        if (request.relay() != null) {
            throw new IllegalArgumentException("This wire has no field for a relay: " + request.relay());
        }
        return envelopeSize(request)
                + commandSize(request.command())
                + keySize(request.target())
                + valueSize(request.value());
    }

    private static int size(Reply reply) {
        return envelopeSize(reply)
                + contactsSize(reply.contacts())
                + errorSize(reply.error())
                + valueSize(reply.value());
    }

    private static int envelopeSize(Message message) {
        Limits.checkTransaction(message, Format6.TRANSACTION_BITS);
        Limits.checkToken(message);
        Endpoint to = message.to();
        if (to == null) {
            throw new IllegalArgumentException("A message of this wire says to whom it goes: 'to' is null");
        }
        Ipv4.check("to", to);
        int kindFlagsAndTransaction = 1 + 1 + Short.BYTES;
        return kindFlagsAndTransaction
                + Ipv4.BYTES
                + keySize(message.sender())
                + (message.token() == null ? 0 : Limits.TOKEN_BYTES);
    }

    private static int commandSize(Command command) {
        if (command.number() == Command.NO_NUMBER) {
            throw Limits.inexpressible(command);
        }
        return CompactUint.size(command.number());
    }

    private static int keySize(@Nullable Key key) {
        return key == null ? 0 : Key.BYTES;
    }

    private static int valueSize(@Nullable Bytes value) {
        return value == null ? 0 : CompactUint.size(value.size()) + value.size();
    }

    private static int contactsSize(@Nullable List<Contact> contacts) {
        if (contacts == null) {
            return 0;
        }
        Limits.checkContacts(contacts);
        return CompactUint.size(contacts.size()) + contacts.size() * Ipv4.BYTES;
    }

    private static int errorSize(int error) {
        if (error < 0) {
            throw new IllegalArgumentException("An error code is 0 or more, not " + error);
        }
        return error == ErrorCode.NONE ? 0 : CompactUint.size(error);
    }

    /** Writes a message that {@link #size} has found fit into a buffer that has room for it, in little-endian order. */
    static void write(Message message, ByteBuffer datagram) {
        Writer6 writer = new Writer6(datagram);
        if (message instanceof Request request) {
            writer.request(request);
        } else {
            writer.reply((Reply) message);
        }
    }

    private void request(Request request) {
        int flags =
                flag(Format6.BUILT_IN, request.command().builtIn()) | flag(Format6.TARGET, request.target() != null);
        envelope(Format6.REQUEST, flags, request);
        CompactUint.write(request.command().number(), datagram);
        key(request.target());
        value(request.value());
    }

    private void reply(Reply reply) {
        int flags =
                flag(Format6.CONTACTS, reply.contacts() != null) | flag(Format6.ERROR, reply.error() != ErrorCode.NONE);
        envelope(Format6.REPLY, flags, reply);
        contacts(reply.contacts());
        if (reply.error() != ErrorCode.NONE) {
            CompactUint.write(reply.error(), datagram);
        }
        value(reply.value());
    }

    private void envelope(int kind, int flags, Message message) {
        int all = flags
                | flag(Format6.ID, message.sender() != null)
                | flag(Format6.TOKEN, message.token() != null)
                | flag(Format6.VALUE, message.value() != null);
        datagram.put((byte) kind).put((byte) all).putShort((short) message.transaction());
        Ipv4.write(Objects.requireNonNull(message.to()), datagram);
        key(message.sender());
        if (message.token() != null) {
            message.token().write(datagram);
        }
    }

    private static int flag(int flag, boolean set) {
        return set ? flag : 0;
    }

    private void key(@Nullable Key key) {
        if (key != null) {
            key.write(datagram);
        }
    }

    private void contacts(@Nullable List<Contact> contacts) {
        if (contacts != null) {
            CompactUint.write(contacts.size(), datagram);
            for (Contact contact : contacts) {
                Ipv4.write(contact.endpoint(), datagram);
            }
        }
    }

    private void value(@Nullable Bytes value) {
        if (value != null) {
            CompactUint.write(value.size(), datagram);
            value.write(datagram);
        }
    }
}

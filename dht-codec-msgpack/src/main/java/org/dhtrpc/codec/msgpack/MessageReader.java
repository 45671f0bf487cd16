package org.dhtrpc.codec.msgpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;
import org.msgpack.core.buffer.MessageBuffer;
import org.msgpack.value.ValueType;

/**
 * Reads one message from bytes that a stranger may have made up. Every length is compared with what is left of the
 * datagram before anything of that length is allocated, and every type is looked at before the unpacker is asked for
 * it: the unpacker is more lenient than our format, and its exceptions are dear.
 */
final class MessageReader {
    /** The unpacker and what it works on take longer to make than a message to read, so each thread keeps its own. */
    private static final ThreadLocal<MessageReader> OF_THREAD = ThreadLocal.withInitial(MessageReader::new);

    /** A copy of what is read, since the unpacker cannot read direct buffers. */
    private final byte[] array = new byte[Format.MAX_DATAGRAM];

    private final ByteBuffer datagram = ByteBuffer.wrap(array);
    private final MessageBuffer memory = MessageBuffer.wrap(array);
    private final ArrayBufferInput input = new ArrayBufferInput(memory);
    private final MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(input);
    private final List<Contact> contacts = new ArrayList<>();
    private final Recent<Command> recentCommands = new Recent<>(16, Command.MAX_NAME_BYTES);

    /** A lookup's replies name 20 to 80 different nodes, each of them over and over. */
    private final Recent<Contact> recentContacts = new Recent<>(256, Format.MAX_CONTACT_BYTES);

    /** The datagram; the same object while one is as long as the last, as requests mostly are. */
    private MessageBuffer whole = memory;

    private int size;

    private MessageReader() {}

    /** Reads the message that the buffer holds, {@link Format#MAX_DATAGRAM} bytes at most, and consumes it. */
    static Message read(ByteBuffer buffer) throws MalformedMessageException {
        return OF_THREAD.get().message(buffer);
    }

    private Message message(ByteBuffer buffer) throws MalformedMessageException {
        size = buffer.remaining();
        buffer.get(array, 0, size);
        try {
            whole = whole.size() == size ? whole : memory.slice(0, size);
            input.reset(whole);
            unpacker.reset(input);
            return message();
        } catch (MessageInsufficientBufferException e) {
            throw endsTooEarly();
        } catch (MessagePackException | IOException e) {
            throw malformed("a byte, an integer or a length that has no meaning here");
        }
    }

    private Message message() throws IOException, MalformedMessageException {
        expect("the message", ValueType.ARRAY);
        int elements = unpacker.unpackArrayHeader();
        int version = integer("version", Integer.MAX_VALUE);
        if (version != Format.VERSION) {
            throw malformed("the version is " + version + ", not " + Format.VERSION);
        }
        boolean request = integer("kind", Format.REPLY) == Format.REQUEST;
        int known = request ? Format.REQUEST_ELEMENTS : Format.REPLY_ELEMENTS;
        if (elements < known) {
            throw malformed("the message has " + elements + " elements; " + known + " are needed");
        }
        Message message = request ? request() : reply();
        skip(elements - known);
        if (remaining() > 0) {
            throw malformed(remaining() + " bytes follow the message");
        }
        return message;
    }

    // Below, elements are read in the order of the wire, which is not that of the constructors.

    private Request request() throws IOException, MalformedMessageException {
        long transaction = transaction();
        Endpoint to = endpoint("to");
        Key sender = key("sender");
        Command command = command();
        Key target = key("target");
        boolean commit = commit();
        Bytes token = token();
        Bytes value = value();
        Relay relay = relay();
        ByteBuffer padding = binary("padding");
        return new Request(
                transaction,
                sender,
                to,
                command,
                target,
                commit,
                token,
                value,
                relay,
                padding == null ? 0 : padding.remaining());
    }

    private Reply reply() throws IOException, MalformedMessageException {
        long transaction = transaction();
        Endpoint to = endpoint("to");
        Key sender = key("sender");
        List<Contact> contacts = contacts();
        Bytes token = token();
        int error = integer("error", ErrorCode.MAX);
        Bytes value = value();
        return new Reply(transaction, sender, to, contacts, token, error, value);
    }

    private long transaction() throws IOException, MalformedMessageException {
        expect("transaction", ValueType.INTEGER);
        return unpacker.unpackLong();
    }

    private Command command() throws IOException, MalformedMessageException {
        if (next() == ValueType.INTEGER) {
            return Command.builtIn(integer("command", Integer.MAX_VALUE));
        }
        expect("command", ValueType.STRING);
        int length = unpacker.unpackRawStringHeader();
        if (length < 1 || length > Command.MAX_NAME_BYTES) {
            throw malformed("a command has 1 to " + Command.MAX_NAME_BYTES + " bytes, not " + length);
        }
        ByteBuffer name = payload("command", length);
        int start = name.position();
        int hash = length + 31 * name.get(start) + name.get(start + length - 1);
        Command known = recentCommands.get(hash, array, start, length);
        return known != null ? known : recentCommands.put(hash, array, start, length, named(name));
    }

    private static Command named(ByteBuffer name) throws MalformedMessageException {
        try {
            return Command.of(StandardCharsets.UTF_8.newDecoder().decode(name).toString());
        } catch (CharacterCodingException e) {
            throw malformed("the command is no UTF-8");
        }
    }

    private boolean commit() throws IOException, MalformedMessageException {
        expect("commit", ValueType.BOOLEAN);
        return unpacker.unpackBoolean();
    }

    private @Nullable Key key(String element) throws IOException, MalformedMessageException {
        ByteBuffer bytes = binary(element);
        if (bytes == null) {
            return null;
        }
        if (bytes.remaining() != Key.BYTES) {
            throw malformed(element + " has " + Key.BYTES + " bytes, not " + bytes.remaining());
        }
        return Key.read(bytes);
    }

    private @Nullable Bytes token() throws IOException, MalformedMessageException {
        ByteBuffer bytes = binary("token");
        if (bytes == null) {
            return null;
        }
        if (bytes.remaining() != Format.TOKEN_BYTES) {
            throw malformed("token has " + Format.TOKEN_BYTES + " bytes, not " + bytes.remaining());
        }
        return Bytes.copyOf(bytes);
    }

    private @Nullable Bytes value() throws IOException, MalformedMessageException {
        ByteBuffer bytes = binary("value");
        return bytes == null ? null : Bytes.copyOf(bytes);
    }

    private @Nullable Relay relay() throws IOException, MalformedMessageException {
        if (nil()) {
            return null;
        }
        expect("relay", ValueType.ARRAY);
        int elements = unpacker.unpackArrayHeader();
        if (elements != 2) {
            throw malformed("relay has 2 elements, not " + elements);
        }
        Relay.Kind kind =
                integer("relay", Format.ANSWER_TO) == Format.FORWARD_TO ? Relay.Kind.FORWARD_TO : Relay.Kind.ANSWER_TO;
        return new Relay(kind, endpoint("relay"));
    }

    private @Nullable List<Contact> contacts() throws IOException, MalformedMessageException {
        ByteBuffer bytes = binary("contacts");
        if (bytes == null) {
            return null;
        }
        contacts.clear();
        while (bytes.hasRemaining()) {
            contacts.add(contact(bytes));
        }
        return List.copyOf(contacts);
    }

    private Contact contact(ByteBuffer bytes) throws MalformedMessageException {
        int start = bytes.position();
        if (bytes.remaining() < Format.CONTACT_HEAD_BYTES) {
            throw malformed("the contacts end within a contact");
        }
        byte family = bytes.get(start + Key.BYTES);
        if (family != Format.IPV4 && family != Format.IPV6) {
            throw malformed("the family of a contact is 4 or 6, not " + family);
        }
        boolean ipv4 = family == Format.IPV4;
        int size = Format.CONTACT_HEAD_BYTES + (ipv4 ? Format.IPV4_ENDPOINT_BYTES : Format.IPV6_ENDPOINT_BYTES);
        if (bytes.remaining() < size) {
            throw malformed("the contacts end within a contact");
        }
        // The end of the id: those near one target have its beginning in common.
        int hash = bytes.getInt(start + Key.BYTES - Integer.BYTES);
        Contact known = recentContacts.get(hash, array, start, size);
        if (known != null) {
            bytes.position(start + size);
            return known;
        }
        Key id = Key.read(bytes);
        Contact contact =
                new Contact(id, endpoint("contacts", bytes.position(start + Format.CONTACT_HEAD_BYTES), ipv4));
        return recentContacts.put(hash, array, start, size, contact);
    }

    private Endpoint endpoint(String element) throws IOException, MalformedMessageException {
        ByteBuffer bytes = binary(element);
        if (bytes == null) {
            throw malformed(element + " is nil");
        }
        boolean ipv4 = bytes.remaining() == Format.IPV4_ENDPOINT_BYTES;
        if (!ipv4 && bytes.remaining() != Format.IPV6_ENDPOINT_BYTES) {
            throw malformed(element + " is an endpoint of 6 or 18 bytes, not " + bytes.remaining());
        }
        return endpoint(element, bytes, ipv4);
    }

    private static Endpoint endpoint(String element, ByteBuffer bytes, boolean ipv4) throws MalformedMessageException {
        Endpoint endpoint = Endpoint.read(bytes, ipv4);
        if (endpoint.port() == 0) {
            throw malformed(element + " has port 0");
        }
        if (endpoint.isIPv4() != ipv4) {
            throw malformed(element + " has an IPv4 address in the form of IPv6");
        }
        return endpoint;
    }

    private int integer(String element, int max) throws IOException, MalformedMessageException {
        expect(element, ValueType.INTEGER);
        long value = unpacker.unpackLong();
        if (value < 0 || value > max) {
            throw malformed(element + " is 0 to " + max + ", not " + value);
        }
        return (int) value;
    }

    private @Nullable ByteBuffer binary(String element) throws IOException, MalformedMessageException {
        if (nil()) {
            return null;
        }
        expect(element, ValueType.BINARY);
        return payload(element, unpacker.unpackBinaryHeader());
    }

    /** The next bytes, where they are: between the position and the limit of {@link #datagram}. */
    private ByteBuffer payload(String element, int length) throws IOException, MalformedMessageException {
        if (length > remaining()) {
            throw malformed(element + " has " + length + " bytes, but " + remaining() + " are left");
        }
        int start = (int) unpacker.getTotalReadBytes();
        // Nothing is copied: it is the unpacker's way to skip bytes.
        unpacker.readPayloadAsReference(length);
        return datagram.limit(start + length).position(start);
    }

    /**
     * Skips what a later version may have added: values of any type, nested in any way. The unpacker's own way to skip
     * counts in ints, which nested lengths of two billion overflow; as each value takes a byte, no honest count of
     * those still to come exceeds the bytes that are left.
     */
    private void skip(long values) throws IOException, MalformedMessageException {
        for (long pending = values; pending > 0; pending--) {
            if (pending > remaining()) {
                throw endsTooEarly();
            }
            switch (next()) {
                case ARRAY -> pending += unpacker.unpackArrayHeader();
                case MAP -> pending += 2L * unpacker.unpackMapHeader();
                default -> unpacker.skipValue();
            }
        }
    }

    private void expect(String element, ValueType expected) throws IOException, MalformedMessageException {
        ValueType type = next();
        if (type != expected) {
            throw malformed(element + " is of type " + expected + ", not " + type);
        }
    }

    private boolean nil() throws IOException, MalformedMessageException {
        if (next() != ValueType.NIL) {
            return false;
        }
        unpacker.unpackNil();
        return true;
    }

    private ValueType next() throws IOException, MalformedMessageException {
        if (remaining() == 0) {
            throw endsTooEarly();
        }
        return unpacker.getNextFormat().getValueType();
    }

    private long remaining() {
        return size - unpacker.getTotalReadBytes();
    }

    private static MalformedMessageException endsTooEarly() {
        return malformed("the datagram ends before the message does");
    }

    private static MalformedMessageException malformed(String what) {
        return new MalformedMessageException(what);
    }
}

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
import org.msgpack.core.MessagePackException;

/**
 * Reads one message from bytes that a stranger may have made up.
 */
final class MessageReader {
    /** The unpacker and what it works on take longer to make than a message to read, so each thread keeps its own. */
    private static final ThreadLocal<MessageReader> OF_THREAD = ThreadLocal.withInitial(MessageReader::new);

    private final Elements elements = new Elements();
    private final byte[] array = elements.array;
    private final List<Contact> contacts = new ArrayList<>();
    private final Recent<Command> recentCommands = new Recent<>(16, Command.MAX_NAME_BYTES);

    /** Where datagrams are for: as many as there are nodes on this thread. */
    private final Recent<Endpoint> recentReceivers = new Recent<>(64, Format.IPV6_ENDPOINT_BYTES);

    private final Recent<Key> recentSenders = new Recent<>(256, Key.BYTES);

    /** A node gives the same one for minutes, and gets it back. */
    private final Recent<Bytes> recentTokens = new Recent<>(64, Format.TOKEN_BYTES);

    /** A lookup's replies name 20 to 80 different nodes, each of them over and over. */
    private final Recent<Contact> recentContacts = new Recent<>(256, Format.MAX_CONTACT_BYTES);

    private MessageReader() {}

    /** Reads the message that the buffer holds, {@link Format#MAX_DATAGRAM} bytes at most, and consumes it. */
    static Message read(ByteBuffer buffer) throws MalformedMessageException {
        return OF_THREAD.get().message(buffer);
    }

    private Message message(ByteBuffer buffer) throws MalformedMessageException {
        try {
            elements.take(buffer);
            return message();
        } catch (MessageInsufficientBufferException e) {
            throw Elements.endsTooEarly();
        } catch (MessagePackException | IOException e) {
            throw Elements.malformed("a byte, an integer or a length that has no meaning here");
        }
    }

    private Message message() throws IOException, MalformedMessageException {
        int count = elements.array("the message");
        int version = elements.integer("version", Integer.MAX_VALUE);
        if (version != Format.VERSION) {
            throw Elements.malformed("the version is " + version + ", not " + Format.VERSION);
        }
        boolean request = elements.integer("kind", Format.REPLY) == Format.REQUEST;
        int known = request ? Format.REQUEST_ELEMENTS : Format.REPLY_ELEMENTS;
        if (count < known) {
            throw Elements.malformed("the message has " + count + " elements; " + known + " are needed");
        }
        Message message = request ? request() : reply();
        elements.skip(count - known);
        if (elements.remaining() > 0) {
            throw Elements.malformed(elements.remaining() + " bytes follow the message");
        }
        return message;
    }

    // Below, elements are read in the order of the wire, which is not that of the constructors.

    private Request request() throws IOException, MalformedMessageException {
        long transaction = elements.number("transaction");
        Endpoint to = receiver();
        Key sender = sender();
        Command command = command();
        Key target = key("target");
        boolean commit = elements.bool("commit");
        Bytes token = token();
        Bytes value = value();
        Relay relay = relay();
        ByteBuffer padding = elements.binary("padding");
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
        long transaction = elements.number("transaction");
        Endpoint to = receiver();
        Key sender = sender();
        List<Contact> contacts = contacts();
        Bytes token = token();
        int error = elements.integer("error", ErrorCode.MAX);
        Bytes value = value();
        return new Reply(transaction, sender, to, contacts, token, error, value);
    }

    private Endpoint receiver() throws IOException, MalformedMessageException {
        ByteBuffer bytes = endpoint("to", elements.binary("to"));
        int start = bytes.position();
        int length = bytes.remaining();
        Endpoint known = recentReceivers.get(array, start, length);
        return known != null
                ? known
                : recentReceivers.put(
                        array, start, length, endpoint("to", bytes, length == Format.IPV4_ENDPOINT_BYTES));
    }

    private @Nullable Key sender() throws IOException, MalformedMessageException {
        ByteBuffer bytes = keyBytes("sender");
        if (bytes == null) {
            return null;
        }
        int start = bytes.position();
        Key known = recentSenders.get(array, start, Key.BYTES);
        return known != null ? known : recentSenders.put(array, start, Key.BYTES, Key.read(bytes));
    }

    private Command command() throws IOException, MalformedMessageException {
        if (elements.isInteger()) {
            return Command.builtIn(elements.integer("command", Integer.MAX_VALUE));
        }
        ByteBuffer name = elements.text("command", Command.MAX_NAME_BYTES);
        int start = name.position();
        int length = name.remaining();
        Command known = recentCommands.get(array, start, length);
        return known != null ? known : recentCommands.put(array, start, length, named(name));
    }

    private static Command named(ByteBuffer name) throws MalformedMessageException {
        try {
            return Command.of(StandardCharsets.UTF_8.newDecoder().decode(name).toString());
        } catch (CharacterCodingException e) {
            throw Elements.malformed("the command is no UTF-8");
        }
    }

    private @Nullable Key key(String element) throws IOException, MalformedMessageException {
        ByteBuffer bytes = keyBytes(element);
        return bytes == null ? null : Key.read(bytes);
    }

    private @Nullable ByteBuffer keyBytes(String element) throws IOException, MalformedMessageException {
        ByteBuffer bytes = elements.binary(element);
        if (bytes != null && bytes.remaining() != Key.BYTES) {
            throw Elements.malformed(element + " has " + Key.BYTES + " bytes, not " + bytes.remaining());
        }
        return bytes;
    }

    private @Nullable Bytes token() throws IOException, MalformedMessageException {
        ByteBuffer bytes = elements.binary("token");
        if (bytes == null) {
            return null;
        }
        if (bytes.remaining() != Format.TOKEN_BYTES) {
            throw Elements.malformed("token has " + Format.TOKEN_BYTES + " bytes, not " + bytes.remaining());
        }
        int start = bytes.position();
        Bytes known = recentTokens.get(array, start, Format.TOKEN_BYTES);
        return known != null ? known : recentTokens.put(array, start, Format.TOKEN_BYTES, Bytes.copyOf(bytes));
    }

    private @Nullable Bytes value() throws IOException, MalformedMessageException {
        ByteBuffer bytes = elements.binary("value");
        return bytes == null ? null : Bytes.copyOf(bytes);
    }

    private @Nullable Relay relay() throws IOException, MalformedMessageException {
        if (elements.nil()) {
            return null;
        }
        int count = elements.array("relay");
        if (count != 2) {
            throw Elements.malformed("relay has 2 elements, not " + count);
        }
        boolean forward = elements.integer("relay", Format.ANSWER_TO) == Format.FORWARD_TO;
        ByteBuffer bytes = endpoint("relay", elements.binary("relay"));
        return new Relay(
                forward ? Relay.Kind.FORWARD_TO : Relay.Kind.ANSWER_TO,
                endpoint("relay", bytes, bytes.remaining() == Format.IPV4_ENDPOINT_BYTES));
    }

    private @Nullable List<Contact> contacts() throws IOException, MalformedMessageException {
        ByteBuffer bytes = elements.binary("contacts");
        if (bytes == null) {
            return null;
        }
        if (!bytes.hasRemaining()) {
            return List.of();
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
            throw Elements.malformed("the contacts end within a contact");
        }
        byte family = bytes.get(start + Key.BYTES);
        if (family != Format.IPV4 && family != Format.IPV6) {
            throw Elements.malformed("the family of a contact is 4 or 6, not " + family);
        }
        boolean ipv4 = family == Format.IPV4;
        int size = Format.CONTACT_HEAD_BYTES + (ipv4 ? Format.IPV4_ENDPOINT_BYTES : Format.IPV6_ENDPOINT_BYTES);
        if (bytes.remaining() < size) {
            throw Elements.malformed("the contacts end within a contact");
        }
        Contact known = recentContacts.get(array, start, size);
        if (known != null) {
            bytes.position(start + size);
            return known;
        }
        Key id = Key.read(bytes);
        Contact contact =
                new Contact(id, endpoint("contacts", bytes.position(start + Format.CONTACT_HEAD_BYTES), ipv4));
        return recentContacts.put(array, start, size, contact);
    }

    private static ByteBuffer endpoint(String element, @Nullable ByteBuffer bytes) throws MalformedMessageException {
        if (bytes == null) {
            throw Elements.malformed(element + " is nil");
        }
        if (bytes.remaining() != Format.IPV4_ENDPOINT_BYTES && bytes.remaining() != Format.IPV6_ENDPOINT_BYTES) {
            throw Elements.malformed(element + " is an endpoint of 6 or 18 bytes, not " + bytes.remaining());
        }
        return bytes;
    }

    private static Endpoint endpoint(String element, ByteBuffer bytes, boolean ipv4) throws MalformedMessageException {
        Endpoint endpoint = Endpoint.read(bytes, ipv4);
        if (endpoint.port() == 0) {
            throw Elements.malformed(element + " has port 0");
        }
        if (endpoint.isIPv4() != ipv4) {
            throw Elements.malformed(element + " has an IPv4 address in the form of IPv6");
        }
        return endpoint;
    }
}

package org.dhtrpc.codec.msgpack;

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

/**
 * Reads one message from bytes that a stranger may have made up.
 */
final class MessageReader {
    /** What is remembered is of use to whoever reads next, so each thread keeps its own. */
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
        MessageReader reader = OF_THREAD.get();
        reader.elements.take(buffer);
        return reader.message();
    }

    private Message message() throws MalformedMessageException {
        long count = elements.array("the message");
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

    private Request request() throws MalformedMessageException {
        long transaction = elements.number("transaction");
        Endpoint to = receiver();
        Key sender = sender();
        Command command = command();
        Key target = key("target");
        boolean commit = elements.bool("commit");
        Bytes token = token();
        Bytes value = value();
        Relay relay = relay();
        int padding = Math.max(0, elements.binary("padding"));
        return new Request(transaction, sender, to, command, target, commit, token, value, relay, padding);
    }

    private Reply reply() throws MalformedMessageException {
        long transaction = elements.number("transaction");
        Endpoint to = receiver();
        Key sender = sender();
        List<Contact> contacts = contacts();
        Bytes token = token();
        int error = elements.integer("error", ErrorCode.MAX);
        Bytes value = value();
        return new Reply(transaction, sender, to, contacts, token, error, value);
    }

    private Endpoint receiver() throws MalformedMessageException {
        int length = endpointBytes("to");
        Endpoint known = recentReceivers.get(array, elements.start(), length);
        return known != null ? known : recentReceivers.put(array, elements.start(), length, endpoint("to", length));
    }

    private @Nullable Key sender() throws MalformedMessageException {
        if (!keyBytes("sender")) {
            return null;
        }
        Key known = recentSenders.get(array, elements.start(), Key.BYTES);
        return known != null
                ? known
                : recentSenders.put(array, elements.start(), Key.BYTES, Key.read(elements.payload()));
    }

    private Command command() throws MalformedMessageException {
        if (elements.isInteger()) {
            return Command.builtIn(elements.integer("command", Integer.MAX_VALUE));
        }
        int length = elements.text("command", Command.MAX_NAME_BYTES);
        int start = elements.start();
        Command known = recentCommands.get(array, start, length);
        return known != null
                ? known
                : recentCommands.put(array, start, length, named(ByteBuffer.wrap(array, start, length)));
    }

    private static Command named(ByteBuffer name) throws MalformedMessageException {
        try {
            return Command.of(StandardCharsets.UTF_8.newDecoder().decode(name).toString());
        } catch (CharacterCodingException e) {
            throw Elements.malformed("the command is no UTF-8");
        }
    }

    private @Nullable Key key(String element) throws MalformedMessageException {
        return keyBytes(element) ? Key.read(elements.payload()) : null;
    }

    private boolean keyBytes(String element) throws MalformedMessageException {
        int length = elements.binary(element);
        if (length != Key.BYTES && length != Elements.NIL) {
            throw Elements.malformed(element + " has " + Key.BYTES + " bytes, not " + length);
        }
        return length != Elements.NIL;
    }

    private @Nullable Bytes token() throws MalformedMessageException {
        int length = elements.binary("token");
        if (length == Elements.NIL) {
            return null;
        }
        if (length != Format.TOKEN_BYTES) {
            throw Elements.malformed("token has " + Format.TOKEN_BYTES + " bytes, not " + length);
        }
        Bytes known = recentTokens.get(array, elements.start(), length);
        return known != null ? known : recentTokens.put(array, elements.start(), length, bytes(length));
    }

    private @Nullable Bytes value() throws MalformedMessageException {
        int length = elements.binary("value");
        return length == Elements.NIL ? null : bytes(length);
    }

    private Bytes bytes(int length) {
        return Bytes.read(elements.payload(), length);
    }

    private @Nullable Relay relay() throws MalformedMessageException {
        if (elements.nil()) {
            return null;
        }
        long count = elements.array("relay");
        if (count != 2) {
            throw Elements.malformed("relay has 2 elements, not " + count);
        }
        boolean forward = elements.integer("relay", Format.ANSWER_TO) == Format.FORWARD_TO;
        return new Relay(
                forward ? Relay.Kind.FORWARD_TO : Relay.Kind.ANSWER_TO, endpoint("relay", endpointBytes("relay")));
    }

    private @Nullable List<Contact> contacts() throws MalformedMessageException {
        int length = elements.binary("contacts");
        if (length == Elements.NIL) {
            return null;
        }
        if (length == 0) {
            return List.of();
        }
        contacts.clear();
        int end = elements.start() + length;
        for (int start = elements.start(); start < end; ) {
            int size = contactBytes(start, end);
            contacts.add(contact(start, size));
            start += size;
        }
        return List.copyOf(contacts);
    }

    private int contactBytes(int start, int end) throws MalformedMessageException {
        if (end - start < Format.CONTACT_HEAD_BYTES) {
            throw Elements.malformed("the contacts end within a contact");
        }
        byte family = array[start + Key.BYTES];
        if (family != Format.IPV4 && family != Format.IPV6) {
            throw Elements.malformed("the family of a contact is 4 or 6, not " + family);
        }
        int size = Format.CONTACT_HEAD_BYTES
                + (family == Format.IPV4 ? Format.IPV4_ENDPOINT_BYTES : Format.IPV6_ENDPOINT_BYTES);
        if (end - start < size) {
            throw Elements.malformed("the contacts end within a contact");
        }
        return size;
    }

    private Contact contact(int start, int size) throws MalformedMessageException {
        Contact known = recentContacts.get(array, start, size);
        if (known != null) {
            return known;
        }
        ByteBuffer bytes = elements.payload().position(start);
        Key id = Key.read(bytes);
        bytes.position(start + Format.CONTACT_HEAD_BYTES);
        Contact contact = new Contact(id, endpoint("contacts", bytes, size - Format.CONTACT_HEAD_BYTES));
        return recentContacts.put(array, start, size, contact);
    }

    private int endpointBytes(String element) throws MalformedMessageException {
        int length = elements.binary(element);
        if (length == Elements.NIL) {
            throw Elements.malformed(element + " is nil");
        }
        if (length != Format.IPV4_ENDPOINT_BYTES && length != Format.IPV6_ENDPOINT_BYTES) {
            throw Elements.malformed(element + " is an endpoint of 6 or 18 bytes, not " + length);
        }
        return length;
    }

    private Endpoint endpoint(String element, int length) throws MalformedMessageException {
        return endpoint(element, elements.payload(), length);
    }

    private static Endpoint endpoint(String element, ByteBuffer bytes, int length) throws MalformedMessageException {
        boolean ipv4 = length == Format.IPV4_ENDPOINT_BYTES;
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

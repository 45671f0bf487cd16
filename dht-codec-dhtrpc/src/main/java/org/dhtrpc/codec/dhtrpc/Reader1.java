package org.dhtrpc.codec.dhtrpc;

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

/** Reads one message of dht-rpc 1 to 3. Of a field that comes twice the last one counts. */
final class Reader1 {
    private final Datagram datagram;

    private @Nullable Command command;
    private @Nullable Key sender;
    private @Nullable Key target;
    private @Nullable Relay relay;
    private @Nullable List<Contact> contacts;
    private @Nullable Bytes token;
    private @Nullable Bytes value;

    private Reader1(Datagram datagram) {
        this.datagram = datagram;
    }

    static Message read(Datagram datagram) throws MalformedMessageException {
        int header = datagram.int16("the header");
        long transaction = header & ~Format1.REQUEST;
        Reader1 reader = new Reader1(datagram);
        return header >= Format1.REQUEST ? reader.request(transaction) : reader.reply(transaction);
    }

    private Request request(long transaction) throws MalformedMessageException {
        while (datagram.remaining() > 0) {
            int key = fieldKey();
            switch (key) {
                case Format1.REQUEST_COMMAND -> command = command();
                case Format1.REQUEST_ID -> sender = key("sender");
                case Format1.REQUEST_TARGET -> target = key("target");
                case Format1.REQUEST_FORWARD_TO -> relay = relay(Relay.Kind.FORWARD_TO);
                case Format1.REQUEST_ANSWER_TO -> relay = relay(Relay.Kind.ANSWER_TO);
                case Format1.REQUEST_TOKEN -> token = bytes("token");
                case Format1.REQUEST_VALUE -> value = bytes("value");
                default -> skip(key);
            }
        }
        if (command == null) {
            throw Datagram.malformed("the request has no command");
        }
        boolean commit = Limits.commits(command, token);
        return new Request(transaction, sender, null, command, target, commit, token, value, relay, 0);
    }

    private Reply reply(long transaction) throws MalformedMessageException {
        while (datagram.remaining() > 0) {
            int key = fieldKey();
            switch (key) {
                case Format1.REPLY_ID -> sender = key("sender");
                case Format1.REPLY_CONTACTS -> contacts = contacts();
                case Format1.REPLY_VALUE -> value = bytes("value");
                case Format1.REPLY_TOKEN -> token = replyToken();
                default -> skip(key);
            }
        }
        return new Reply(transaction, sender, null, contacts, token, ErrorCode.NONE, value);
    }

    private int fieldKey() throws MalformedMessageException {
        long key = Varint.read("a field", datagram);
        if (key < 1 << Format1.WIRE_TYPE_BITS || key > Format1.MAX_KEY) {
            throw Datagram.malformed("no field has the key " + Long.toUnsignedString(key));
        }
        return (int) key;
    }

    private void skip(int key) throws MalformedMessageException {
        String field = "an unknown field";
        switch (key & Format1.WIRE_TYPE) {
            case Format1.VARINT -> Varint.read(field, datagram);
            case Format1.FIXED64 -> datagram.skip(field, Long.BYTES);
            case Format1.DELIMITED -> datagram.skip(field, length(field));
            case Format1.FIXED32 -> datagram.skip(field, Integer.BYTES);
            default -> throw Datagram.malformed("the length of " + field + " is not known");
        }
    }

    private int length(String field) throws MalformedMessageException {
        long length = Varint.read(field, datagram);
        if (length < 0 || length > datagram.remaining()) {
            throw Datagram.malformed(field + " has " + Long.toUnsignedString(length) + " bytes, of which "
                    + datagram.remaining() + " are there");
        }
        return (int) length;
    }

    private int length(String field, int expected) throws MalformedMessageException {
        int length = length(field);
        if (length != expected) {
            throw Datagram.malformed(field + " has " + expected + " bytes, not " + length);
        }
        return length;
    }

    private Command command() throws MalformedMessageException {
        int length = length("command");
        if (length < 1 || length > Command.MAX_NAME_BYTES) {
            throw Datagram.malformed("command has 1 to " + Command.MAX_NAME_BYTES + " bytes, not " + length);
        }
        return Format1.command(datagram.text("command", length));
    }

    private Key key(String field) throws MalformedMessageException {
        length(field, Key.BYTES);
        return datagram.key(field);
    }

    private Bytes bytes(String field) throws MalformedMessageException {
        return datagram.bytes(field, length(field));
    }

    /** One that we would have to send back, and so has the length of one. */
    private Bytes replyToken() throws MalformedMessageException {
        return datagram.bytes("token", length("token", Limits.TOKEN_BYTES));
    }

    private Relay relay(Relay.Kind kind) throws MalformedMessageException {
        if (relay != null && relay.kind() != kind) {
            throw Datagram.malformed("the request is to be passed on, and has been");
        }
        length("relay", Ipv4.BYTES);
        return new Relay(kind, datagram.endpoint("relay"));
    }

    /** The first twenty, and of those the ones that can be reached; less than a whole contact at the end is nothing. */
    private List<Contact> contacts() throws MalformedMessageException {
        int length = length("contacts");
        int count = Math.min(length / Format1.CONTACT_BYTES, Limits.MAX_CONTACTS);
        List<Contact> contacts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Key id = datagram.key("contacts");
            Endpoint endpoint = datagram.listed("contacts");
            if (Ipv4.isReachable(endpoint)) {
                contacts.add(new Contact(id, endpoint));
            }
        }
        datagram.skip("contacts", length - count * Format1.CONTACT_BYTES);
        return contacts;
    }
}

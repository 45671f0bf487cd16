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

/** Reads one message of dht-rpc 1 to 3. */
final class Reader1 {
    private final Fields fields;

    private Reader1(Fields fields) {
        this.fields = fields;
    }

    static Message read(Datagram datagram) throws MalformedMessageException {
        int header = datagram.int16("the header");
        long transaction = header & ~Format1.REQUEST;
        Reader1 reader = new Reader1(Fields.in(datagram));
        return header >= Format1.REQUEST ? reader.request(transaction) : reader.reply(transaction);
    }

    private Request request(long transaction) throws MalformedMessageException {
        Command command = command();
        Bytes token = bytes(fields.get(Format1.REQUEST_TOKEN));
        return new Request(
                transaction,
                key(Format1.REQUEST_ID, "sender"),
                null,
                command,
                key(Format1.REQUEST_TARGET, "target"),
                Limits.commits(command, token),
                token,
                bytes(fields.get(Format1.REQUEST_VALUE)),
                relay(),
                0);
    }

    private Reply reply(long transaction) throws MalformedMessageException {
        return new Reply(
                transaction,
                key(Format1.REPLY_ID, "sender"),
                null,
                contacts(),
                // One that we would have to send back has the length of one.
                bytes(fields.get(Format1.REPLY_TOKEN, "token", Limits.TOKEN_BYTES)),
                ErrorCode.NONE,
                bytes(fields.get(Format1.REPLY_VALUE)));
    }

    private Command command() throws MalformedMessageException {
        Datagram name = fields.get(Format1.REQUEST_COMMAND);
        int length = name == null ? 0 : name.remaining();
        if (name == null || length == 0 || length > Command.MAX_NAME_BYTES) {
            throw Datagram.malformed("command has 1 to " + Command.MAX_NAME_BYTES + " bytes, not " + length);
        }
        return Format1.command(name.text("command"));
    }

    private @Nullable Key key(int number, String field) throws MalformedMessageException {
        Datagram key = fields.get(number, field, Key.BYTES);
        return key == null ? null : key.key(field);
    }

    private static @Nullable Bytes bytes(@Nullable Datagram field) {
        return field == null ? null : field.bytes();
    }

    private @Nullable Relay relay() throws MalformedMessageException {
        Datagram forward = fields.get(Format1.REQUEST_FORWARD_TO, "relay", Ipv4.BYTES);
        Datagram answer = fields.get(Format1.REQUEST_ANSWER_TO, "relay", Ipv4.BYTES);
        if (forward != null && answer != null) {
            throw Datagram.malformed("the request is to be passed on, and has been");
        }
        if (forward != null) {
            return new Relay(Relay.Kind.FORWARD_TO, forward.endpoint("relay"));
        }
        return answer == null ? null : new Relay(Relay.Kind.ANSWER_TO, answer.endpoint("relay"));
    }

    /** The first twenty, without those at port 0, where nobody is; less than a whole contact at the end is nothing. */
    private @Nullable List<Contact> contacts() throws MalformedMessageException {
        Datagram field = fields.get(Format1.REPLY_CONTACTS);
        if (field == null) {
            return null;
        }
        int count = Math.min(field.remaining() / Format1.CONTACT_BYTES, Limits.MAX_CONTACTS);
        List<Contact> contacts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Key id = field.key("contacts");
            Endpoint endpoint = field.listed("contacts");
            if (endpoint.port() != 0) {
                contacts.add(new Contact(id, endpoint));
            }
        }
        return contacts;
    }
}

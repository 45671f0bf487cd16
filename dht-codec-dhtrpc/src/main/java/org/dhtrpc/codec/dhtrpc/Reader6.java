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
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/** Reads one message of dht-rpc 6. */
final class Reader6 {
    private final Datagram datagram;
    private final long flags;

    private Reader6(Datagram datagram, long flags) {
        this.datagram = datagram;
        this.flags = flags;
    }

    static Message read(Datagram datagram) throws MalformedMessageException {
        int kind = datagram.int8("the kind");
        if (kind != Format6.REQUEST && kind != Format6.REPLY) {
            throw Datagram.malformed("the first byte is 3 or 19, not " + kind);
        }
        Reader6 reader = new Reader6(datagram, CompactUint.read("flags", datagram));
        return kind == Format6.REQUEST ? reader.request() : reader.reply();
    }

    // Below, fields are read in the order of the wire, which is not that of the constructors.

    private Request request() throws MalformedMessageException {
        long transaction = datagram.int16("transaction");
        Endpoint to = datagram.endpoint("to");
        Key sender = key(Format6.ID, "sender");
        Bytes token = token();
        int number = CompactUint.readInt("command", datagram);
        Command command = has(Format6.BUILT_IN) ? Command.builtIn(number) : Command.of(number);
        Key target = key(Format6.TARGET, "target");
        boolean commit = Limits.commits(command, token);
        return new Request(transaction, sender, to, command, target, commit, token, value(), null, 0);
    }

    private Reply reply() throws MalformedMessageException {
        long transaction = datagram.int16("transaction");
        Endpoint to = datagram.endpoint("to");
        Key sender = key(Format6.ID, "sender");
        Bytes token = token();
        List<Contact> contacts = has(Format6.CONTACTS) ? contacts() : null;
        int error = has(Format6.ERROR) ? CompactUint.readInt("error", datagram) : ErrorCode.NONE;
        return new Reply(transaction, sender, to, contacts, token, error, value());
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private @Nullable Key key(int flag, String field) throws MalformedMessageException {
        return has(flag) ? datagram.key(field) : null;
    }

    private @Nullable Bytes token() throws MalformedMessageException {
        return has(Format6.TOKEN) ? datagram.bytes("token", Limits.TOKEN_BYTES) : null;
    }

    private @Nullable Bytes value() throws MalformedMessageException {
        return has(Format6.VALUE) ? datagram.bytes("value", CompactUint.readInt("value", datagram)) : null;
    }

    private List<Contact> contacts() throws MalformedMessageException {
        int count = CompactUint.readInt("contacts", datagram);
        if (count > Limits.MAX_CONTACTS) {
            throw Datagram.malformed("a reply has at most " + Limits.MAX_CONTACTS + " contacts, not " + count);
        }
        List<Contact> contacts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Endpoint endpoint = datagram.listed("contacts");
            if (endpoint.port() != 0) {
                contacts.add(AddressIds.contact(endpoint));
            }
        }
        return contacts;
    }
}

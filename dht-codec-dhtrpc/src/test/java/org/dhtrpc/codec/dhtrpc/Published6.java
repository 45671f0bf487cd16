package org.dhtrpc.codec.dhtrpc;

import static org.dhtrpc.message.Command.PING;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** What the datagrams of {@code dht-rpc-6.hex} say. */
final class Published6 {
    static final Map<String, Message> MESSAGES = new LinkedHashMap<>();

    static final Endpoint REQUESTER = Endpoint.parse("10.0.0.3:4003");
    static final Endpoint RESPONDER = Endpoint.parse("10.0.0.2:4002");

    private static final Key REQUESTER_ID = id("8520fb074d53645dd99dcf21a93157a659563982e476d8f2654821c44769ebfe");
    private static final Key RESPONDER_ID = id("a9424b62efdbe6b8aae168b33324801a4756bf4c6ba36bfc4a905cc5c5d7770e");
    private static final Key TARGET = id("5a".repeat(32));
    private static final Command ZERO = Command.of(0);
    private static final Bytes FALSE_TOKEN = Bytes.parse("77".repeat(32));
    private static final Bytes TOKEN = Bytes.parse("279275dfc7fd4d017fd7c2e6cb64742b7a3d68eab5fe7ec32d2f767793d075b3");
    private static final Bytes HELLO = Bytes.utf8("hello");
    private static final Bytes WORLD = Bytes.utf8("world");

    /** An id that the datagram does not carry: BLAKE2b-256 of c0a801feffff. */
    private static final Contact OTHER =
            Contact.parse("56368b14c37af6558ddce5bf244b32e30a69bc39a897f312f6bdbe774c23ea42@192.168.1.254:65535");

    private static final List<Contact> TWO = List.of(OTHER, new Contact(REQUESTER_ID, REQUESTER));

    static {
        requests();
        replies();
    }

    private Published6() {}

    private static void requests() {
        Endpoint to = RESPONDER;
        put("ping-ephemeral", request(0x1234, null, PING, null, null));
        put("ping-with-id", request(0x1234, REQUESTER_ID, PING, null, null));
        put("ping-with-value", request(2, null, PING, null, Bytes.parse("000000")));
        put("ping-nat", request(3, null, Command.PING_NAT, null, Bytes.parse("409c")));
        put("find-node", request(4, null, Command.FIND_NODE, TARGET, null));
        put("find-node-with-id", request(5, REQUESTER_ID, Command.FIND_NODE, TARGET, null));
        put("down-hint", request(6, null, Command.DOWN_HINT, null, Bytes.parse("0a000009a90f")));
        put("delayed-ping", request(7, null, Command.DELAYED_PING, null, Bytes.parse("dc050000")));
        put("command-0-with-value", request(8, null, ZERO, TARGET, HELLO));
        put("commit", new Request(9, null, to, ZERO, TARGET, true, FALSE_TOKEN, HELLO, null, 0));
        put("command-252-largest-of-one-byte", request(10, REQUESTER_ID, Command.of(252), null, null));
        put("command-253-of-three-bytes", request(11, null, Command.of(253), null, null));
        put("command-442-value-of-300-bytes", request(12, null, Command.of(442), null, Bytes.parse("ab".repeat(300))));
        put("command-70000-of-five-bytes", request(13, null, Command.of(70_000), null, null));
        put("ping-largest-transaction", request(65_535, null, PING, null, null));
        put("ping-transaction-0", request(0, null, PING, null, null));
        put("empty-value", request(14, null, Command.of(1), null, Bytes.EMPTY));
        put("unknown-built-in", request(15, null, Command.builtIn(99), null, null));
        put("commit-with-token-given", new Request(16, null, to, ZERO, TARGET, true, TOKEN, HELLO, null, 0));
        Endpoint third = Endpoint.parse("10.0.0.7:4007");
        put("passed-on", new Request(8, RESPONDER_ID, third, ZERO, TARGET, null, Bytes.utf8("fwd")));
    }

    private static Request request(
            long transaction, @Nullable Key sender, Command command, @Nullable Key target, @Nullable Bytes value) {
        return new Request(transaction, sender, RESPONDER, command, target, null, value);
    }

    private static void replies() {
        put("pong", reply(0x1234, REQUESTER));
        put("pong-to-another-port", reply(3, Endpoint.parse("10.0.0.3:40000")));
        put("found-nothing", reply(4, REQUESTER));
        put("pong-to-ping-with-id", reply(0x1234, REQUESTER));
        put("pong-to-another-address", reply(0x1234, Endpoint.parse("10.9.9.9:1")));
        put("found-two", reply(4, REQUESTER).withContacts(TWO));
        put("down-hint-reply", reply(6, REQUESTER));
        put("error-unknown-command", reply(8, TWO, null, ErrorCode.UNKNOWN_COMMAND, null));
        put("error-invalid-token", reply(9, TWO, TOKEN, ErrorCode.INVALID_TOKEN, null));
        put("error-unknown-built-in", reply(15, null, null, ErrorCode.UNKNOWN_COMMAND, null));
        put("value-token-and-two", reply(8, TWO, TOKEN, ErrorCode.NONE, WORLD));
        put("reply-of-nothing", reply(14, REQUESTER));
        put("error-300-of-the-application", reply(10, null, null, 300, null));
        put("reply-empty-value", reply(11, null, TOKEN, ErrorCode.NONE, Bytes.EMPTY));
        put("error-16-with-token", reply(13, null, TOKEN, 16, null));
        put("commit-reply", reply(16, TWO, TOKEN, ErrorCode.NONE, WORLD));
        Reply anonymous = new Reply(0x1234, null, REQUESTER, null, null, ErrorCode.NONE, null);
        put("pong-ephemeral", anonymous);
        put("reply-ephemeral", new Reply(8, null, REQUESTER, null, TOKEN, ErrorCode.NONE, Bytes.utf8("x")));
        put("pong-from-the-other-socket", anonymous);
        put("delayed-ping-reply", reply(7, REQUESTER));
    }

    private static Reply reply(long transaction, Endpoint to) {
        return new Reply(transaction, RESPONDER_ID, to, null, null, ErrorCode.NONE, null);
    }

    private static Reply reply(
            long transaction,
            @Nullable List<Contact> contacts,
            @Nullable Bytes token,
            int error,
            @Nullable Bytes value) {
        return new Reply(transaction, RESPONDER_ID, REQUESTER, contacts, token, error, value);
    }

    private static Key id(String hex) {
        return Key.parse(hex);
    }

    private static void put(String name, Message message) {
        MESSAGES.put(name, message);
    }
}

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
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** What the datagrams of {@code dht-rpc-1.hex} say. */
final class Published1 {
    static final Map<String, Message> MESSAGES = new LinkedHashMap<>();

    private static final Key REQUESTER = Key.parse("aa".repeat(32));
    private static final Key RESPONDER = Key.parse("bb".repeat(32));
    private static final Key TARGET = Key.hashOf(Bytes.utf8("hello"));
    private static final Command LOOKUP = Command.of("lookup");
    private static final Command STORE = Command.of("store");
    private static final Bytes FALSE_TOKEN = Bytes.parse("77".repeat(32));
    private static final Bytes TOKEN = Bytes.parse("89d2e504f8fe7a08175fdc3a6df58a2731b794f36934d5ec9106ab91e13a82cb");
    private static final Bytes HELLO = Bytes.utf8("hello");

    /** A pong's value: who asked, 10.0.0.3:4003. */
    private static final Bytes SEEN = Bytes.parse("0a0000030fa3");

    private static final List<Contact> TWO = List.of(
            Contact.parse("cc".repeat(32) + "@10.0.0.1:4001"), Contact.parse("dd".repeat(32) + "@192.168.1.254:65535"));

    static {
        requests();
        replies();
    }

    private Published1() {}

    private static void requests() {
        put("ping-with-id", request(1, REQUESTER, PING, null, null));
        put("ping-ephemeral", request(1, null, PING, null, null));
        put("find-node-with-id", request(2, REQUESTER, Command.FIND_NODE, TARGET, null));
        put("find-node-ephemeral", request(2, null, Command.FIND_NODE, TARGET, null));
        put("query-with-value", request(3, REQUESTER, LOOKUP, TARGET, Bytes.utf8("world")));
        put("query", request(4, REQUESTER, LOOKUP, TARGET, null));
        put("query-empty-value", request(4, null, LOOKUP, TARGET, Bytes.EMPTY));
        put("discovery", request(5, null, STORE, TARGET, HELLO));
        put("commit", new Request(6, null, null, STORE, TARGET, true, FALSE_TOKEN, HELLO, null, 0));
        put("ping-forward-to", relayed(Relay.Kind.FORWARD_TO, "10.0.0.2:4002"));
        put("ping-last-transaction", request(32_766, REQUESTER, PING, null, null));
        put("ping-first-transaction", request(0, REQUESTER, PING, null, null));
        put("command-utf8", request(8, null, Command.of("h\u00E9"), TARGET, null));
        put("ping-answer-to", relayed(Relay.Kind.ANSWER_TO, "10.0.0.3:4003"));
        put("commit-with-token-given", new Request(9, null, null, STORE, TARGET, true, TOKEN, HELLO, null, 0));
    }

    private static Request request(
            long transaction, @Nullable Key sender, Command command, @Nullable Key target, @Nullable Bytes value) {
        return new Request(transaction, sender, null, command, target, null, value);
    }

    private static Request relayed(Relay.Kind kind, String endpoint) {
        Relay relay = new Relay(kind, Endpoint.parse(endpoint));
        return new Request(7, REQUESTER, null, PING, null, false, null, null, relay, 0);
    }

    private static void replies() {
        put("pong-to-whom-it-was-passed-on-for", reply(7, null, SEEN));
        put("pong", reply(1, null, SEEN));
        put("found-none", reply(2, List.of(), null));
        put("found-two", reply(2, TWO, null));
        put("value-and-two", reply(4, TWO, Bytes.utf8("value!")));
        put("reply-ephemeral", new Reply(4, null, null, List.of(), TOKEN, ErrorCode.NONE, null));
        put("commit-reply", reply(9, TWO, null));
        put("invalid-token-reply", reply(11, TWO, null));
    }

    private static Reply reply(long transaction, @Nullable List<Contact> contacts, @Nullable Bytes value) {
        return new Reply(transaction, RESPONDER, null, contacts, TOKEN, ErrorCode.NONE, value);
    }

    private static void put(String name, Message message) {
        MESSAGES.put(name, message);
    }
}

package org.dhtrpc.testkit.adversary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Foothold;
import org.jspecify.annotations.Nullable;

/** What passes for a node, on a host without one: it has an id of its choice, asks, shows tokens, and answers. */
final class Puppet {
    /** The wire with the smallest transactions has 15 bits for them. */
    static final int TRANSACTIONS = 1 << 15;

    private static final int MAX_TOKENS = 1_024;

    final Foothold host;
    final Key id;

    /** Where others say that they see us: a NAT may be before the host. */
    private Endpoint endpoint;

    /** What others have given us to prove our address with, the oldest first. */
    private final Map<Endpoint, Bytes> tokens = new LinkedHashMap<>();

    /** As large as those of others; null until one was seen. */
    private @Nullable Bytes ownToken;

    Puppet(Foothold host, Key id) {
        this.host = host;
        this.id = id;
        this.endpoint = host.host().endpoint();
    }

    Contact contact() {
        return new Contact(id, endpoint);
    }

    /** Asks somebody for nodes near a target, so that it gets to know us; with its token if we have one. */
    void ask(Endpoint to, Key target) {
        long transaction = host.random().nextInt(TRANSACTIONS);
        host.send(to, new Request(transaction, id, to, Command.FIND_NODE, target, tokens.get(to), null));
    }

    /** Takes note of a reply; whether its token is the first of its sender: shown to it, it makes us a contact. */
    boolean heard(Endpoint from, Reply reply) {
        if (reply.to() != null) {
            endpoint = reply.to();
        }
        Bytes token = reply.token();
        if (token == null) {
            return false;
        }
        if (ownToken == null) {
            byte[] random = new byte[token.size()];
            host.random().nextBytes(random);
            ownToken = Bytes.of(random);
        }
        boolean first = tokens.put(from, token) == null;
        if (tokens.size() > MAX_TOKENS) {
            tokens.remove(tokens.keySet().iterator().next());
        }
        return first;
    }

    /** Answers whatever was asked: with these contacts if it was about a target, and no value. */
    void answer(Endpoint from, Request request, List<Contact> contacts) {
        boolean about = request.target() != null;
        host.send(
                from,
                new Reply(request.transaction(), id, from, about ? contacts : null, ownToken, ErrorCode.NONE, null));
    }
}

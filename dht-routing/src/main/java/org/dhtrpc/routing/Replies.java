package org.dhtrpc.routing;

import java.util.List;
import java.util.function.ToIntFunction;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Makes replies, and sends them: as many contacts as fit, nearest first; an error where a value does not. On a wire without
 * errors there is silence instead, but for a command that is unknown: contacts without a token say so.
 */
final class Replies {
    private final Identity self;
    private final int k;
    private final Wire wire;
    private final ToIntFunction<Message> size;
    private final RoutingTable table;
    private final Tokens tokens;
    private final Outbox outbox;
    private final Counters counters;

    Replies(
            Identity self,
            int k,
            Wire wire,
            ToIntFunction<Message> size,
            RoutingTable table,
            Tokens tokens,
            Outbox outbox,
            Counters counters) {
        this.self = self;
        this.k = k;
        this.wire = wire;
        this.size = size;
        this.table = table;
        this.tokens = tokens;
        this.outbox = outbox;
        this.counters = counters;
    }

    /** How many bytes may be sent to an address because of a request of this size. */
    int allowance(int requestSize, boolean proven) {
        return proven || wire.replyFactor() == 0 ? Integer.MAX_VALUE : wire.replyFactor() * requestSize;
    }

    /** As many bytes as may be sent in one datagram to an address that has proven nothing, because of this request. */
    int limitOfOthers(Request request) {
        int most = wire.maxDatagram();
        return wire.replyFactor() == 0 ? most : Math.min(most, allowance(size.applyAsInt(request), false));
    }

    /** How many bytes a message takes. */
    int size(Message message) {
        return size.applyAsInt(message);
    }

    /** Answers whoever asked; what was sent, null if nothing. */
    Effect.@Nullable Send send(long now, Asked asked, int error, @Nullable Bytes value) {
        return send(now, asked, asked.from(), asked.allowance(), error, value);
    }

    /** Answers to an address, with so many bytes at most, as fit in a datagram; what was sent, null if nothing. */
    Effect.@Nullable Send send(long now, Asked asked, Endpoint to, int allowance, int error, @Nullable Bytes value) {
        int limit = Math.min(wire.maxDatagram(), allowance);
        boolean speechless = error != ErrorCode.NONE && !wire.errors();
        Request request = asked.request();
        Key target = request.target();
        if (speechless && !(guides(error, request) && target != null)) {
            return null;
        }
        List<Contact> contacts = target == null ? null : table.closest(target, k, to);
        boolean withoutToken = speechless || (request.command().builtIn() && !wire.builtInTokens());
        Bytes token = withoutToken ? null : tokens.issue(now, to);
        Key sender = asked.sibling() ? null : self.sender();
        int said = speechless ? ErrorCode.NONE : error;
        Reply whole = new Reply(request.transaction(), sender, to, contacts, token, said, value);
        Reply fitting = fit(whole, limit);
        if (fitting != null) {
            return again(new Effect.Send(to, fitting, asked.sibling()));
        }
        if (error == ErrorCode.TOO_LARGE || error == ErrorCode.PROVE_ADDRESS) {
            return null;
        }
        boolean provable = limit < wire.maxDatagram() && fit(whole, wire.maxDatagram()) != null;
        return send(now, asked, to, limit, provable ? ErrorCode.PROVE_ADDRESS : ErrorCode.TOO_LARGE, null);
    }

    /** A search goes on from a node that does not know its command. Without a token it is no place to commit at. */
    private static boolean guides(int error, Request request) {
        return error == ErrorCode.UNKNOWN_COMMAND && !request.commit();
    }

    /** The reply without as many of its farthest contacts as it takes to fit; null if it does not fit without any. */
    private @Nullable Reply fit(Reply whole, int limit) {
        if (size.applyAsInt(whole) <= limit) {
            return whole;
        }
        List<Contact> contacts = whole.contacts();
        Reply fitting = null;
        int low = 0;
        int high = contacts == null ? 0 : contacts.size();
        while (contacts != null && low < high) {
            int middle = (low + high) >>> 1;
            Reply shorter = whole.withContacts(contacts.subList(0, middle));
            if (size.applyAsInt(shorter) <= limit) {
                fitting = shorter;
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return fitting;
    }

    /** Sends what was made before, or has just been. */
    Effect.Send again(Effect.Send answer) {
        if (answer.message() instanceof Reply reply) {
            counters.repliesSent++;
            counters.errorsSent += reply.error() == ErrorCode.NONE ? 0 : 1;
        }
        outbox.add(answer);
        return answer;
    }
}

package org.dhtrpc.routing;

import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What comes in, and what is learnt of its sender: nothing, unless a reply or a token shows that it receives where it says
 * it is. Replies go on to {@link PendingRequests}, requests to the {@link Responder}; what is dropped is counted and told.
 */
final class Inbound {
    private final Identity self;
    private final IdPolicy idPolicy;
    private final Reach reach;
    private final Rates rates;
    private final Tokens tokens;
    private final RoutingTable table;
    private final PingBacks pings;
    private final PendingRequests pending;
    private final Responder responder;
    private final Replies replies;
    private final Reachability reachability;
    private final Outbox outbox;
    private final Counters counters;
    private final Introductions introductions;

    /** Null on wires without. */
    private final @Nullable Relays relays;

    /** Whether who joins proves its address by itself, soon. */
    private final boolean tellsWithToken;

    Inbound(
            Identity self,
            KademliaConfig config,
            IdPolicy idPolicy,
            Reach reach,
            Tokens tokens,
            RoutingTable table,
            PingBacks pings,
            PendingRequests pending,
            Responder responder,
            Replies replies,
            Reachability reachability,
            Outbox outbox,
            Counters counters,
            Introductions introductions,
            @Nullable Relays relays,
            Wire wire) {
        this.self = self;
        this.idPolicy = idPolicy;
        this.reach = reach;
        this.rates = new Rates(config.requestRate());
        this.tokens = tokens;
        this.table = table;
        this.pings = pings;
        this.pending = pending;
        this.responder = responder;
        this.replies = replies;
        this.reachability = reachability;
        this.outbox = outbox;
        this.counters = counters;
        this.introductions = introductions;
        this.relays = relays;
        this.tellsWithToken = wire.replyFactor() > 0;
    }

    /**
     * @param size the bytes of the message
     * @param sibling whether it came in on the sibling socket
     */
    void receive(long now, Endpoint from, Message message, int size, boolean sibling) {
        if (!reach.answers(from)) {
            // Nobody can be answered there, and the wire may not be able to name it; but a datagram may well say so.
            reject(from, Rejection.MALFORMED);
            return;
        }
        if (!reach.filter().test(from)) {
            reject(from, Rejection.FILTERED);
            return;
        }
        Key claimed = message.sender();
        PendingRequest ours = message instanceof Request request ? pending.returned(from, request) : null;
        if (ours != null || self.id().equals(claimed)) {
            reject(from, Rejection.FROM_OURSELVES);
            if (ours != null) {
                ours.returned(now);
            }
            return;
        }
        // Whoever speaks from our own address is no contact, whatever id it claims.
        Key sender = claimed != null && !self.at(from) && idPolicy.accept(claimed, from) ? claimed : null;
        if (message instanceof Request request) {
            receiveRequest(now, from, request, size, sender, sibling);
        } else if (message instanceof Reply reply) {
            receiveReply(now, from, reply, sender, sibling);
        }
    }

    private void receiveRequest(
            long now, Endpoint from, Request request, int size, @Nullable Key sender, boolean sibling) {
        counters.requestsReceived++;
        Bytes token = request.token();
        boolean proven = token != null && tokens.accepts(now, from, token);
        if (!rates.allows(now, from, proven)) {
            reject(from, Rejection.TOO_MANY_REQUESTS);
            return;
        }
        if (request.relay() != null) {
            if (relays == null || sibling || !relays.receive(now, from, request, request.relay(), size)) {
                reject(from, Rejection.RELAY_REFUSED);
            }
            return;
        }
        Asked asked = new Asked(from, request, sender, proven, sibling, replies.allowance(size, proven));
        if (sender != null && token == null) {
            receiveStranger(now, new Contact(sender, from), asked);
            return;
        }
        if (sender != null && proven) {
            table.verified(now, new Contact(sender, from), -1);
        }
        responder.receive(now, asked);
    }

    /** Whoever sends an id and proves nothing may become a contact, once it has answered a ping. */
    private void receiveStranger(long now, Contact stranger, Asked asked) {
        Request request = asked.request();
        if (!tellsWithToken && request.command().equals(Command.FIND_NODE)) {
            introductions.answer(now, stranger, asked);
            return;
        }
        boolean joins = tellsWithToken && stranger.id().equals(request.target());
        int spent = joins
                ? pings.joiner(now, stranger, asked.allowance())
                : pings.stranger(now, stranger, asked.allowance());
        responder.receive(now, asked.less(spent));
    }

    private void receiveReply(long now, Endpoint from, Reply reply, @Nullable Key sender, boolean sibling) {
        PendingRequest request = pending.match(from, reply);
        if (request == null) {
            reject(from, Rejection.UNEXPECTED_REPLY);
            return;
        }
        counters.repliesReceived++;
        request.repliedToSibling = sibling;
        if (relays != null && !sibling) {
            relays.answered(now, from);
        }
        Reply whole = pending.dialect.read(request, reply);
        // Whoever was to pass a request on knows the transaction too, and could answer in anybody's name.
        if (from.equals(request.to)) {
            learn(now, from, sender, request, whole);
        }
        pending.complete(now, request, from, sender, whole);
    }

    private void learn(long now, Endpoint from, @Nullable Key sender, PendingRequest request, Reply reply) {
        if (sender == null) {
            table.vacate(from);
        } else {
            table.verified(now, contact(request, sender), request.teaches() ? now - request.firstSent : -1);
        }
        if (!request.command.equals(Command.PING_NAT)) {
            reachability.seen(now, from, reply.to(), request.fromSibling);
        }
        if (reachability.exposure != null && reply.contacts() != null) {
            reachability.exposure.named(now, from, reply.contacts());
        }
    }

    /** Whoever has answered with this id: the contact that was asked, if that is who it was said to be. */
    private static Contact contact(PendingRequest request, Key sender) {
        Contact asked = request.contact();
        return asked != null && asked.id().equals(sender) && asked.endpoint().equals(request.to)
                ? asked
                : new Contact(sender, request.to);
    }

    /** Of how many addresses the requests are counted. */
    int rated() {
        return rates.size();
    }

    /** Drops a datagram. */
    void reject(Endpoint from, Rejection reason) {
        counters.rejected(reason);
        outbox.publish(new DhtEvent.DatagramRejected(from, reason));
    }
}

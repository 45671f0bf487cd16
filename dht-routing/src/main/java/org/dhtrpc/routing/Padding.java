package org.dhtrpc.routing;

import java.util.Collections;
import java.util.function.ToIntFunction;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;

/**
 * Makes our requests as large as it takes to get a full reply: to an address that has not proven itself a node sends at
 * most so many times the bytes of the request ({@link Wire#replyFactor}), a ping-back included.
 *
 * <p>A command of the application's wants as much as a datagram holds, a built-in one with a target k contacts, any other
 * neither. A request with a token proves its address and needs no padding.
 */
final class Padding {
    private final Wire wire;
    private final ToIntFunction<Message> size;
    private final int k;
    private final boolean ipv6;

    // What requests have at least; 0 until the first is padded, as most nodes of a large simulation never ask.

    private int forContacts;
    private int forNothing;

    /** @param ipv6 whether contacts may have addresses of that family, which are longer */
    Padding(Wire wire, ToIntFunction<Message> size, int k, boolean ipv6) {
        this.wire = wire;
        this.size = size;
        this.k = k;
        this.ipv6 = ipv6;
    }

    /** The size of a ping to an address like this one. */
    int pingSize(Endpoint to) {
        return size.applyAsInt(new Request(wire.longestTransaction(), Key.ZERO, to, Command.PING, null, null, null));
    }

    /** The same request, padded if it wants to be. */
    Request pad(Request request) {
        if (!wire.padding() || wire.replyFactor() == 0 || request.token() != null) {
            return request;
        }
        int missing = least(request) - size.applyAsInt(request);
        return missing <= 0 ? request : request.withPadding(missing);
    }

    private int least(Request request) {
        if (!request.command().builtIn()) {
            return share(wire.maxDatagram());
        }
        if (forContacts == 0) {
            Endpoint anywhere = Endpoint.of(new byte[ipv6 ? 16 : 4], 1);
            forContacts = share(pingSize(anywhere) + replySize(anywhere, k));
            forNothing = share(replySize(anywhere, 0));
        }
        return request.target() != null ? forContacts : forNothing;
    }

    /** The bytes of a request that may be answered with so many. */
    private int share(int bytes) {
        return (Math.min(wire.maxDatagram(), bytes) + wire.replyFactor() - 1) / wire.replyFactor();
    }

    private int replySize(Endpoint anywhere, int contacts) {
        return size.applyAsInt(new Reply(
                wire.longestTransaction(),
                Key.ZERO,
                anywhere,
                Collections.nCopies(contacts, new Contact(Key.ZERO, anywhere)),
                Bytes.of(new byte[wire.tokenBytes()]),
                ErrorCode.NONE,
                null));
    }
}

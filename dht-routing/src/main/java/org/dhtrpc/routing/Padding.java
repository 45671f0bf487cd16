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
    private final boolean wanted;
    private final ToIntFunction<Message> size;
    private final int forAnything;
    private final int forContacts;
    private final int forNothing;

    /** @param ipv6 whether contacts may have addresses of that family, which are longer */
    Padding(Wire wire, ToIntFunction<Message> size, int k, boolean ipv6) {
        this.size = size;
        this.wanted = wire.padding() && wire.replyFactor() > 0;
        Endpoint anywhere = Endpoint.of(new byte[ipv6 ? 16 : 4], 1);
        this.forAnything = wanted ? share(wire, wire.maxDatagram()) : 0;
        this.forContacts =
                wanted ? share(wire, pingSize(wire, size, anywhere) + size.applyAsInt(reply(wire, anywhere, k))) : 0;
        this.forNothing = wanted ? share(wire, size.applyAsInt(reply(wire, anywhere, 0))) : 0;
    }

    /** The bytes of a request that may be answered with so many. */
    private static int share(Wire wire, int bytes) {
        return (Math.min(wire.maxDatagram(), bytes) + wire.replyFactor() - 1) / wire.replyFactor();
    }

    /** The size of a ping to an address like this one. */
    static int pingSize(Wire wire, ToIntFunction<Message> size, Endpoint to) {
        return size.applyAsInt(new Request(wire.longestTransaction(), Key.ZERO, to, Command.PING, null, null, null));
    }

    private static Reply reply(Wire wire, Endpoint anywhere, int contacts) {
        return new Reply(
                wire.longestTransaction(),
                Key.ZERO,
                anywhere,
                Collections.nCopies(contacts, new Contact(Key.ZERO, anywhere)),
                Bytes.of(new byte[wire.tokenBytes()]),
                ErrorCode.NONE,
                null);
    }

    /** The same request, padded if it wants to be. */
    Request pad(Request request) {
        if (!wanted || request.token() != null) {
            return request;
        }
        int least = !request.command().builtIn() ? forAnything : request.target() != null ? forContacts : forNothing;
        int missing = least - size.applyAsInt(request);
        return missing <= 0 ? request : request.withPadding(missing);
    }
}

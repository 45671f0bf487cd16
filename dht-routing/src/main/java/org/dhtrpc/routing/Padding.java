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
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

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

    // The last request that was padded: the next one is mostly of the same size, and need not be made a second time.

    private int lastLeast;
    private int lastSize;
    private int lastPadding;

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

    /** The message of a request, padded if it wants to be. */
    Request message(long transaction, @Nullable Key sender, PendingRequest asked) {
        if (!wire.padding() || wire.replyFactor() == 0 || asked.token != null) {
            return message(transaction, sender, asked, 0);
        }
        int least = least(asked);
        if (least == lastLeast) {
            Request alike = message(transaction, sender, asked, lastPadding);
            if (size.applyAsInt(alike) == lastSize) {
                return alike;
            }
        }
        Request bare = message(transaction, sender, asked, 0);
        int missing = least - size.applyAsInt(bare);
        if (missing <= 0) {
            return bare;
        }
        Request padded = bare.withPadding(missing);
        lastLeast = least;
        lastSize = size.applyAsInt(padded);
        lastPadding = missing;
        return padded;
    }

    private static Request message(long transaction, @Nullable Key sender, PendingRequest asked, int padding) {
        Endpoint relayedTo = asked.relayedTo();
        return new Request(
                transaction,
                sender,
                asked.to,
                asked.command,
                asked.target,
                asked.commit,
                asked.token,
                asked.value,
                relayedTo == null ? null : new Relay(Relay.Kind.FORWARD_TO, relayedTo),
                padding);
    }

    private int least(PendingRequest request) {
        if (!request.command.builtIn()) {
            return share(wire.maxDatagram());
        }
        if (forContacts == 0) {
            Endpoint anywhere = Endpoint.of(new byte[ipv6 ? 16 : 4], 1);
            forContacts = share(pingSize(anywhere) + replySize(anywhere, k));
            forNothing = share(replySize(anywhere, 0));
        }
        return request.target != null ? forContacts : forNothing;
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

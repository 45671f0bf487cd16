package org.dhtrpc.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: built-ins by itself, an application's commands through {@link Calls}.
 *
 * <p>Every reply, an error too, has a fresh token, and contacts if the question had a target: a node that does not know
 * the command still guides the search. A reply that would be too large loses its farthest contacts, and becomes an error
 * if its value alone is too much.
 *
 * <p>A handler runs at most once for each request. One that was refused as overloaded is not remembered, so its repeat may
 * yet be handled: to remember refusals would let a flood of them push out those calls that are at work.
 */
final class Responder {
    private final Identity self;
    private final int k;
    private final Wire wire;
    private final ToIntFunction<Message> size;
    private final RoutingTable table;
    private final Tokens tokens;
    private final Outbox outbox;
    private final Counters counters;
    private final Calls calls;

    private final Set<Command> queryCommands = new HashSet<>(1);
    private final Set<Command> closestCommands = new HashSet<>(1);

    Responder(
            Identity self,
            KademliaConfig config,
            Wire wire,
            ToIntFunction<Message> size,
            RoutingTable table,
            Tokens tokens,
            Deadlines deadlines,
            Outbox outbox,
            Counters counters) {
        this.self = self;
        this.k = config.k();
        this.wire = wire;
        this.size = size;
        this.table = table;
        this.tokens = tokens;
        this.outbox = outbox;
        this.counters = counters;
        this.calls = new Calls(config.requestTimeout().toNanos(), deadlines);
    }

    void handle(Command command, Phase phase) {
        commands(phase).add(command);
    }

    void unhandle(Command command, Phase phase) {
        commands(phase).remove(command);
    }

    private Set<Command> commands(Phase phase) {
        return phase == Phase.COMMIT ? closestCommands : queryCommands;
    }

    int waiting() {
        return calls.size();
    }

    /** Nobody is answered any more. */
    void close() {
        calls.close();
    }

    void forgetOld(long now) {
        calls.forgetOld(now);
    }

    /**
     * Answers a request, or has a handler called for it.
     *
     * @param sender the id that the sender may have, null if it sent none
     * @param proven whether it came with a token that we gave to this address
     */
    void receive(long now, Endpoint from, Request request, @Nullable Key sender, boolean proven) {
        Command command = request.command();
        if (!command.builtIn()) {
            receiveCommand(now, from, request, sender, proven);
        } else if (command.equals(Command.PING)) {
            reply(now, from, request, ErrorCode.NONE, wire.pongCarriesAddress() ? SeenAddress.write(from) : null);
        } else if (command.equals(Command.FIND_NODE) && request.target() != null) {
            reply(now, from, request, ErrorCode.NONE, null);
        } else {
            reply(now, from, request, ErrorCode.UNKNOWN_COMMAND, null);
        }
    }

    private void receiveCommand(long now, Endpoint from, Request request, @Nullable Key sender, boolean proven) {
        Calls.Call repeated = calls.repeated(now, from, request);
        if (repeated != null) {
            counters.repeatsReceived++;
            if (repeated.reply != null) {
                send(from, repeated.reply);
            }
            return;
        }
        Command command = request.command();
        if (request.commit() && !proven) {
            reply(now, from, request, ErrorCode.INVALID_TOKEN, null);
        } else if (commands(request.commit() ? Phase.COMMIT : Phase.DISCOVERY).contains(command)) {
            call(now, from, request, sender);
        } else if (!request.commit() && closestCommands.contains(command)) {
            // Known, but with nothing to say in the discovery: an answer, so that the commit can find us.
            reply(now, from, request, ErrorCode.NONE, null);
        } else {
            reply(now, from, request, ErrorCode.UNKNOWN_COMMAND, null);
        }
    }

    private void call(long now, Endpoint from, Request request, @Nullable Key sender) {
        if (calls.full()) {
            reply(now, from, request, ErrorCode.OVERLOADED, null);
            return;
        }
        Calls.Call call = calls.begin(now, from, request);
        outbox.add(new Effect.Call(
                call.id,
                request.command(),
                new IncomingQuery(
                        request.command().name(),
                        request.target(),
                        request.value(),
                        from,
                        sender,
                        request.commit() ? Phase.COMMIT : Phase.DISCOVERY)));
    }

    /** A handler's outcome; one that comes a second time or too late is dropped and counted. */
    void answer(long now, long id, int error, @Nullable Bytes value) {
        Calls.Call call = calls.end(id);
        if (call == null) {
            counters.lateAnswers++;
            return;
        }
        call.reply = reply(now, call.from, call.request, error, value);
    }

    private @Nullable Reply reply(long now, Endpoint to, Request request, int error, @Nullable Bytes value) {
        if (error != ErrorCode.NONE && !wire.errors()) {
            return null;
        }
        Key target = request.target();
        List<Contact> contacts = target == null ? null : table.closest(target, k, to);
        Reply whole =
                new Reply(request.transaction(), self.sender(), to, contacts, tokens.issue(now, to), error, value);
        Reply fitting = fit(whole);
        if (fitting == null) {
            // Not even the error fits on a wire that is narrow enough: then silence has to do.
            return error == ErrorCode.TOO_LARGE ? null : reply(now, to, request, ErrorCode.TOO_LARGE, null);
        }
        send(to, fitting);
        return fitting;
    }

    /** The reply without as many of its farthest contacts as it takes to fit; null if it does not fit without any. */
    private @Nullable Reply fit(Reply whole) {
        if (fits(whole)) {
            return whole;
        }
        List<Contact> contacts = whole.contacts();
        Reply fitting = null;
        int low = 0;
        int high = contacts == null ? 0 : contacts.size();
        while (contacts != null && low < high) {
            int middle = (low + high) >>> 1;
            Reply shorter = whole.withContacts(contacts.subList(0, middle));
            if (fits(shorter)) {
                fitting = shorter;
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return fitting;
    }

    private boolean fits(Reply reply) {
        return size.applyAsInt(reply) <= wire.maxDatagram();
    }

    private void send(Endpoint to, Reply reply) {
        counters.repliesSent++;
        if (reply.error() != ErrorCode.NONE) {
            counters.errorsSent++;
        }
        outbox.add(new Effect.Send(to, reply));
    }

    /** Drops a request. */
    void reject(Endpoint from, Rejection reason) {
        counters.rejected(reason);
        outbox.publish(new DhtEvent.DatagramRejected(from, reason));
    }
}

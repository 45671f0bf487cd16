package org.dhtrpc.routing;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
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
 * <p>To an address that has not proven itself by a token, a reply has at most so many times the bytes of its request
 * ({@link Wire#replyFactor}): whoever forges a victim's address must not have us multiply what it sends. Where only that
 * stands in the way, the error asks for the proof; where even the error is too large, there is silence.
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

    private Set<Command> queryCommands = Collections.emptySet();
    private Set<Command> closestCommands = Collections.emptySet();

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
        Set<Command> more = new HashSet<>(commands(phase));
        more.add(command);
        if (phase == Phase.COMMIT) {
            closestCommands = more;
        } else {
            queryCommands = more;
        }
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

    int remembered() {
        return calls.remembered();
    }

    /** Forgets who waits for an answer, but not what was asked: a repeat that comes later is still one. */
    void rest() {
        calls.rest();
    }

    /** Forgets everything. */
    void close() {
        calls.close();
    }

    void forgetOld(long now) {
        calls.forgetOld(now);
    }

    /** How many bytes may be sent to an address because of a request of this size. */
    int allowance(int size, boolean proven) {
        return proven || wire.replyFactor() == 0 ? Integer.MAX_VALUE : wire.replyFactor() * size;
    }

    /**
     * Answers a request, or has a handler called for it.
     *
     * @param sender the id that the sender may have, null if it sent none
     * @param proven whether it came with a token that we gave to this address
     * @param allowance how many bytes the reply may have
     */
    void receive(long now, Endpoint from, Request request, @Nullable Key sender, boolean proven, int allowance) {
        Command command = request.command();
        int limit = Math.min(allowance, wire.maxDatagram());
        if (!command.builtIn()) {
            receiveCommand(now, from, request, sender, proven, limit);
        } else if (command.equals(Command.PING)) {
            Bytes seen = wire.pongCarriesAddress() ? SeenAddress.write(from) : null;
            reply(now, from, request, limit, ErrorCode.NONE, seen);
        } else if (command.equals(Command.FIND_NODE) && request.target() != null) {
            reply(now, from, request, limit, ErrorCode.NONE, null);
        } else {
            reply(now, from, request, limit, ErrorCode.UNKNOWN_COMMAND, null);
        }
    }

    private void receiveCommand(
            long now, Endpoint from, Request request, @Nullable Key sender, boolean proven, int limit) {
        Calls.Call repeated = calls.repeated(now, from, request);
        if (repeated != null) {
            counters.repeatsReceived++;
            if (repeated.reply != null && size.applyAsInt(repeated.reply) <= limit) {
                send(from, repeated.reply);
            }
            return;
        }
        Command command = request.command();
        if (request.commit() && !proven) {
            reply(now, from, request, limit, ErrorCode.INVALID_TOKEN, null);
        } else if (commands(request.commit() ? Phase.COMMIT : Phase.DISCOVERY).contains(command)) {
            call(now, from, request, sender, limit);
        } else if (!request.commit() && closestCommands.contains(command)) {
            // Known, but with nothing to say in the discovery: an answer, so that the commit can find us.
            reply(now, from, request, limit, ErrorCode.NONE, null);
        } else {
            reply(now, from, request, limit, ErrorCode.UNKNOWN_COMMAND, null);
        }
    }

    private void call(long now, Endpoint from, Request request, @Nullable Key sender, int limit) {
        if (calls.full()) {
            reply(now, from, request, limit, ErrorCode.OVERLOADED, null);
            return;
        }
        Calls.Call call = calls.begin(now, from, request, limit);
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
        call.reply = reply(now, call.from, call.request, call.limit, error, value);
    }

    private @Nullable Reply reply(long now, Endpoint to, Request request, int limit, int error, @Nullable Bytes value) {
        if (error != ErrorCode.NONE && !wire.errors()) {
            return null;
        }
        Key target = request.target();
        List<Contact> contacts = target == null ? null : table.closest(target, k, to);
        Bytes token = request.command().builtIn() && !wire.builtInTokens() ? null : tokens.issue(now, to);
        Reply whole = new Reply(request.transaction(), self.sender(), to, contacts, token, error, value);
        Reply fitting = fit(whole, limit);
        if (fitting != null) {
            send(to, fitting);
            return fitting;
        }
        if (error == ErrorCode.TOO_LARGE || error == ErrorCode.PROVE_ADDRESS) {
            return null;
        }
        boolean provable = limit < wire.maxDatagram() && fit(whole, wire.maxDatagram()) != null;
        return reply(now, to, request, limit, provable ? ErrorCode.PROVE_ADDRESS : ErrorCode.TOO_LARGE, null);
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

    private void send(Endpoint to, Reply reply) {
        counters.repliesSent++;
        if (reply.error() != ErrorCode.NONE) {
            counters.errorsSent++;
        }
        outbox.add(new Effect.Send(to, reply));
    }
}

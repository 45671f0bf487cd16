package org.dhtrpc.routing;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.dhtrpc.Bytes;
import org.dhtrpc.Forward;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: {@link BuiltIns} has the protocol's own commands, an application's go through {@link Calls}.
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
    private final Replies replies;
    private final BuiltIns builtIns;
    private final Outbox outbox;
    private final Counters counters;
    private final Reach reach;
    private final Identity self;
    private final Calls calls;

    private Set<Command> queryCommands = Collections.emptySet();
    private Set<Command> closestCommands = Collections.emptySet();

    Responder(
            Identity self,
            KademliaConfig config,
            Replies replies,
            BuiltIns builtIns,
            Reach reach,
            Deadlines deadlines,
            Outbox outbox,
            Counters counters) {
        this.self = self;
        this.replies = replies;
        this.builtIns = builtIns;
        this.reach = reach;
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
        builtIns.rest();
    }

    /** Forgets everything. */
    void close() {
        calls.close();
    }

    void forgetOld(long now) {
        calls.forgetOld(now);
    }

    /** Answers a request, or has a handler called for it. */
    void receive(long now, Asked asked) {
        if (asked.request().command().builtIn()) {
            builtIns.receive(now, asked);
            return;
        }
        Calls.Call repeated = calls.repeated(now, asked.from(), asked.request());
        if (repeated != null) {
            counters.repeatsReceived++;
            Effect.Send answer = repeated.answer;
            if (answer != null && replies.size(answer.message()) <= asked.allowance()) {
                replies.again(answer);
            }
            return;
        }
        Request request = asked.request();
        Command command = request.command();
        if (request.commit() && !asked.proven()) {
            replies.send(now, asked, ErrorCode.INVALID_TOKEN, null);
        } else if (commands(request.commit() ? Phase.COMMIT : Phase.DISCOVERY).contains(command)) {
            call(now, asked);
        } else if (!request.commit() && closestCommands.contains(command)) {
            // Known, but with nothing to say in the discovery: an answer, so that the commit can find us.
            replies.send(now, asked, ErrorCode.NONE, null);
        } else {
            replies.send(now, asked, ErrorCode.UNKNOWN_COMMAND, null);
        }
    }

    private void call(long now, Asked asked) {
        if (calls.full()) {
            replies.send(now, asked, ErrorCode.OVERLOADED, null);
            return;
        }
        Calls.Call call = calls.begin(now, asked);
        Request request = asked.request();
        outbox.add(new Effect.Call(
                call.id,
                request.command(),
                new IncomingQuery(
                        request.command().name(),
                        request.target(),
                        request.value(),
                        asked.from(),
                        asked.sender(),
                        request.commit() ? Phase.COMMIT : Phase.DISCOVERY)));
    }

    /** A handler's outcome; one that comes a second time or too late is dropped and counted. */
    void answer(long now, long id, int error, @Nullable Bytes value) {
        Calls.Call call = ended(id);
        if (call != null) {
            call.answer = replies.send(now, call.asked, error, value);
        }
    }

    private Calls.@Nullable Call ended(long id) {
        Calls.Call call = calls.end(id);
        counters.lateAnswers += call == null ? 1 : 0;
        return call;
    }

    /** A handler does not answer whoever asked, but has its question go on, or its answer to somewhere else. */
    void forward(long now, long id, Forward forward) {
        Calls.Call call = ended(id);
        if (call == null) {
            return;
        }
        Asked asked = call.asked;
        if (!reach.has(forward.to())) {
            call.answer = replies.send(now, asked, ErrorCode.HANDLER_FAILED, null);
        } else if (forward.relayed()) {
            call.answer = relay(now, asked, forward);
        } else {
            int limit = replies.limitOfOthers(asked.request());
            call.answer = replies.send(now, asked, forward.to(), limit, ErrorCode.NONE, forward.value());
        }
    }

    /**
     * The same request from us. Its transaction stays, so that its answer is one to whoever has asked us; so does its padding,
     * which pays for that answer.
     */
    private Effect.@Nullable Send relay(long now, Asked asked, Forward forward) {
        Request request = asked.request();
        Key sender = asked.sibling() ? null : self.sender();
        Request relayed = new Request(
                request.transaction(),
                sender,
                forward.to(),
                request.command(),
                request.target(),
                false,
                null,
                forward.value(),
                null,
                request.padding());
        int limit = replies.limitOfOthers(request);
        if (replies.size(relayed) > limit) {
            return replies.send(now, asked, ErrorCode.TOO_LARGE, null);
        }
        return replies.again(new Effect.Send(forward.to(), relayed, asked.sibling()));
    }
}

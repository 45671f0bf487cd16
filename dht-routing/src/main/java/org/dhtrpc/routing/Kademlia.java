package org.dhtrpc.routing;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Forward;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A node as a state machine that is polled: no clock, thread, socket, codec, logger or future inside.
 *
 * <p>Inputs are method calls that carry the time, in nanoseconds of a clock that never goes back. After any of them drain
 * {@link #poll}, and call {@link #advance} when {@link #deadline} has come: that is all there is to driving it. Inputs may
 * also arrive while effects are drained. Not thread-safe, by design.
 *
 * <p>This class routes inputs to its parts; the algorithms are theirs.
 */
public final class Kademlia {
    /** A timer that is so much late was not kept waiting by work: the machine we run on has slept. */
    private static final long OVERSLEPT = Duration.ofSeconds(30).toNanos();

    private final Parts parts;
    private final Operations operations = new Operations();

    private boolean overslept;
    private boolean suspended;
    private boolean closed;

    /**
     * A machine that knows nobody yet.
     *
     * @param saved contacts from an earlier life: asked before they count or are named
     * @param verified contacts that the caller vouches for: in the table at once, and no news to anybody. Where there are
     *     neither saved ones nor bootstrap nodes, they are the network: the node has joined without asking
     */
    public Kademlia(
            long now, KademliaConfig config, Surroundings surroundings, List<Contact> saved, List<Contact> verified) {
        this.parts = new Parts(now, config, surroundings, this::unanswered);
        parts.joining.saved(saved);
        parts.table.load(now, verified, parts.reach);
    }

    /** The next effect to carry out, null if there is none. */
    public @Nullable Effect poll() {
        return parts.outbox.poll();
    }

    /** When {@link #advance} has something to do; {@link Long#MAX_VALUE} if never. */
    public long deadline() {
        return parts.deadlines.earliest();
    }

    /** Time has passed; if so much more than was asked for that we must have slept, the node joins again. */
    public void advance(long now) {
        overslept = parts.deadlines.overdue(now) >= OVERSLEPT;
        while (parts.deadlines.expireOne(now)) {}
        if (overslept) {
            overslept = false;
            awake(now);
        }
    }

    /**
     * Where the bootstrap nodes are, in answer to {@link Effect.Locate} or to begin with; both empty if there are none.
     *
     * @param endpoints where they are; our own address may be among them, and means nobody
     * @param unknown why others could not be found
     */
    public void bootstrap(long now, List<Endpoint> endpoints, List<DhtException> unknown) {
        parts.joining.begin(now, endpoints, unknown);
    }

    /** A datagram that no message could be read from. */
    public void malformed(long now, Endpoint from) {
        if (!closed) {
            parts.inbound.reject(from, Rejection.MALFORMED);
        }
    }

    /**
     * A message has come in.
     *
     * @param size its size in bytes
     * @param sibling whether it came in on the sibling socket, and not on the main one
     */
    public void receive(long now, Endpoint from, Message message, int size, boolean sibling) {
        if (suspended) {
            parts.inbound.reject(from, Rejection.SUSPENDED);
        } else if (!closed) {
            parts.inbound.receive(now, from, message, size, sibling);
        }
    }

    /** Whether it wants a second socket, before it begins to join. */
    public boolean wantsSibling() {
        return parts.reachability.wantsSibling();
    }

    /** There is a second socket from now on. */
    public void sibling(long now) {
        parts.reachability.sibling(now);
    }

    /**
     * In answer to {@link Effect.Identify}: others know us by this id from now on, at this address. The routing table is
     * arranged anew around it, from the same contacts, and the nearest are told. Nothing happens if that is not the address
     * that was asked for last.
     *
     * @param id null if none could be made
     */
    public void reidentify(long now, @Nullable Key id, Endpoint address) {
        if (!closed) {
            parts.reachability.identified(now, id, address);
        }
    }

    /** Our own id. */
    public Key id() {
        return parts.self.id();
    }

    /** Whether we keep it to ourselves. */
    public boolean ephemeral() {
        return parts.self.ephemeral();
    }

    /** Where others see us; see {@link org.dhtrpc.Dht#publicAddress}. */
    public @Nullable Endpoint publicAddress() {
        return parts.reachability.address();
    }

    /** What proves nothing about a node is followed by pings, before the node is given up. */
    private void unanswered(long now, PendingRequest request) {
        if (overslept) {
            // Nobody was awake to hear them.
            return;
        }
        parts.hints.unanswered(now, request);
        boolean certain = request.conclusive();
        Contact suspect = parts.table.failed(request.to, certain);
        if (suspect != null && !certain) {
            parts.pings.contact(now, suspect);
        }
    }

    /** Begins a query; nothing is sent before there is demand. Names of its nodes are resolved by now. */
    public long query(long now, Query query) {
        return begin(now, query, false);
    }

    /** Begins a closest; nothing is sent before there is demand. Names of its nodes are resolved by now. */
    public long closest(long now, Query query) {
        return begin(now, query, true);
    }

    private long begin(long now, Query query, boolean commits) {
        return operations.begin(now, parts.operation(operations, query, commits));
    }

    /**
     * Asks one node; fails if nobody can be reached there.
     *
     * @param answeredBy who else may answer, since the other is to pass it on; null if nobody
     * @param caller whoever asks, if that is to be told with the answer
     */
    public long request(
            long now,
            Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            @Nullable Endpoint answeredBy,
            long timeoutNanos,
            @Nullable Object caller) {
        RequestOperation operation = new RequestOperation(
                operations.nextId(),
                to,
                command,
                target,
                value,
                answeredBy,
                caller,
                parts.pending,
                parts.outbox,
                operations);
        long id = operations.begin(now, operation);
        if (!parts.reach.answers(to)) {
            operations.cancel(now, id, parts.reach.failure(to));
        } else if (operations.has(operation)) {
            parts.pending.submit(now, operation, timeoutNanos);
        }
        return id;
    }

    /** The subscriber of an operation wants n more results; n is positive. */
    public void demand(long now, long operation, long n) {
        operations.demand(now, operation, n);
    }

    /** Ends an operation early; it finishes with this failure. */
    public void cancel(long now, long operation, DhtException failure) {
        operations.cancel(now, operation, failure);
    }

    /** There is a handler for a command now. */
    public void handle(long now, Command command, Phase phase) {
        parts.responder.handle(command, phase);
    }

    /** There is none any more. */
    public void unhandle(long now, Command command, Phase phase) {
        parts.responder.unhandle(command, phase);
    }

    /**
     * The outcome of a handler that {@link Effect.Call} asked for.
     *
     * @param error an {@link ErrorCode}, 0 if it went well
     */
    public void answer(long now, long call, int error, @Nullable Bytes value) {
        if (!closed) {
            parts.responder.answer(now, call, error, value);
        }
    }

    /** The same of a handler that does not answer whoever asked. */
    public void forward(long now, long call, Forward forward) {
        if (!closed) {
            parts.responder.forward(now, call, forward);
        }
    }

    /**
     * A caller is about to have the hole puncher send something to these, from the main socket. What {@link Effect.Punch} asks
     * for is known without this.
     */
    public void punching(Endpoint peer, Endpoint referrer) {
        parts.outbox.calls(peer);
        parts.outbox.calls(referrer);
    }

    /**
     * The outcome of a punch that {@link Effect.Punch} asked for.
     *
     * @param answering the endpoint that answers, null if it failed
     */
    public void punched(long now, long punch, @Nullable Endpoint answering) {
        parts.punches.ended(now, punch, answering != null && parts.reach.has(answering) ? answering : null);
    }

    /**
     * Falls silent: each operation finishes as suspended, as do those that begin before {@link #resume}; nothing is sent,
     * and what is received is dropped. The contacts are kept.
     */
    public void suspend(long now) {
        if (!closed && !suspended) {
            suspended = true;
            rest(now, DhtState.SUSPENDED, Reason.SUSPENDED, "The node is suspended");
        }
    }

    /** Goes on after {@link #suspend}: joins again, beginning with the contacts from before. */
    public void resume(long now) {
        if (suspended && !closed) {
            suspended = false;
            operations.resume();
            awake(now);
        }
    }

    /** Whether it is suspended. */
    public boolean suspended() {
        return suspended;
    }

    private void awake(long now) {
        parts.pulse.forget();
        parts.reachability.awake(now);
        parts.joining.again(now);
        parts.upkeep.awake(now);
    }

    /** Ends everything: each operation finishes as closed, and nothing is sent or received any more. */
    public void close(long now) {
        if (!closed) {
            closed = true;
            suspended = false;
            rest(now, DhtState.CLOSED, Reason.CLOSED, "The node is closed");
            parts.responder.close();
        }
    }

    private void rest(long now, DhtState state, Reason reason, String why) {
        parts.deadlines.clear();
        parts.pending.close();
        parts.pings.close();
        parts.hints.close();
        parts.introductions.close();
        parts.reachability.close();
        parts.upkeep.rest();
        parts.responder.rest();
        operations.stop(now, reason, why);
        parts.joining.end(state);
    }

    /** Whether the table has a live contact. */
    public boolean knowsSomebody() {
        return parts.table.live() > 0;
    }

    /** The contacts of the table. */
    public List<KnownContact> contacts(long now) {
        return parts.table.export(now);
    }

    /** Counters and gauges. */
    public DhtStats stats() {
        return parts.counters.snapshot(
                parts.joining.state(),
                parts.pulse.health(),
                parts.table.size(),
                operations.size(),
                parts.pending.size(),
                parts.responder.waiting());
    }

    /** What its bounds are checked by. */
    Gauges gauges() {
        return parts.gauges();
    }
}

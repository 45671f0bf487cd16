package org.dhtrpc.routing;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Wire;
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

    private final KademliaConfig config;
    private final Identity self;
    private final Reach reach;

    private final Outbox outbox = new Outbox();
    private final Counters counters = new Counters();
    private final Deadlines deadlines = new Deadlines();
    private final RoutingTable table;
    private final PendingRequests pending;
    private final Responder responder;
    private final PingBacks pings;
    private final HolePunches punches;
    private final Joining joining;
    private final Seeds seeds;
    private final Upkeep upkeep;
    private final Inbound inbound;

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
        this.config = config;
        this.self = new Identity(surroundings.id(), surroundings.endpoint(), config.ephemeral());
        this.reach = new Reach(self, surroundings.reachable(), surroundings.filter());
        RandomGenerator random = surroundings.random();
        table = new RoutingTable(self.id(), config.k(), config.subnetLimit(), now, outbox::publish);
        Tokens tokens = new Tokens(surroundings.wire().tokenBytes(), random);
        Wire wire = surroundings.wire();
        Padding padding = new Padding(
                wire, surroundings.size(), config.k(), !self.endpoint().isIPv4());
        pending =
                new PendingRequests(self, config, wire, padding, deadlines, random, outbox, counters, this::unanswered);
        responder = new Responder(self, config, wire, surroundings.size(), table, tokens, deadlines, outbox, counters);
        pings = new PingBacks(pending, padding, deadlines, table::wants);
        punches = new HolePunches(surroundings.punching(), deadlines, outbox);
        joining = new Joining(self, config, reach, table, pending, deadlines, outbox, this::lookupOfSelf, this::joined);
        seeds = new Seeds(table, config.k(), reach, joining::bootstrap);
        upkeep = new Upkeep(self, table, pings, joining, responder, deadlines, random, this::lookup);
        inbound = new Inbound(
                self,
                config,
                surroundings.idPolicy(),
                reach,
                tokens,
                table,
                pings,
                pending,
                responder,
                outbox,
                counters);
        joining.saved(saved);
        table.load(now, verified, reach);
    }

    /** The next effect to carry out, null if there is none. */
    public @Nullable Effect poll() {
        return outbox.poll();
    }

    /** When {@link #advance} has something to do; {@link Long#MAX_VALUE} if never. */
    public long deadline() {
        return deadlines.earliest();
    }

    /** Time has passed; if so much more than was asked for that we must have slept, the node joins again. */
    public void advance(long now) {
        overslept = deadlines.overdue(now) >= OVERSLEPT;
        while (deadlines.expireOne(now)) {}
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
        joining.begin(now, endpoints, unknown);
    }

    /** A datagram that no message could be read from. */
    public void malformed(long now, Endpoint from) {
        if (!closed) {
            inbound.reject(from, Rejection.MALFORMED);
        }
    }

    /**
     * A message has come in.
     *
     * @param size its size in bytes
     */
    public void receive(long now, Endpoint from, Message message, int size) {
        if (suspended) {
            inbound.reject(from, Rejection.SUSPENDED);
        } else if (!closed) {
            inbound.receive(now, from, message, size);
        }
    }

    /** What proves nothing about a node is followed by pings, before the node is given up. */
    private void unanswered(long now, PendingRequest request) {
        if (overslept) {
            // Nobody was awake to hear them.
            return;
        }
        boolean certain = request.conclusive();
        Contact suspect = table.failed(request.to, certain);
        if (suspect != null && !certain) {
            pings.contact(now, suspect);
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
        return operations.begin(
                now,
                new QueryOperation(
                        operations.nextId(),
                        query,
                        commits,
                        config,
                        seeds,
                        punches,
                        pending,
                        deadlines,
                        outbox,
                        operations::done));
    }

    /**
     * Asks one node; fails if nobody can be reached there.
     *
     * @param caller whoever asks, if that is to be told with the answer
     */
    public long request(
            long now,
            Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            long timeoutNanos,
            @Nullable Object caller) {
        RequestOperation operation = new RequestOperation(
                operations.nextId(), to, command, target, value, caller, pending, outbox, operations);
        long id = operations.begin(now, operation);
        if (!reach.answers(to)) {
            operations.cancel(now, id, reach.failure(to));
        } else if (operations.has(operation)) {
            pending.submit(now, operation, timeoutNanos);
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
        responder.handle(command, phase);
    }

    /** There is none any more. */
    public void unhandle(long now, Command command, Phase phase) {
        responder.unhandle(command, phase);
    }

    /**
     * The outcome of a handler that {@link Effect.Call} asked for.
     *
     * @param error an {@link ErrorCode}, 0 if it went well
     */
    public void answer(long now, long call, int error, @Nullable Bytes value) {
        if (!closed) {
            responder.answer(now, call, error, value);
        }
    }

    /**
     * The outcome of a punch that {@link Effect.Punch} asked for.
     *
     * @param answering the endpoint that answers, null if it failed
     */
    public void punched(long now, long punch, @Nullable Endpoint answering) {
        punches.ended(now, punch, answering != null && reach.has(answering) ? answering : null);
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
        joining.again(now);
        upkeep.awake(now);
    }

    /** Ends everything: each operation finishes as closed, and nothing is sent or received any more. */
    public void close(long now) {
        if (!closed) {
            closed = true;
            suspended = false;
            rest(now, DhtState.CLOSED, Reason.CLOSED, "The node is closed");
            responder.close();
        }
    }

    private void rest(long now, DhtState state, Reason reason, String why) {
        deadlines.clear();
        pending.close();
        pings.close();
        upkeep.rest();
        responder.rest();
        operations.stop(now, reason, why);
        joining.end(state);
    }

    /** Whether the table has a live contact. */
    public boolean knowsSomebody() {
        return table.live() > 0;
    }

    /** The contacts of the table. */
    public List<KnownContact> contacts(long now) {
        return table.export(now);
    }

    /** Counters and gauges. */
    public DhtStats stats() {
        return counters.snapshot(joining.state(), table.size(), operations.size(), pending.size(), responder.waiting());
    }

    /** What its bounds are checked by. */
    Gauges gauges() {
        return new Gauges(
                responder.remembered(),
                pings.size(),
                pings.strangers(),
                pings.joiners(),
                punches.size(),
                inbound.rated());
    }

    private void joined(long now, boolean searched) {
        upkeep.begin(now, searched);
    }

    private Lookup lookupOfSelf(Lookup.Owner owner, List<Contact> further) {
        Lookup lookup = lookup(self.id(), config.concurrency(), owner);
        further.forEach(lookup::add);
        return lookup;
    }

    private Lookup lookup(Key target, int concurrency, Lookup.Owner owner) {
        Lookup lookup =
                new Lookup(seeds.candidates(target, true), Command.FIND_NODE, null, concurrency, pending, owner);
        seeds.begin(lookup, target);
        return lookup;
    }
}

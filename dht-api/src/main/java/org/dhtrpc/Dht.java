package org.dhtrpc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.dhtrpc.spi.Punched;
import org.jspecify.annotations.Nullable;

/**
 * A node of a DHT: what an application calls.
 *
 * <p>Every method may be called from any thread, the node's loop included. Handlers run and listeners are told on that
 * loop, and futures complete there, except those that are complete when they are handed out, and those that end because
 * the node is closed, which complete on the thread that closes it. Code that they run must not block the loop. Waiting
 * there for one of these futures throws {@link IllegalStateException}; compose it instead.
 *
 * <p>Where a method takes a text for a peer it may be {@code host:port}, {@code host} (port {@value #DEFAULT_PORT}),
 * {@code :port} (127.0.0.1) or {@code [ipv6]:port}. Names are resolved within the operation's deadline; an unknown one
 * fails that call with {@link DhtException.Reason#UNKNOWN_HOST}.
 *
 * <p>A call on a closed node throws a {@link DhtException} with reason {@link DhtException.Reason#CLOSED}, unless it says
 * otherwise or only asks who the node is; pending work ends with the same reason. A call in error throws at once, naming
 * the value and the limit. What a peer does never throws.
 *
 * <p>At most 4,096 operations of callers (queries that have begun, requests, pings) are under way at once; a further one
 * fails with {@link DhtException.Reason#OVERLOADED}.
 */
public interface Dht extends AutoCloseable {
    /** The port of a bootstrap node that is named without one: {@value}, as in the seed. */
    int DEFAULT_PORT = 3282;

    /** How long an answer to a ping may be put off, in milliseconds: {@value}, as in dht-rpc 6. */
    int MAX_PING_DELAY_MS = 10_000;

    /**
     * This node's id. An ephemeral node has one too, but sends it to nobody. On a wire whose ids follow from addresses it is
     * another one once the node has become persistent ({@link DhtEvent.BecamePersistent}).
     */
    Key id();

    /**
     * True if this node answers everything but is not listed, so that queries of others do not come by it: since it was built
     * so, or because it is not known yet whether and where it is reached from outside.
     */
    boolean ephemeral();

    /** The address that the transport is bound to; it may be a wildcard, where nobody is reached: see {@link #publicAddress}. */
    Endpoint localAddress();

    /**
     * The address at which others see this node, if most of those who answer it agree: each network of theirs has one voice,
     * of the last sixteen up to three may be wrong. Port 0 if only the host is certain, as behind a NAT that takes another port
     * for each peer. Null while it is not known. Where it was said to the builder, that.
     */
    @Nullable
    Endpoint publicAddress();

    /**
     * Completes when the node has joined: with a live contact, or because no bootstrap node is configured, or because a
     * bootstrap node answered and knows nobody who is alive ({@link DhtState#ALONE}). Fails with
     * {@link DhtException.Reason#BOOTSTRAP_FAILED} and the causes when no bootstrap node answered; the node keeps trying,
     * and a future asked for after that tells how the next attempt ends. So does one that is asked for while the node joins
     * again, because all its contacts were gone or because it was {@linkplain #suspend suspended}.
     *
     * <p>A node that is to be listed and does not know yet whether others reach it is ready after the check, whatever that has
     * found: {@link #ephemeral} says what. A first node, which has nobody to ask, is ready at once.
     *
     * <p>Queries need not wait for it.
     */
    CompletableFuture<@Nullable Void> ready();

    /**
     * Walks towards the target and streams what the nodes on the way answer. An error is no result: a query whose nodes
     * all refuse, or do not know the command, ends with none, and {@link QuerySummary#errors} counts them.
     *
     * @return a stream that fails with 'No nodes responded' if nobody answers
     * @throws IllegalArgumentException if the wire cannot carry the command, or the value does not fit in a datagram
     */
    QueryStream query(Query query);

    /**
     * Walks towards the target and then commits the command on the k (20) nearest nodes, with a token that proves this
     * node's address to them. Emits the commit results only, unless {@link Query#verbose} is set.
     *
     * @return a stream that fails with 'No nodes responded' if nobody answers, and with 'No close nodes responded' if no
     *     commit succeeds; who refused, and with which error, or is ephemeral, is in the suppressed exceptions then, up to 20 of
     *     them
     * @throws IllegalArgumentException if the wire cannot carry the command, or the value does not fit in a datagram
     */
    QueryStream closest(Query query);

    /** Walks towards the target with the built-in find_node; {@link QuerySummary#closest} has the nearest nodes found. */
    QueryStream findNode(Key target);

    /**
     * Asks one node. Runs its query handler, never its closest handler: to commit at one node use {@link #closest} with
     * {@link Query#nodes}.
     *
     * <p>The future fails with a {@link DhtException}, whose reason is {@link DhtException.Reason#REFUSED} if the answer
     * is an error, {@link DhtException.Reason#TIMED_OUT} if there is none within the query's deadline or, if it has none,
     * the node's request timeout (5 s unless the node was built with another), {@link DhtException.Reason#OVERLOADED} if
     * this node has too much under way, and {@link DhtException.Reason#CLOSED} if it is closed meanwhile.
     *
     * @throws IllegalArgumentException as {@link #query} does, or if the query names other nodes itself
     */
    CompletableFuture<QueryResult> request(Endpoint to, Query query);

    /** Asks one node, given as a text; otherwise as {@link #request(Endpoint, Query)}. */
    CompletableFuture<QueryResult> request(String to, Query query);

    /**
     * Asks a node whether it is there, and how it sees us. Fails as {@link #request(Endpoint, Query)} does, after the
     * node's request timeout.
     */
    CompletableFuture<Pong> ping(Endpoint to);

    /** Pings a node that is given as a text; otherwise as {@link #ping(Endpoint)}. */
    CompletableFuture<Pong> ping(String to);

    /**
     * Pings a node that is to answer after a while: how long a NAT keeps a path open can be found out like this. The
     * node's request timeout counts from the end of the delay.
     *
     * @param delay 0 to {@value #MAX_PING_DELAY_MS} ms, in whole ones; what takes longer a node of this kind does not answer
     * @throws IllegalArgumentException if it is longer, negative, or the wire has no such ping
     */
    CompletableFuture<Pong> ping(Endpoint to, Duration delay);

    /**
     * Reaches a peer behind a NAT with the help of a referrer that knows both. Fails with
     * {@link DhtException.Reason#NO_HOLE_PUNCHER} if the node was built without a hole puncher on a wire that has no relays of
     * its own, with {@link DhtException.Reason#PUNCH_FAILED} if there is no path, and with {@link DhtException.Reason#TIMED_OUT} after the
     * node's query deadline. Cancelling it does not stop a punch that is under way.
     */
    CompletableFuture<Punched> holepunch(Endpoint peer, Endpoint referrer);

    /** Reaches a peer behind a NAT; both given as texts. */
    CompletableFuture<Punched> holepunch(String peer, String referrer);

    /**
     * Answers queries for a command: the seed's {@code node.on('query:command', …)}. In force for every datagram that
     * arrives after this has returned; takes the place of a handler registered before.
     *
     * @throws IllegalArgumentException if the wire cannot carry the command
     */
    Registration onQuery(String command, QueryHandler handler);

    /** The same with a handler that answers later. */
    Registration onQueryAsync(String command, AsyncQueryHandler handler);

    /**
     * Has queries for a command passed on to another node, or answered to another address. In force for every datagram that
     * arrives after this has returned; takes the place of a query handler registered before.
     *
     * @throws IllegalArgumentException if the wire cannot carry the command
     */
    Registration onForward(String command, ForwardHandler handler);

    /**
     * Answers commits of a command: the seed's {@code node.on('closest:command', …)}. The sender's address and port are
     * proven. A node with this handler only answers the discovery, and direct requests, without a value.
     *
     * <p>In force for every datagram that arrives after this has returned; takes the place of a handler registered before.
     *
     * @throws IllegalArgumentException if the wire cannot carry the command
     */
    Registration onClosest(String command, QueryHandler handler);

    /** The same with a handler that answers later. */
    Registration onClosestAsync(String command, AsyncQueryHandler handler);

    /**
     * Tells a listener of every event. It must not block; what it throws is logged and forgotten. There is an event for each
     * datagram that is dropped, so strangers decide how many: count those, and do not log them.
     */
    Registration onEvent(Consumer<? super DhtEvent> listener);

    /**
     * The contacts of the routing table, with age and round-trip time, to be saved for the next start. A line of text is
     * enough for each: {@link Contact#toString} writes it and {@link Contact#parse} reads it.
     */
    CompletableFuture<List<KnownContact>> contacts();

    /**
     * Falls silent, for an application that goes to the background or a machine about to sleep. Operations under way end
     * with {@link DhtException.Reason#SUSPENDED}, and so does what is begun before {@link #resume}; nothing is sent, and
     * what arrives is dropped. Contacts, handlers and listeners are kept, and so is the socket. Handlers at work go on, but
     * nobody is told what they answer. Whoever waits for {@link #ready} waits until the node goes on. Completes when that is so.
     */
    CompletableFuture<@Nullable Void> suspend();

    /**
     * Goes on after {@link #suspend}. The node joins again, beginning with the contacts that it had, and {@link #ready}
     * tells how that ends; this completes when it has begun. A node that was not suspended is left alone.
     *
     * <p>A node that notices that the machine has slept, because its loop is half a minute late, does the same by itself.
     * Where the loop's clock stands still while the machine sleeps, as it does on Linux, it cannot notice: contacts that
     * are gone are found out in a minute or two, or at once by suspending and resuming.
     */
    CompletableFuture<@Nullable Void> resume();

    /**
     * Counters and gauges. Answered on a closed node too, with state {@link DhtState#CLOSED}; only where the node had to
     * end without its loop, because that has ended or is held by a handler, they are lost, and this fails with {@link DhtException.Reason#CLOSED}.
     */
    CompletableFuture<DhtStats> stats();

    /** Releases everything, the transport included. Pending work ends with reason CLOSED. Idempotent and prompt. */
    @Override
    void close();
}

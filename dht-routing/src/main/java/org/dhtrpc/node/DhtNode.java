package org.dhtrpc.node;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.AsyncQueryHandler;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.ForwardHandler;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Phase;
import org.dhtrpc.Pong;
import org.dhtrpc.Query;
import org.dhtrpc.QueryHandler;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.Registration;
import org.dhtrpc.message.Command;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.routing.Surroundings;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.IdPolicy;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The node: checks what a caller asks for, and hands it to the {@link Driver} on the loop.
 *
 * <pre>{@code
 * Dht node = DhtNode.builder()
 *         .transport(NioTransport.bind("0.0.0.0", 0))
 *         .codec(new MsgpackCodec())
 *         .bootstrap("bootstrap.example.org:10001")
 *         .build();
 * }</pre>
 *
 * <p>It keeps no program alive: the loop of a NioTransport is a daemon thread, so a {@code main} that returns ends the node
 * with it. A program that only serves must wait for something.
 */
public final class DhtNode implements Dht {
    private static final System.Logger LOG = System.getLogger(DhtNode.class.getName());

    private final Transport transport;
    private final Limits limits;
    private final Driver driver;
    private final Requests requests;

    private DhtNode(Transport transport, Codec codec, NodeOptions options, @Nullable HolePuncher puncher) {
        Wire wire = codec.wire();
        IdPolicy policy = policy(wire, options.idPolicy);
        Endpoint local = transport.localAddress();
        this.transport = transport;
        Key id = id(policy, options, local);
        Problems problems = new Problems(LOG, transport.loop()::nanoTime);
        GuardedFilter filter = new GuardedFilter(options.addressFilter, problems);
        this.limits = new Limits(codec, transport, id, filter);
        Kademlia machine = new Kademlia(
                transport.loop().nanoTime(),
                options.config(policy),
                new Surroundings(
                        id,
                        local,
                        options.publicAddress,
                        wire,
                        codec::size,
                        new GuardedIdPolicy(policy, problems),
                        options.random,
                        limits::reaches,
                        filter,
                        puncher != null),
                options.savedContacts,
                options.verifiedContacts);
        HolePuncher relayed = wire.relays() ? new RelayedPings(machine, transport.loop()) : null;
        Punching punching = new Punching(puncher, relayed);
        // Not the options as a whole, which hold the contacts that the node began with.
        RandomGenerator random = options.random;
        this.driver = new Driver(
                transport,
                codec,
                machine,
                limits,
                options,
                punching,
                problems,
                address -> policy.create(random, address));
        this.requests = new Requests(driver, limits, punching, options.config().requestTimeout());
    }

    private static IdPolicy policy(Wire wire, @Nullable IdPolicy chosen) {
        IdPolicy needed = wire.idPolicy();
        if (needed != null && chosen != null && !needed.equals(chosen)) {
            throw new IllegalArgumentException(
                    "The wire " + wire.name() + " needs the id policy " + needed + ", not " + chosen);
        }
        return needed != null ? needed : chosen != null ? chosen : IdPolicy.random();
    }

    private static Key id(IdPolicy policy, NodeOptions options, Endpoint local) {
        Key chosen = options.id;
        if (chosen != null && policy.bindsAddress()) {
            throw new IllegalArgumentException(
                    "With the id policy " + policy + " the id follows from the address; it cannot be " + chosen);
        }
        // What we are bound to may be seen from nowhere else; where ids follow from addresses only the public one will
        // do.
        Endpoint own = policy.bindsAddress() || local.isWildcard() ? options.publicAddress : local;
        return chosen != null ? chosen : policy.create(options.random, own);
    }

    /** A builder; it wants a transport and a codec, all else has a default. */
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /**
     * A builder for a first node, by which others join: it knows where it is reached, is persistent from the start, and has
     * nobody to ask itself. It still wants a transport, bound to that port, and a codec.
     *
     * @param host the numeric address at which others reach it
     * @param port its port
     * @throws IllegalArgumentException if the host is missing or no numeric address, or the port is not 1 to 65535
     */
    public static NodeBuilder bootstrapper(String host, int port) {
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException("Host is required: the address at which others reach the node");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("Port is required, 1 to 65535, not " + port);
        }
        return builder()
                .publicAddress(Endpoint.parse(host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port))
                .ephemeral(false);
    }

    static Dht start(Transport transport, Codec codec, NodeOptions options, @Nullable HolePuncher puncher) {
        if (puncher instanceof Transport other && other != transport) {
            throw new IllegalArgumentException("The hole puncher is the transport at " + other.localAddress()
                    + ", and not this node's at " + transport.localAddress());
        }
        DhtNode node = new DhtNode(transport, codec, options, puncher);
        node.driver.start();
        return node;
    }

    @Override
    public Key id() {
        return driver.outputs.presence().id();
    }

    @Override
    public boolean ephemeral() {
        return driver.outputs.presence().ephemeral();
    }

    @Override
    public Endpoint localAddress() {
        return transport.localAddress();
    }

    @Override
    public @Nullable Endpoint publicAddress() {
        return driver.outputs.presence().publicAddress();
    }

    @Override
    public CompletableFuture<@Nullable Void> ready() {
        requireOpen();
        LoopFuture<@Nullable Void> future = driver.promise();
        driver.bootstrap.tell(future);
        return future;
    }

    @Override
    public QueryStream query(Query query) {
        return stream(query, false);
    }

    @Override
    public QueryStream closest(Query query) {
        return stream(query, true);
    }

    @Override
    public QueryStream findNode(Key target) {
        return stream(Query.of(Command.FIND_NODE, target), false);
    }

    private QueryStream stream(Query query, boolean commits) {
        requireOpen();
        if (commits && query.command().builtIn()) {
            throw new IllegalArgumentException("The built-in command " + query.command() + " cannot be committed");
        }
        if (query.answeredBy() != null) {
            throw new IllegalArgumentException(
                    "Only a request to one node can be answered by another, " + query.answeredBy() + ": " + query);
        }
        limits.check(query);
        query.hosts().forEach(limits::check);
        query.nodes().forEach(limits::check);
        int nodes = query.nodes().size() + query.hosts().size();
        if (nodes > Limits.MAX_NODES) {
            throw new IllegalArgumentException("A query names at most " + Limits.MAX_NODES + " nodes, not " + nodes);
        }
        return new NodeStream(driver, query, commits);
    }

    @Override
    public CompletableFuture<QueryResult> request(Endpoint to, Query query) {
        requireOpen();
        return requests.request(to, query);
    }

    @Override
    public CompletableFuture<QueryResult> request(String to, Query query) {
        requireOpen();
        return requests.request(to, query);
    }

    @Override
    public CompletableFuture<Pong> ping(Endpoint to) {
        requireOpen();
        return requests.ping(to);
    }

    @Override
    public CompletableFuture<Pong> ping(String to) {
        requireOpen();
        return requests.ping(to);
    }

    @Override
    public CompletableFuture<Pong> ping(Endpoint to, Duration delay) {
        requireOpen();
        return requests.ping(to, delay);
    }

    @Override
    public CompletableFuture<Punched> holepunch(Endpoint peer, Endpoint referrer) {
        return holepunch(peer.toString(), referrer.toString());
    }

    @Override
    public CompletableFuture<Punched> holepunch(String peer, String referrer) {
        requireOpen();
        return requests.holepunch(peer, referrer);
    }

    @Override
    public Registration onQuery(String command, QueryHandler handler) {
        return atOnce(command, Phase.DISCOVERY, handler);
    }

    @Override
    public Registration onQueryAsync(String command, AsyncQueryHandler handler) {
        return later(command, Phase.DISCOVERY, handler);
    }

    @Override
    public Registration onClosest(String command, QueryHandler handler) {
        return atOnce(command, Phase.COMMIT, handler);
    }

    @Override
    public Registration onClosestAsync(String command, AsyncQueryHandler handler) {
        return later(command, Phase.COMMIT, handler);
    }

    @Override
    public Registration onForward(String command, ForwardHandler handler) {
        Command checked = checked(command);
        Objects.requireNonNull(handler, "handler");
        return driver.outputs.register(Handlers.Registered.forward(checked, handler));
    }

    private Registration atOnce(String name, Phase phase, QueryHandler handler) {
        Command command = checked(name);
        Objects.requireNonNull(handler, "handler");
        return driver.outputs.register(Handlers.Registered.atOnce(command, phase, handler));
    }

    private Registration later(String name, Phase phase, AsyncQueryHandler handler) {
        Command command = checked(name);
        Objects.requireNonNull(handler, "handler");
        return driver.outputs.register(Handlers.Registered.later(command, phase, handler));
    }

    private Command checked(String name) {
        requireOpen();
        Command command = Command.of(name);
        limits.check(command);
        return command;
    }

    @Override
    public Registration onEvent(Consumer<? super DhtEvent> listener) {
        requireOpen();
        return driver.listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public CompletableFuture<List<KnownContact>> contacts() {
        requireOpen();
        return driver.questions.contacts();
    }

    @Override
    public CompletableFuture<DhtStats> stats() {
        return driver.questions.stats();
    }

    @Override
    public CompletableFuture<@Nullable Void> suspend() {
        requireOpen();
        return driver.questions.input(Kademlia::suspend);
    }

    @Override
    public CompletableFuture<@Nullable Void> resume() {
        requireOpen();
        return driver.questions.input(Kademlia::resume);
    }

    private void requireOpen() {
        if (driver.isClosed()) {
            throw driver.closedException();
        }
    }

    @Override
    public void close() {
        driver.close();
    }

    @Override
    public String toString() {
        return "DhtNode " + id().toString().substring(0, 8) + "… at " + transport.localAddress();
    }
}

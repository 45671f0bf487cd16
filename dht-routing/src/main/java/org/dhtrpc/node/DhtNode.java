package org.dhtrpc.node;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.dhtrpc.AsyncQueryHandler;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
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
import org.dhtrpc.routing.Effect;
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
 */
public final class DhtNode implements Dht {
    /** How long {@link #close} waits for a loop that is busy, or has ended before its node. */
    private static final long CLOSING_SECONDS = 2;

    private final Transport transport;
    private final NodeOptions options;
    private final Key id;
    private final Limits limits;
    private final Driver driver;
    private final @Nullable HolePuncher puncher;

    private DhtNode(Transport transport, Codec codec, NodeOptions options, @Nullable HolePuncher puncher) {
        Wire wire = codec.wire();
        IdPolicy policy = policy(wire, options.idPolicy);
        Endpoint local = transport.localAddress();
        this.transport = transport;
        this.options = options;
        this.puncher = puncher;
        this.id = options.id != null ? options.id : policy.create(options.random, local.isWildcard() ? null : local);
        this.limits = new Limits(codec, transport, id);
        Kademlia machine = new Kademlia(
                transport.loop().nanoTime(),
                options.config,
                new Surroundings(
                        id, local, wire, codec::size, policy, options.random, limits::reachable, puncher != null),
                options.savedContacts,
                options.verifiedContacts);
        this.driver = new Driver(
                transport, codec, machine, new HostNames(options.resolver, limits::reachable), options, puncher);
    }

    private static IdPolicy policy(Wire wire, @Nullable IdPolicy chosen) {
        IdPolicy needed = wire.idPolicy();
        if (needed != null && chosen != null && !needed.equals(chosen)) {
            throw new IllegalArgumentException(
                    "The wire " + wire.name() + " needs the id policy " + needed + ", not " + chosen);
        }
        return needed != null ? needed : chosen != null ? chosen : IdPolicy.random();
    }

    /** A builder; it wants a transport and a codec, all else has a default. */
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    static Dht start(Transport transport, Codec codec, NodeOptions options, @Nullable HolePuncher puncher) {
        DhtNode node = new DhtNode(transport, codec, options, puncher);
        node.driver.start();
        return node;
    }

    @Override
    public Key id() {
        return id;
    }

    @Override
    public boolean ephemeral() {
        return options.config.ephemeral();
    }

    @Override
    public Endpoint localAddress() {
        return transport.localAddress();
    }

    @Override
    public CompletableFuture<Void> ready() {
        return driver.ready().copy();
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
        requireUntargeted(query);
        limits.check(to);
        Direct<QueryResult> direct = new Direct<>(driver, DhtNode::result);
        ask(direct, to, query);
        return direct.future();
    }

    @Override
    public CompletableFuture<QueryResult> request(String to, Query query) {
        requireOpen();
        requireUntargeted(query);
        limits.check(to);
        Direct<QueryResult> direct = new Direct<>(driver, DhtNode::result);
        find(to, timeout(query), direct, (endpoint, left) -> ask(direct, endpoint, query.deadline(left)));
        return direct.future();
    }

    private void requireUntargeted(Query query) {
        limits.check(query);
        if (query.targeted()) {
            throw new IllegalArgumentException(
                    "A request goes to the node that it is given, but its query names others");
        }
    }

    private void ask(Direct<?> direct, Endpoint to, Query query) {
        send(direct, to, query.command(), query.target(), query.value(), timeout(query));
    }

    private Duration timeout(Query query) {
        Duration deadline = query.deadline();
        return deadline != null ? deadline : options.config.requestTimeout();
    }

    private static QueryResult result(Effect.Answer answer) {
        return new QueryResult(
                Phase.DISCOVERY,
                answer.from(),
                answer.id(),
                null,
                answer.reply().value(),
                Duration.ofNanos(answer.roundTripNanos()));
    }

    @Override
    public CompletableFuture<Pong> ping(Endpoint to) {
        requireOpen();
        limits.check(to);
        Direct<Pong> direct = new Direct<>(driver, DhtNode::pong);
        send(direct, to, Command.PING, null, null, options.config.requestTimeout());
        return direct.future();
    }

    @Override
    public CompletableFuture<Pong> ping(String to) {
        requireOpen();
        limits.check(to);
        Direct<Pong> direct = new Direct<>(driver, DhtNode::pong);
        find(
                to,
                options.config.requestTimeout(),
                direct,
                (endpoint, left) -> send(direct, endpoint, Command.PING, null, null, left));
        return direct.future();
    }

    private static Pong pong(Effect.Answer answer) {
        return new Pong(
                Objects.requireNonNull(answer.reply().to(), "a pong without an address is no reply"),
                answer.from(),
                answer.id(),
                Duration.ofNanos(answer.roundTripNanos()));
    }

    private void send(
            Direct<?> direct,
            Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            Duration timeout) {
        driver.execute(
                () -> driver.request(to, command, target, value, timeout, direct),
                () -> direct.ended(null, driver.closedException()));
    }

    private void find(String to, Duration timeout, Direct<?> direct, BiConsumer<Endpoint, Duration> found) {
        driver.execute(
                () -> driver.enter(
                        List.of(to),
                        false,
                        timeout,
                        (endpoints, left) -> found.accept(endpoints.get(0), left),
                        failure -> direct.ended(null, failure)),
                () -> direct.ended(null, driver.closedException()));
    }

    @Override
    public CompletableFuture<Punched> holepunch(Endpoint peer, Endpoint referrer) {
        return holepunch(peer.toString(), referrer.toString());
    }

    @Override
    public CompletableFuture<Punched> holepunch(String peer, String referrer) {
        requireOpen();
        List<String> texts = List.of(peer, referrer);
        texts.forEach(limits::check);
        LoopFuture<Punched> future = new LoopFuture<>(driver.loop());
        HolePuncher chosen = puncher;
        if (chosen == null) {
            future.completeExceptionally(new DhtException(
                    Reason.NO_HOLE_PUNCHER,
                    "No hole puncher is installed: give one to the builder to reach " + peer + " by " + referrer));
            return future;
        }
        driver.execute(
                () -> driver.enter(
                        texts,
                        false,
                        options.config.queryDeadline(),
                        (found, left) -> chosen.punch(found.get(0), found.get(1))
                                .whenComplete((punched, failure) -> {
                                    if (failure == null) {
                                        future.complete(punched);
                                    } else {
                                        future.completeExceptionally(failure);
                                    }
                                }),
                        future::completeExceptionally),
                () -> future.completeExceptionally(driver.closedException()));
        return future;
    }

    @Override
    public Registration onQuery(String command, QueryHandler handler) {
        return on(command, Phase.DISCOVERY, atOnce(handler));
    }

    @Override
    public Registration onQueryAsync(String command, AsyncQueryHandler handler) {
        return on(command, Phase.DISCOVERY, handler);
    }

    @Override
    public Registration onClosest(String command, QueryHandler handler) {
        return on(command, Phase.COMMIT, atOnce(handler));
    }

    @Override
    public Registration onClosestAsync(String command, AsyncQueryHandler handler) {
        return on(command, Phase.COMMIT, handler);
    }

    private static AsyncQueryHandler atOnce(QueryHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return query -> CompletableFuture.<@Nullable Bytes>completedFuture(handler.handle(query));
    }

    private Registration on(String name, Phase phase, AsyncQueryHandler handler) {
        requireOpen();
        Command command = Command.of(name);
        limits.check(command);
        Objects.requireNonNull(handler, "handler");
        driver.execute(() -> driver.register(command, phase, handler), () -> {});
        return () -> driver.execute(() -> driver.unregister(command, phase, handler), () -> {});
    }

    @Override
    public Registration onEvent(Consumer<? super DhtEvent> listener) {
        requireOpen();
        driver.listeners.add(Objects.requireNonNull(listener, "listener"));
        return () -> driver.listeners.remove(listener);
    }

    @Override
    public CompletableFuture<List<KnownContact>> contacts() {
        requireOpen();
        return ask(driver::contacts);
    }

    @Override
    public CompletableFuture<DhtStats> stats() {
        return ask(driver::stats);
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        LoopFuture<T> future = new LoopFuture<>(driver.loop());
        Runnable answer = () -> future.complete(question.get());
        driver.execute(answer, answer);
        return future;
    }

    private void requireOpen() {
        if (driver.closed()) {
            throw driver.closedException();
        }
    }

    @Override
    public void close() {
        if (driver.loop().inLoop()) {
            driver.shutDown();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        driver.execute(
                () -> {
                    driver.shutDown();
                    done.countDown();
                },
                done::countDown);
        boolean interrupted = false;
        try {
            interrupted = !done.await(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (interrupted) {
            // A handler holds the loop, or its owner has ended it: the port at least is released now.
            transport.close();
        }
    }

    @Override
    public String toString() {
        return "DhtNode " + id.toString().substring(0, 8) + "… at " + transport.localAddress();
    }
}

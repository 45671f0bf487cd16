package org.dhtrpc.node;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.dhtrpc.AsyncQueryHandler;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.routing.Kademlia;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Drives the machine: loop, transport and codec on one side, callers on the other. A datagram that arrives is decoded and
 * given to the machine; what the machine then wants done is carried out in {@link #drain}.
 *
 * <p>Everything runs on the loop, but {@link #execute}, which is how one gets there.
 */
final class Driver implements Effect.Visitor {
    private static final System.Logger LOG = System.getLogger(Driver.class.getName());

    private final Transport transport;
    private final EventLoop loop;
    private final Codec codec;
    private final Kademlia machine;
    private final HostNames hosts;
    private final List<String> bootstrap;
    private final @Nullable HolePuncher puncher;
    private final Duration queryDeadline;
    private final ByteBuffer buffer;

    private final Handlers handlers = new Handlers();
    final CopyOnWriteArrayList<Consumer<? super DhtEvent>> listeners = new CopyOnWriteArrayList<>();

    private final Map<Long, NodeStream> streams = new HashMap<>();

    /** Streams with a subscriber that waits for their end, in the machine or not yet. */
    private final Set<NodeStream> open = new LinkedHashSet<>();

    private final Map<Long, Direct<?>> answers = new HashMap<>();
    private final Set<Entrance> entrances = new LinkedHashSet<>();
    private final ConcurrentLinkedQueue<Input> inputs = new ConcurrentLinkedQueue<>();

    private volatile LoopFuture<@Nullable Void> ready;
    private volatile boolean closed;
    private volatile @Nullable DhtStats lastStats;
    private EventLoop.@Nullable Timer timer;
    private long armed;
    private boolean draining;
    private boolean located;

    /** Something to do on the loop, or instead if the node is closed. */
    private record Input(Runnable live, Runnable dead) {}

    Driver(
            Transport transport,
            Codec codec,
            Kademlia machine,
            HostNames hosts,
            NodeOptions options,
            @Nullable HolePuncher puncher) {
        this.transport = transport;
        this.loop = transport.loop();
        this.codec = codec;
        this.machine = machine;
        this.hosts = hosts;
        this.bootstrap = options.bootstrap;
        this.queryDeadline = options.config.queryDeadline();
        this.puncher = puncher;
        this.buffer = ByteBuffer.allocate(codec.wire().maxDatagram());
        this.ready = new LoopFuture<>(loop);
    }

    /** Opens the transport and begins to join. */
    void start() {
        transport.open(this::received);
        execute(() -> locate(new Effect.Locate()), () -> {});
    }

    EventLoop loop() {
        return loop;
    }

    boolean closed() {
        return closed;
    }

    LoopFuture<@Nullable Void> ready() {
        return ready;
    }

    DhtException closedException() {
        return new DhtException(Reason.CLOSED, "The node at " + transport.localAddress() + " is closed");
    }

    // In.

    private void received(Endpoint from, ByteBuffer datagram) {
        step(() -> {
            int size = datagram.remaining();
            try {
                machine.receive(loop.nanoTime(), from, codec.decode(datagram), size);
            } catch (MalformedMessageException e) {
                machine.malformed(loop.nanoTime(), from);
            }
        });
    }

    private void advance() {
        timer = null;
        step(() -> machine.advance(loop.nanoTime()));
    }

    /** Does something on the loop: now if the caller is there, else soon. What a closed node can do instead is done here. */
    void execute(Runnable live, Runnable dead) {
        if (loop.inLoop()) {
            run(new Input(live, dead));
            return;
        }
        inputs.add(new Input(live, dead));
        if (closed) {
            takeInputs();
        } else {
            loop.execute(this::takeInputs);
        }
    }

    private void takeInputs() {
        for (Input input = inputs.poll(); input != null; input = inputs.poll()) {
            run(input);
        }
    }

    private void run(Input input) {
        if (closed) {
            input.dead.run();
        } else {
            step(input.live);
        }
    }

    private void step(Runnable input) {
        if (closed) {
            return;
        }
        try {
            input.run();
            drain();
        } catch (RuntimeException | Error defect) {
            failStop(defect);
        }
    }

    // Out.

    /** Carries out what the machine wants. Inputs that arrive meanwhile queue further effects, which come after these. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            for (Effect effect = machine.poll(); effect != null; effect = machine.poll()) {
                effect.accept(this);
            }
        } finally {
            draining = false;
        }
        arm();
    }

    private void arm() {
        long deadline = machine.deadline();
        if (closed || deadline == Long.MAX_VALUE || (timer != null && armed - deadline <= 0)) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        armed = deadline;
        timer = loop.schedule(deadline, this::advance);
    }

    @Override
    public void send(Effect.Send effect) {
        Message message = effect.message();
        try {
            codec.encode(message, buffer.clear());
            transport.send(effect.to(), buffer.flip());
        } catch (RuntimeException e) {
            // A part of somebody else's that breaks its contract: this datagram is lost, as any may be.
            report("Not sent to " + effect.to() + ": " + message, e);
        }
    }

    @Override
    public void deliver(Effect.Deliver effect) {
        NodeStream stream = streams.get(effect.operation());
        if (stream != null) {
            stream.deliver(effect.result());
        }
    }

    @Override
    public void finished(Effect.Finished effect) {
        NodeStream stream = streams.remove(effect.operation());
        if (stream != null) {
            stream.finish(effect.summary(), effect.failure());
        }
    }

    @Override
    public void answered(Effect.Answered effect) {
        Direct<?> caller = answers.remove(effect.operation());
        if (caller != null) {
            caller.ended(effect.answer(), effect.failure());
        }
    }

    void register(Command command, Phase phase, AsyncQueryHandler handler) {
        handlers.put(command, phase, handler);
        machine.handle(loop.nanoTime(), command, phase);
    }

    void unregister(Command command, Phase phase, AsyncQueryHandler handler) {
        if (handlers.remove(command, phase, handler)) {
            machine.unhandle(loop.nanoTime(), command, phase);
        }
    }

    @Override
    public void call(Effect.Call effect) {
        handlers.run(effect.command(), effect.query(), (error, value, cause) -> {
            execute(
                    () -> {
                        machine.answer(loop.nanoTime(), effect.call(), error, value);
                        if (cause != null) {
                            tell(new DhtEvent.HandlerFailed(effect.query(), cause));
                        }
                    },
                    () -> {});
        });
    }

    @Override
    public void punch(Effect.Punch effect) {
        HolePuncher chosen = puncher;
        if (chosen == null) {
            machine.punched(loop.nanoTime(), effect.punch(), null);
            return;
        }
        chosen.punch(effect.peer(), effect.referrer())
                .whenComplete((@Nullable Punched punched, @Nullable Throwable e) -> {
                    execute(
                            () -> machine.punched(
                                    loop.nanoTime(), effect.punch(), punched == null ? null : punched.endpoint()),
                            () -> {});
                });
    }

    @Override
    public void locate(Effect.Locate effect) {
        hosts.resolve(bootstrap, found -> {
            execute(
                    () -> {
                        machine.bootstrap(loop.nanoTime(), found.endpoints(), found.unknown());
                        located = true;
                        List.copyOf(entrances).forEach(Entrance::proceed);
                    },
                    () -> {});
        });
    }

    @Override
    public void joined(Effect.Joined effect) {
        LoopFuture<@Nullable Void> waiting = ready;
        switch (effect.state()) {
            case JOINED, ALONE -> waiting.complete(null);
            case CLOSED -> waiting.completeExceptionally(closedException());
            case UNREACHABLE -> {
                DhtException failure = new DhtException(
                        Reason.BOOTSTRAP_FAILED, "No bootstrap node answered: " + String.join(", ", bootstrap));
                effect.causes().forEach(failure::addSuppressed);
                if (!waiting.isDone()) {
                    ready = new LoopFuture<>(loop);
                }
                waiting.completeExceptionally(failure);
            }
            case JOINING -> {}
        }
    }

    @Override
    public void publish(Effect.Publish effect) {
        tell(effect.event());
    }

    private void tell(DhtEvent event) {
        for (Consumer<? super DhtEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException | Error e) {
                report("A listener threw at " + event, e);
            }
        }
    }

    void report(String what, Throwable cause) {
        LOG.log(Level.WARNING, what, cause);
    }

    // Operations.

    /** A stream has its first demand: it enters the machine, as soon as it can. */
    void start(NodeStream stream) {
        Query query = stream.query;
        Duration given = query.deadline();
        enter(
                query.hosts(),
                !query.targeted(),
                given == null ? queryDeadline : given,
                (endpoints, left) -> {
                    if (!stream.ended()) {
                        Query whole = query.deadline(left);
                        Query entering = query.targeted() ? whole.nodes(endpoints) : whole;
                        long now = loop.nanoTime();
                        long id = stream.commits ? machine.closest(now, entering) : machine.query(now, entering);
                        streams.put(id, stream);
                        stream.started(id);
                    }
                },
                stream::fail);
    }

    void opened(NodeStream stream) {
        open.add(stream);
    }

    void ended(NodeStream stream) {
        open.remove(stream);
    }

    void demand(long operation, long n) {
        machine.demand(loop.nanoTime(), operation, n);
    }

    void end(long operation, DhtException failure) {
        machine.cancel(loop.nanoTime(), operation, failure);
    }

    /** One request to one node; its id is told before it can end. */
    void request(
            Endpoint to,
            Command command,
            @Nullable Key target,
            @Nullable Bytes value,
            Duration timeout,
            Direct<?> caller) {
        long id = machine.request(loop.nanoTime(), to, command, target, value, timeout.toNanos());
        answers.put(id, caller);
        caller.begun(id);
    }

    /** Finds out what an operation needs to know before it enters the machine. */
    void enter(
            List<String> texts,
            boolean needsBootstrap,
            Duration deadline,
            BiConsumer<List<Endpoint>, Duration> found,
            Consumer<DhtException> failed) {
        new Entrance(texts, needsBootstrap, loop.nanoTime() + deadline.toNanos(), found, failed).proceed();
    }

    /** An operation whose texts are being resolved, or that waits for the first word of the bootstrap nodes. */
    private final class Entrance {
        private final List<String> texts;
        private final boolean needsBootstrap;
        private final long deadline;
        private final BiConsumer<List<Endpoint>, Duration> found;
        private final Consumer<DhtException> failed;
        private EventLoop.@Nullable Timer patience;
        private boolean resolving;

        Entrance(
                List<String> texts,
                boolean needsBootstrap,
                long deadline,
                BiConsumer<List<Endpoint>, Duration> found,
                Consumer<DhtException> failed) {
            this.texts = texts;
            this.needsBootstrap = needsBootstrap;
            this.deadline = deadline;
            this.found = found;
            this.failed = failed;
        }

        void proceed() {
            boolean waits = needsBootstrap && !located;
            if (!waits && HostNames.literal(texts)) {
                leave();
                hosts.resolve(texts, this::resolved);
                return;
            }
            if (entrances.add(this)) {
                patience = loop.schedule(deadline, () -> step(this::tooLate));
            }
            if (!waits && !resolving) {
                resolving = true;
                hosts.resolve(
                        texts,
                        found -> execute(
                                () -> {
                                    if (leave()) {
                                        resolved(found);
                                    }
                                },
                                () -> {}));
            }
        }

        private void tooLate() {
            if (leave()) {
                fail(new DhtException(Reason.TIMED_OUT, "Not resolved in time: " + texts));
            }
        }

        private void resolved(HostNames.Resolved result) {
            if (result.unknown().isEmpty()) {
                found.accept(result.endpoints(), Duration.ofNanos(Math.max(1, deadline - loop.nanoTime())));
            } else {
                fail(result.unknown().get(0));
            }
        }

        private boolean leave() {
            if (patience != null) {
                patience.cancel();
            }
            return entrances.remove(this);
        }

        void fail(DhtException failure) {
            failed.accept(failure);
        }
    }

    // The end.

    /** Ends everything. On the loop. */
    void shutDown() {
        if (closed) {
            return;
        }
        step(() -> {
            machine.close(loop.nanoTime());
            for (Entrance entrance : List.copyOf(entrances)) {
                entrance.leave();
                entrance.fail(closedException());
            }
        });
        List.copyOf(open).forEach(stream -> stream.fail(closedException()));
        if (draining) {
            // Closed from inside an effect: the rest of the effects are carried out first, by the drain under way.
            loop.execute(this::release);
        } else {
            release();
        }
    }

    private void release() {
        if (closed) {
            return;
        }
        lastStats = machine.stats();
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        hosts.close();
        transport.close();
        takeInputs();
    }

    /** A broken invariant is our defect: nothing that follows could be trusted. */
    private void failStop(Throwable defect) {
        LOG.log(Level.ERROR, "A defect in dht-rpc: the node at " + transport.localAddress() + " closes itself", defect);
        DhtException failure = new DhtException(
                Reason.BUG,
                "A defect in dht-rpc; the node at " + transport.localAddress() + " has closed itself",
                defect);
        release();
        ready.completeExceptionally(failure);
        new ArrayList<>(streams.values()).forEach(stream -> stream.fail(failure));
        new ArrayList<>(answers.values()).forEach(caller -> caller.ended(null, failure));
        List.copyOf(entrances).forEach(entrance -> entrance.fail(failure));
        tell(new DhtEvent.StateChanged(DhtState.CLOSED));
    }

    // Questions.

    DhtStats stats() {
        DhtStats last = lastStats;
        return last != null ? last : machine.stats();
    }

    List<KnownContact> contacts() {
        return machine.contacts(loop.nanoTime());
    }
}

package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A socket that reaches peers behind NATs, and helps others to: put around a node's transport, it is the node's transport and its
 * hole puncher.
 *
 * <pre>{@code
 * PunchingTransport socket = PunchingTransport.over(NioTransport.bind("0.0.0.0", 0));
 * Dht node = DhtNode.builder().transport(socket).codec(codec).holePuncher(socket)….build();
 * }</pre>
 *
 * <p>What it has to say goes over the same socket, as STUN messages (RFC 8489), which no wire of a DHT is taken for; all else passes
 * as it is, in both directions. A path that a punch has found is kept open as long as it is used: what is sent to its address takes
 * it, by whichever socket and to whichever address it leads by then, and what comes along it comes from that address.
 *
 * <p>It keeps the rules of {@link Transport}; {@link #sibling} gives a socket of the transport inside, without any of this. Futures
 * are completed on the loop, or by whoever closes the transport.
 */
public final class PunchingTransport implements Transport, HolePuncher {
    private static final System.Logger LOG = System.getLogger(PunchingTransport.class.getName());
    private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(10);

    private final Transport main;
    private final PunchOptions options;
    private final EventLoop loop;
    private final Agent agent;
    private final SiblingSockets sockets;
    /** What was asked of the agent; for the loop. */
    private final Calls calls = new Calls(this::closedException);

    private volatile boolean closed;
    private volatile @Nullable Receiver receiver;
    private EventLoop.@Nullable Timer alarm;
    private long alarmed = Long.MAX_VALUE;
    private boolean draining;
    private boolean complained;

    private PunchingTransport(Transport main, PunchOptions options) {
        this.main = main;
        this.options = options;
        this.loop = main.loop();
        RandomGenerator random = options.random() == null ? new SecureRandom() : options.random();
        this.agent = new Agent(options, random, main.localAddress(), LocalAddresses.of(main.localAddress()));
        this.sockets = new SiblingSockets(main, this::receive, this::step, agent);
    }

    /** Puts hole punching around a socket that is bound and not open yet. The socket is this transport's from now on. */
    public static PunchingTransport over(Transport socket) {
        return over(socket, PunchOptions.defaults());
    }

    /**
     * The same with options of one's own.
     *
     * @throws IllegalArgumentException if the socket punches already
     */
    public static PunchingTransport over(Transport socket, PunchOptions options) {
        if (socket instanceof PunchingTransport) {
            throw new IllegalArgumentException(socket.localAddress() + " punches already");
        }
        return new PunchingTransport(
                Objects.requireNonNull(socket, "socket"), Objects.requireNonNull(options, "options"));
    }

    // The hole puncher.

    /**
     * Opens a path to a peer. From any thread.
     *
     * @param peer where the referrer sees it
     * @param referrer a node with this module that both have been in touch with within the last minute
     * @return a stage that fails with a {@link PunchException} if there is no path; one that is open already is returned if it answers
     * @throws IllegalStateException if this transport is not open yet
     */
    @Override
    public CompletionStage<PunchResult> punch(Endpoint peer, Endpoint referrer) {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(referrer, "referrer");
        return call(PunchResult.class, () -> agent.punch(loop.nanoTime(), peer, referrer));
    }

    /**
     * Asks a STUN server, which every node with this module is, how it sees this socket (RFC 8489). From any thread.
     *
     * @return fails with a {@link PunchException}: TIMED_OUT after 7.5 s, REFUSED if the server answers with an error
     * @throws IllegalStateException if this transport is not open yet
     */
    public CompletableFuture<Endpoint> stun(Endpoint server) {
        Objects.requireNonNull(server, "server");
        return call(Endpoint.class, () -> agent.stun(loop.nanoTime(), server));
    }

    /**
     * What is before this socket; found out with the help of others, if it is not known yet or was found out more than ten minutes
     * ago. From any thread. It takes two of them, on different hosts that are neither ours nor behind our NAT ({@link
     * PunchOptions#helpers}); what nobody could help with within 5 s is unknown, and so is everything on loopback.
     */
    public CompletableFuture<NatProfile> profile() {
        return call(NatProfile.class, () -> agent.profile(loop.nanoTime()));
    }

    /**
     * Measures for how long a mapping of this socket's NAT outlives silence (RFC 5780, section 4.6): that is the longest at which
     * keepalives may be sent. Takes little more than the time that is given; opens about a dozen sockets meanwhile.
     *
     * @param most how long is waited at most, up to ten minutes
     * @return the profile with its lifetime, null in there if the helper does not answer; fails with BUDGET if one is under way, and
     *     REFERRER_UNREACHABLE if no helper is known
     * @throws IllegalArgumentException if it is not above 0 and at most ten minutes
     */
    public CompletableFuture<NatProfile> lifetime(Duration most) {
        if (most.isNegative() || most.isZero() || most.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("A lifetime is looked for up to 10 minutes, above 0, not " + most);
        }
        return call(NatProfile.class, () -> agent.lifetime(loop.nanoTime(), most));
    }

    /** Counters. From any thread. */
    public CompletableFuture<PunchStats> stats() {
        CompletableFuture<PunchStats> future = calls.add();
        onLoop(() -> future.complete(agent.stats()));
        return future;
    }

    private <T> CompletableFuture<T> call(Class<T> type, LongSupplier begin) {
        if (receiver == null && !closed) {
            throw new IllegalStateException(main.localAddress() + " is not open yet: a node opens its transport");
        }
        CompletableFuture<T> future = calls.add();
        onLoop(() -> calls.begun(begin.getAsLong(), type, future));
        return future;
    }

    private void onLoop(Runnable task) {
        if (loop.inLoop()) {
            step(task);
        } else {
            loop.execute(() -> step(task));
        }
    }

    // The transport.

    @Override
    public Endpoint localAddress() {
        return main.localAddress();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public int maxPayload() {
        return main.maxPayload() - RelayLine.OVERHEAD;
    }

    @Override
    public void open(Receiver receiver) {
        main.open(new Receiver() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                PunchingTransport.this.receive(Outbox.MAIN, from, datagram);
            }

            @Override
            public void closed() {
                ended();
                receiver.closed();
            }
        });
        this.receiver = receiver;
        boolean asks = options.portMapping() && !main.localAddress().isLoopback();
        Gateway gateway = asks ? Gateway.find(main.localAddress()) : null;
        loop.execute(() -> step(() -> agent.begin(loop.nanoTime(), gateway)));
    }

    private void receive(int socket, Endpoint from, ByteBuffer datagram) {
        long now = loop.nanoTime();
        boolean taken = agent.receive(now, socket, from, datagram);
        drain();
        Endpoint origin = taken ? null : agent.origin(now, socket, from);
        Receiver node = receiver;
        if (origin != null && node != null) {
            node.receive(origin, datagram);
        }
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size > maxPayload()) {
            throw new IllegalArgumentException(
                    "A datagram has at most " + maxPayload() + " bytes, not " + size + ", to " + to);
        }
        Route route = agent.route(to);
        if (route == null) {
            main.send(to, datagram);
            return;
        }
        route.use(loop.nanoTime());
        Way way = route.way();
        if (way.relayed()) {
            byte[] copy = new byte[size];
            datagram.get(copy);
            loop.execute(() -> step(() -> agent.relay(route, copy)));
        } else {
            sockets.send(way.socket(), way.remote(), datagram);
        }
    }

    @Override
    public CompletionStage<Transport> sibling() {
        return main.sibling();
    }

    /**
     * Closes all sockets. If it is the loop that calls, as for a node that is closed, a port that the router has opened is given back
     * first; else it is left to expire.
     */
    @Override
    public void close() {
        if (loop.inLoop()) {
            step(() -> agent.close(loop.nanoTime()));
        }
        main.close();
        // The receiver, who tells of it otherwise, may never have been opened.
        ended();
    }

    private void ended() {
        closed = true;
        calls.close();
        sockets.close();
        agent.release();
        loop.execute(() -> agent.close(loop.nanoTime()));
    }

    private PunchException closedException() {
        return new PunchException(Failure.CLOSED, "The transport at " + main.localAddress() + " is closed");
    }

    // Driving the agent, on the loop.

    private void step(Runnable input) {
        if (!closed) {
            input.run();
            drain();
        }
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            for (Effect effect = agent.poll(); effect != null && !closed; effect = agent.poll()) {
                carryOut(effect);
            }
        } finally {
            draining = false;
        }
        setAlarm();
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Send send) {
            sockets.send(send.socket(), send.to(), ByteBuffer.wrap(send.datagram()));
        } else if (effect instanceof Effect.Open open) {
            sockets.open(open.socket());
        } else if (effect instanceof Effect.Close close) {
            sockets.close(close.socket());
        } else if (effect instanceof Effect.Deliver deliver) {
            deliver(deliver);
        } else if (effect instanceof Effect.Complaint complaint) {
            if (!complained) {
                complained = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        complaint.what() + ", at " + main.localAddress(),
                        complaint.cause());
            }
        } else if (effect instanceof Effect.Ended ended) {
            calls.ended(ended);
        }
    }

    private void deliver(Effect.Deliver deliver) {
        Receiver node = receiver;
        if (node != null) {
            try {
                node.receive(deliver.from(), ByteBuffer.wrap(deliver.datagram()));
            } catch (RuntimeException e) {
                // As if it had come by itself: the loop tells of it, and goes on.
                loop.execute(() -> {
                    throw e;
                });
            }
        }
    }

    private void setAlarm() {
        long deadline = agent.deadline();
        if (deadline == alarmed || closed) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        alarmed = deadline;
        if (deadline != Long.MAX_VALUE) {
            alarm = loop.schedule(deadline, () -> {
                alarmed = Long.MAX_VALUE;
                step(() -> agent.advance(loop.nanoTime()));
            });
        }
    }
}

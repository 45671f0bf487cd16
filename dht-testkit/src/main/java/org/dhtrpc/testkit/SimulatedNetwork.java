package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.dhtrpc.Dht;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory and in virtual time. Nothing happens unless somebody turns the crank, with {@link #run},
 * {@link #runUntil} or {@link #await}; then everything happens on the calling thread, in an order that the seed decides.
 *
 * <p>The trace of a run is a function of the seed, the scenario and the version of the code, on every JDK and operating
 * system. Two runs with equal {@linkplain #traceHash trace hashes} sent the same datagrams at the same times.
 * {@link #toString} has what it takes to repeat a run, on one line, to go into every assertion's message.
 *
 * <p>Between runs a network may be used from any one thread. While it runs, other threads get an
 * {@link IllegalStateException}, and the run ends with a {@link SimulationException} that names the thread: a handler
 * that answers later must complete its stage on the loop, as in
 * {@code supplyAsync(work, host.transport().loop()::execute)}. Whatever throws inside the simulation, be it a task, a
 * timer or a receiver, ends the run at that event with a {@link SimulationException}, so that the state to look at is
 * that of the defect. Nothing else is harmed: the next run continues behind it.
 */
public final class SimulatedNetwork implements AutoCloseable {
    /** How long {@link #await(CompletionStage)} waits: an hour of virtual time. */
    public static final Duration PATIENCE = Duration.ofHours(1);

    static final int MAX_HOSTS = (1 << 24) - 1;

    private final Kernel kernel;
    private final Medium medium;

    SimulatedNetwork(Kernel kernel, Medium medium) {
        this.kernel = kernel;
        this.medium = medium;
    }

    /** The beginning of a network whose every random number comes from this seed. */
    public static SimulatedNetworkBuilder seeded(long seed) {
        return new SimulatedNetworkBuilder(seed);
    }

    /**
     * The next host.
     *
     * @throws IllegalStateException if there are 2^24 - 1 of them already, or the network is closed
     */
    public SimulatedHost host() {
        return medium.addHost(null);
    }

    /**
     * The next host, behind a NAT.
     *
     * @throws IllegalStateException if there are as many as there may be, in its LAN or at all, or the network is closed
     * @throws IllegalArgumentException if the NAT is another network's
     */
    public SimulatedHost host(Nat nat) {
        return medium.addHost(medium.nats().own(nat));
    }

    /** The next NAT, before whatever hosts are made {@linkplain #host(Nat) behind it}, with a public address. */
    public Nat nat(NatType type) {
        return medium.nats().add(type, null);
    }

    /**
     * The next NAT, in the LAN of another: a home behind that of its provider.
     *
     * @throws IllegalArgumentException if the outer one is another network's
     * @throws IllegalStateException if there are as many addresses as there may be, or the network is closed
     */
    public Nat nat(NatType type, Nat outer) {
        return medium.nats().add(type, medium.nats().own(outer));
    }

    /** All hosts, in the order in which they were made: the first is 10.0.0.1, unless a NAT is before it. */
    public List<SimulatedHost> hosts() {
        return List.copyOf(medium.hosts(1));
    }

    /**
     * Makes a node on a host, the first or, after a {@linkplain SimulatedHost#crash crash}, the next; it takes the place of
     * the one before in {@link #nodes}.
     */
    public Dht start(SimulatedHost host, Function<? super SimulatedHost, ? extends Dht> node) {
        Dht made = node.apply(host);
        host.node = made;
        return made;
    }

    /**
     * Makes the next {@code count} hosts and then a node on each of them, one after the other, in no virtual time. Whoever
     * calls owns the nodes; it need not close them if it closes the network.
     *
     * @param node makes a node on the host that it is given
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public List<Dht> start(int count, Function<? super SimulatedHost, ? extends Dht> node) {
        requireCount(count);
        int before = medium.hosts();
        for (int i = 0; i < count; i++) {
            host();
        }
        medium.population().depart(count);
        List<Dht> nodes = new ArrayList<>(count);
        for (SimulatedHost host : List.copyOf(medium.hosts(before + 1))) {
            nodes.add(start(host, node));
        }
        return nodes;
    }

    /**
     * Makes hosts and nodes likewise, but one every so much virtual time, which passes meanwhile: for nodes that join. All
     * at once they would find a network of none.
     *
     * @throws IllegalArgumentException if the count or the time is negative
     * @throws SimulationException as {@link #run} does
     */
    public List<Dht> start(int count, Duration every, Function<? super SimulatedHost, ? extends Dht> node) {
        requireCount(count);
        List<Dht> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.addAll(start(1, node));
            run(every);
        }
        return nodes;
    }

    private static void requireCount(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("A number of nodes is 0 or more, not " + count);
        }
    }

    /** The nodes that {@link #start} has made and that still listen, in the order of their hosts. */
    public List<Dht> nodes() {
        return medium.population().nodes(host -> true);
    }

    /**
     * The truth about {@link #nodes} as they are now: those of them that let themselves be listed, that is all but the
     * ephemeral ones, and those behind NATs, whom others know by other addresses. Takes time in proportion to their number.
     */
    public Oracle oracle() {
        return Oracle.of(medium.population().nodes(host -> host.nat() == null));
    }

    /**
     * Lets this much virtual time pass.
     *
     * @throws SimulationException if an event throws, or another thread calls
     * @throws IllegalArgumentException if the time is negative
     */
    public void run(Duration virtual) {
        runUntil(() -> false, virtual);
    }

    /**
     * Lets virtual time pass until the condition holds, but no more than the limit. If it does not, all of the limit has
     * passed. The condition is asked after every event, so it should be cheap.
     *
     * @return whether the condition holds
     * @throws SimulationException if an event throws, or another thread calls
     * @throws IllegalArgumentException if the limit is negative
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = kernel.after(limit);
        boolean holds = kernel.run(condition, end);
        if (!holds) {
            kernel.advance(end);
        }
        return holds;
    }

    /** Lets virtual time pass until the stage completes, but no more than {@link #PATIENCE}. */
    public <T> T await(CompletionStage<T> stage) {
        return await(stage, PATIENCE);
    }

    /**
     * Lets virtual time pass until the stage completes, and returns its value. If it fails, throws what it failed with;
     * a checked exception comes inside a {@link CompletionException}.
     *
     * @throws SimulationException if an event throws, if another thread calls, if nothing is left to happen, or if the limit
     *     is met
     * @throws IllegalArgumentException if the limit is negative
     */
    public <T> T await(CompletionStage<T> stage, Duration limit) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (!kernel.run(future::isDone, kernel.after(limit))) {
            throw new SimulationException(
                    kernel.idle()
                            ? "Awaited in vain: nothing is left to happen"
                            : "Awaited in vain: not completed within " + limit,
                    kernel);
        }
        try {
            return future.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException exception) {
                throw exception;
            }
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw failure;
        }
    }

    /** For a wait that has met its limit. */
    SimulationException inVain(String what) {
        return new SimulationException(what, kernel);
    }

    /**
     * The beginning of the random stream with this label: always the same for a seed, and no draw from one stream shifts
     * another. It is the same on every JDK but for Gaussian and exponential numbers.
     */
    public RandomGenerator random(String purpose, long number) {
        return new RandomStream(
                kernel.label("scenario").add(purpose).add(number).value());
    }

    /** A stream for a purpose of the testkit's own. */
    RandomGenerator stream(String purpose, long number) {
        return new RandomStream(kernel.label(purpose).add(number).value());
    }

    /** Puts this link between any two hosts, for what is sent from now on, but where there is an exception. */
    public void link(Link link) {
        kernel.checkThread();
        medium.links().all(link);
    }

    /**
     * Makes an exception for what one host sends to another from now on, in this direction only. It goes before the
     * exceptions of hosts.
     *
     * @param link null if there is to be no exception any more
     */
    public void link(SimulatedHost from, SimulatedHost to, @Nullable Link link) {
        kernel.checkThread();
        medium.links().pair(from.number(), to.number(), link);
    }

    /**
     * Makes an exception for what one host sends and receives from now on. Between two hosts that have one, the
     * sender's counts.
     *
     * @param link null if there is to be no exception any more
     */
    public void link(SimulatedHost host, @Nullable Link link) {
        kernel.checkThread();
        medium.links().host(host.number(), link);
    }

    /**
     * A loop of nobody's host, for what happens at a time of the network's: it neither stands still nor ends before the
     * network does.
     */
    public EventLoop loop() {
        return kernel;
    }

    /** Has this one, beside those before, hear of every message from now on, until the result is run. */
    public Runnable tap(Tap tap) {
        kernel.checkThread();
        return medium.taps().add(tap);
    }

    /** What can be done to this network: partitions, and datagrams held. */
    public Faults faults() {
        return medium.faults();
    }

    /** The seed that the network was made with. */
    public long seed() {
        return kernel.seed();
    }

    /** The virtual time in nanoseconds, from 0; what the loop of every transport says whose host does not drift. */
    public long nanoTime() {
        return kernel.nanoTime();
    }

    /** The virtual time that has passed. */
    public Duration elapsed() {
        return Duration.ofNanos(kernel.nanoTime());
    }

    /**
     * A hash of every datagram sent so far: when, from where, to where, its kind and transaction id (of messages that
     * were encoded with a host's codec), its size, and whether it was lost at once.
     */
    public long traceHash() {
        return kernel.trace().value();
    }

    /** How many events have run so far: tasks, timers, and datagrams that arrived. */
    public long events() {
        return kernel.events();
    }

    /**
     * The last datagrams that were sent, a line for each, the oldest first: when, from where, to where, what, its size, and
     * whether it was lost.
     *
     * @param most how many at most; the last 1,024 are known
     * @throws IllegalArgumentException if it is negative
     */
    public List<String> lastEvents(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("A number of events is 0 or more, not " + most);
        }
        return kernel.trace().last(most);
    }

    /** What became of the datagrams so far. */
    public Traffic traffic() {
        return medium.traffic();
    }

    /** Seed, virtual time and trace hash, on one line. */
    @Override
    public String toString() {
        return kernel.toString();
    }

    /** Closes all transports, which tell their receivers, and forgets what has not happened yet. Idempotent. */
    @Override
    public void close() {
        kernel.end();
        medium.closeAll();
    }
}

package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.Oracle;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.report.Operation;
import org.dhtrpc.testkit.report.Operation.Kind;

/** Who asks the nodes for something: they store values, read them, and search. */
final class Clients {
    private static final int NEAREST = 20;
    private static final int VALUE_BYTES = 32;

    /** How often somebody searches while the network recovers, and how many searches say how it is. */
    private static final Duration SEARCHING = Duration.ofMillis(200);

    private static final int RECENT = 50;

    private final SimulatedNetwork network;
    private final EventLoop loop;
    private final Residents residents;
    private final World world;
    private final Score score;
    private final Workload workload;

    /** What somebody has acknowledged, in that order. */
    private final List<Bytes> stored = new ArrayList<>();

    /** What is under way, by number, the oldest first. */
    private final Map<Long, Task> tasks = new LinkedHashMap<>();

    /** What the last searches have found, while the network recovers. */
    private final Queue<Double> recent = new ArrayDeque<>();

    private final Zipf zipf;
    private long begun;
    private boolean ended;
    private boolean closed;

    Clients(World world, Workload workload) {
        this.world = world;
        this.network = world.network();
        this.loop = network.loop();
        this.residents = world.residents();
        this.score = world.score();
        this.workload = workload;
        this.zipf = new Zipf(workload.exponent());
    }

    /** An operation that is under way. */
    private final class Task {
        private final long number = begun++;
        private final long start = loop.nanoTime();

        /** When it began, or when its asker was last seen to stand still. */
        private long since = start;

        private final Kind kind;
        private final Resident asker;
        private final int life;

        Task(Kind kind, Resident asker, Key target) {
            this.kind = kind;
            this.asker = asker;
            this.life = asker.life;
            tasks.put(number, this);
            world.searches().begin(number, kind, asker, target);
        }

        /** Whether somebody is still there who waits for it, and whom no adversary has. */
        boolean wanted() {
            return !closed && asker.alive() && asker.life == life && !asker.captured();
        }

        void forget() {
            tasks.remove(number);
            world.searches().forget(number);
        }

        void end(boolean success, QuerySummary summary) {
            tasks.remove(number);
            Operation operation = new Operation(
                    Duration.ofNanos(start),
                    kind,
                    success,
                    Duration.ofNanos(loop.nanoTime() - start),
                    summary.hops(),
                    summary.requests());
            world.searches().end(number, operation);
        }
    }

    void begin() {
        if (workload.values() > 0) {
            every("stores", workload.storesPerSecond(), this::storeNext);
        }
        every("reads", workload.readsPerSecond(), this::readOne);
        every("searches", workload.searchesPerSecond(), this::search);
    }

    /** The faults are over: from now on nobody stores or reads, but they search, to see whether all is well again. */
    void recover() {
        ended = true;
        recent.clear();
        searchAgain(network.random("recovery", 0));
    }

    /** The run is over: what is under way is cut off, and says nothing of the network. */
    void close() {
        closed = true;
    }

    private void searchAgain(RandomGenerator chance) {
        search(chance);
        loop.schedule(loop.nanoTime() + SEARCHING.toNanos(), () -> searchAgain(chance));
    }

    /** Which share of the nearest the last searches have found; 0 as long as there are not enough. */
    double recentRecall() {
        return recent.size() < RECENT
                ? 0
                : recent.stream().mapToDouble(Double::doubleValue).sum() / RECENT;
    }

    /** Does something at the times of a Poisson process. */
    private void every(String what, double perSecond, Consumer<RandomGenerator> deed) {
        if (perSecond > 0) {
            next(network.random(what, 0), perSecond, deed);
        }
    }

    private void next(RandomGenerator chance, double perSecond, Consumer<RandomGenerator> deed) {
        Duration wait = Poisson.gap(perSecond, chance);
        loop.schedule(loop.nanoTime() + wait.toNanos(), () -> {
            if (!ended) {
                deed.accept(chance);
                next(chance, perSecond, deed);
            }
        });
    }

    private void storeNext(RandomGenerator chance) {
        if (score.of(Counter.STORES) < workload.values()) {
            Resident asker = residents.pick(chance, Clients::mayAsk);
            if (asker != null) {
                store(asker, score.of(Counter.STORES));
            }
        }
    }

    private Bytes value(long number) {
        byte[] value = new byte[VALUE_BYTES];
        network.random("value", number).nextBytes(value);
        return Bytes.of(value);
    }

    private static boolean mayAsk(Resident resident) {
        return resident.joined() && !resident.captured() && !resident.paused() && !resident.mute();
    }

    private void store(Resident asker, long number) {
        score.count(Counter.STORES);
        Bytes value = value(number);
        Task task = new Task(Kind.STORE, asker, Key.hashOf(value));
        QueryStream stream = asker.node().closest(Store.store(value));
        stream.results().exceptionally(failure -> List.of());
        when(task, stream.summary(), summary -> {
            task.end(summary.commits() > 0, summary);
            if (summary.commits() > 0) {
                score.count(Counter.STORED);
                stored.add(value);
                readLater(value, number);
            }
        });
    }

    /** Goes on when an operation has ended, unless its asker went before. */
    private static <T> void when(Task task, CompletionStage<T> ended, Consumer<T> then) {
        ended.whenComplete((result, failure) -> {
            if (task.wanted() && failure == null) {
                then.accept(result);
            } else {
                task.forget();
            }
        });
    }

    private void readLater(Bytes value, long number) {
        if (!workload.readAfter().isZero()) {
            loop.schedule(loop.nanoTime() + workload.readAfter().toNanos(), () -> {
                Resident asker = residents.pick(network.random("reader", number), Clients::mayAsk);
                if (asker != null && !ended) {
                    read(asker, value);
                }
            });
        }
    }

    private void readOne(RandomGenerator chance) {
        Resident asker = stored.isEmpty() ? null : residents.pick(chance, Clients::mayAsk);
        if (asker != null) {
            read(asker, stored.get(zipf.draw(stored.size(), chance)));
        }
    }

    private void read(Resident asker, Bytes value) {
        score.count(Counter.READS);
        Key key = Key.hashOf(value);
        Task task = new Task(Kind.LOOKUP, asker, key);
        QueryStream stream = asker.node().query(Store.lookup(key));
        CompletableFuture<Boolean> found = stream.first(result -> value.equals(result.value()))
                .handle((result, failure) -> failure == null && result.isPresent());
        when(task, found.thenCombine(stream.summary(), Map::entry), end -> {
            score.count(end.getKey() ? Counter.FOUND : Counter.MISSED);
            task.end(end.getKey(), end.getValue());
        });
    }

    private void search(RandomGenerator chance) {
        Resident asker = residents.pick(chance, Clients::mayAsk);
        if (asker != null) {
            search(asker, Key.random(chance));
        }
    }

    private void search(Resident asker, Key target) {
        Task task = new Task(Kind.SEARCH, asker, target);
        QueryStream stream = asker.node().findNode(target);
        stream.results().exceptionally(failure -> List.of());
        when(task, stream.summary(), summary -> {
            Oracle oracle = world.oracle();
            // Adversaries may be among the nearest, but nobody has to find them, nor those that everybody gave up as
            // such.
            List<Contact> truth = oracle.nearest(target, NEAREST, asker.host().id()).stream()
                    .filter(contact -> !residents.suspects(contact))
                    .toList();
            boolean nearest = truth.isEmpty() || summary.closest().contains(truth.get(0));
            double recall = Oracle.recall(truth, summary.closest());
            if (ended) {
                remember(recall);
            } else {
                score.searched(recall, nearest);
            }
            task.end(nearest, summary);
        });
    }

    private void remember(double recall) {
        recent.add(recall);
        if (recent.size() > RECENT) {
            recent.remove();
        }
    }

    /** How many operations have been begun. */
    long begun() {
        return begun;
    }

    /**
     * How long the oldest operation has been under way whose asker is still there and awake. What it has slept does not count,
     * as far as this was called meanwhile.
     */
    Duration oldest() {
        long now = loop.nanoTime();
        long oldest = now;
        for (Task task : tasks.values()) {
            if (task.asker.paused()) {
                task.since = now;
            } else if (task.wanted()) {
                oldest = StrictMath.min(oldest, task.since);
            }
        }
        return Duration.ofNanos(now - oldest);
    }

    /** The values that somebody has acknowledged. */
    List<Bytes> stored() {
        return stored;
    }
}

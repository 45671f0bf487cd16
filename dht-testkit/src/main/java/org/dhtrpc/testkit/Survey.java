package org.dhtrpc.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.jspecify.annotations.Nullable;

/**
 * Has nodes look for random targets, and compares what they find with what the {@link Oracle} knows:
 *
 * <pre>{@code
 * Figures figures = new Survey(network).lookups(10_000).run();
 * }</pre>
 *
 * <p>The searchers and the targets are drawn from a stream of their own: every survey of networks with one seed and one
 * number of nodes is of the same lookups. Each ends before its searcher draws the next, so {@link #atOnce} of them are
 * under way at any moment.
 */
public final class Survey {
    private static final int NEAREST = 20;

    private final SimulatedNetwork network;
    private int lookups = 1_000;
    private int atOnce = 100;
    private IntConsumer progress = done -> {};
    private @Nullable List<Dht> searchers;
    private @Nullable Oracle truth;

    /** A survey of the nodes that this network will have when it is run. */
    public Survey(SimulatedNetwork network) {
        this.network = Objects.requireNonNull(network, "network");
    }

    /**
     * How many lookups there are. 1,000 if this is not called.
     *
     * @throws IllegalArgumentException unless there is one at least
     */
    public Survey lookups(int count) {
        lookups = requirePositive("lookups", count);
        return this;
    }

    /**
     * How many of them are under way at once. 100 if this is not called.
     *
     * @throws IllegalArgumentException unless it is one at least
     */
    public Survey atOnce(int count) {
        atOnce = requirePositive("lookups at once", count);
        return this;
    }

    private static int requirePositive(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("A number of " + what + " is 1 or more, not " + count);
        }
        return count;
    }

    /**
     * Who looks. All nodes that the network then has if this is not called.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Survey searchers(List<? extends Dht> nodes) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("Somebody must look: no searchers");
        }
        searchers = List.copyOf(nodes);
        return this;
    }

    /** What there is to be found. All that the network then has if this is not called: {@link SimulatedNetwork#oracle}. */
    public Survey truth(Oracle oracle) {
        truth = Objects.requireNonNull(oracle, "oracle");
        return this;
    }

    /** Hears how many are done after each of them. */
    public Survey progress(IntConsumer listener) {
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Turns the crank until all lookups have ended.
     *
     * @throws IllegalStateException if the network has no node
     * @throws SimulationException as {@link SimulatedNetwork#run} does
     */
    public Figures run() {
        List<Dht> nodes = searchers == null ? network.nodes() : searchers;
        if (nodes.isEmpty()) {
            throw new IllegalStateException("Nobody there to look for anything");
        }
        Round round = new Round(nodes, truth == null ? network.oracle() : truth);
        for (int i = 0; i < Math.min(atOnce, lookups); i++) {
            round.next();
        }
        while (round.ended < lookups) {
            int before = round.ended;
            if (!network.runUntil(() -> round.ended > before, SimulatedNetwork.PATIENCE)) {
                throw network.inVain((lookups - before) + " lookups have not ended, and none of them within "
                        + SimulatedNetwork.PATIENCE + " of virtual time");
            }
        }
        return round.figures();
    }

    /** The lookups of one run. */
    private final class Round {
        private final List<Dht> nodes;
        private final Oracle oracle;
        private final int[] hops = new int[lookups];
        private final long[] nanos = new long[lookups];
        private int begun;
        private int ended;
        private int successes;
        private double recall;
        private long requests;
        private long repeats;

        Round(List<Dht> nodes, Oracle oracle) {
            this.nodes = nodes;
            this.oracle = oracle;
        }

        void next() {
            RandomGenerator random = network.stream("survey", begun++);
            Dht searcher = nodes.get(random.nextInt(nodes.size()));
            Key target = Key.random(random);
            QueryStream search = searcher.findNode(target);
            search.summary().thenAccept(summary -> ended(searcher, target, summary));
            // Who finds nobody has a summary as well, and that is all that counts here.
            search.results().exceptionally(failure -> List.of());
        }

        private void ended(Dht searcher, Key target, QuerySummary summary) {
            List<Contact> truth = oracle.nearest(target, NEAREST, searcher.id());
            successes += summary.closest().containsAll(truth.subList(0, Math.min(1, truth.size()))) ? 1 : 0;
            recall += Oracle.recall(truth, summary.closest());
            requests += summary.requests();
            repeats += summary.repeats();
            hops[ended] = summary.hops();
            nanos[ended] = summary.elapsed().toNanos();
            ended++;
            progress.accept(ended);
            if (begun < lookups) {
                next();
            }
        }

        Figures figures() {
            Arrays.sort(hops);
            Arrays.sort(nanos);
            return new Figures(
                    network.nodes().size(),
                    lookups,
                    (double) successes / lookups,
                    recall / lookups,
                    new Figures.Quantiles<>(hops[rank(50)], hops[rank(99)]),
                    (double) requests / lookups,
                    (double) repeats / lookups,
                    new Figures.Quantiles<>(Duration.ofNanos(nanos[rank(50)]), Duration.ofNanos(nanos[rank(99)])),
                    network.traffic(),
                    network.toString());
        }

        private int rank(int percent) {
            return (int) (((long) lookups * percent + 99) / 100) - 1;
        }
    }
}

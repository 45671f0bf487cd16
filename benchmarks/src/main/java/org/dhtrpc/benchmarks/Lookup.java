package org.dhtrpc.benchmarks;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.testkit.Oracle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A network in one process: how it joins, looks up, stores, and what a node takes. */
@Command(
        name = "lookup",
        description = "A network on loopback in this process: joining, lookups, stores, memory.",
        showDefaultValues = true,
        sortOptions = false)
final class Lookup implements Callable<Integer> {
    private static final int WARMUP = 100;
    private static final int NEAREST = 20;
    private static final int MOST_DEATHS = 50;

    @Option(names = "--n", defaultValue = "100", description = "Nodes.")
    private int size;

    @Option(names = "--lookups", defaultValue = "500", description = "Lookups, one at a time and again some at a time.")
    private int lookups;

    @Option(names = "--stores", defaultValue = "200", description = "Stores, and values that are read back.")
    private int stores;

    @Option(names = "--parallel", defaultValue = "16", description = "Lookups at a time.")
    private int parallel;

    @Option(names = "--join", defaultValue = "8", description = "Nodes joining at a time.")
    private int joining;

    @Option(names = "--dead", defaultValue = "0", description = "Dead nodes among the nearest, 0 or 1.")
    private int dead;

    @Option(
            names = "--warmup",
            defaultValue = "0",
            description = "Networks of as many nodes that join and end before: code is compiled then.")
    private int warmup;

    @Option(
            names = "--transport",
            defaultValue = "nio",
            description = "${COMPLETION-CANDIDATES}; netty is Netty on NIO.")
    private Io io = Io.NIO;

    @Mixin
    private Output output = new Output();

    private final Random random = new Random(1);

    @Override
    public Integer call() throws Exception {
        output.require("--n", size, 2, 10_000);
        output.require("--lookups", lookups, 1, 1_000_000);
        output.require("--stores", stores, 0, 100_000);
        output.require("--parallel", parallel, 1, 1_000);
        output.require("--join", joining, 1, 10_000);
        output.require("--dead", dead, 0, 1);
        output.require("--warmup", warmup, 0, 100);
        Network.makeFew(io);
        for (int i = 0; i < warmup; i++) {
            try (Network network = new Network(io)) {
                network.join(size, joining);
            }
        }
        try (Network network = new Network(io)) {
            Json result = Json.result("lookup", "")
                    .put("transport", io.toString())
                    .put("n", size)
                    .putAll(join(network));
            lookUp(network, result);
            store(network, result);
            if (dead > 0) {
                result.put("lookup_dead", lookUpTheDead(network));
            }
            output.print(result);
        }
        return 0;
    }

    private Json join(Network network) throws InterruptedException {
        Memory before = Memory.settled();
        Usage usedBefore = Usage.now();
        long begin = System.nanoTime();
        network.join(size, joining);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Usage used = Usage.now().minus(usedBefore);
        double requests = network.requests();
        network.awaitIdle();
        Memory after = Memory.settled();
        return new Json()
                .put("boot_s", seconds, 3)
                .put("boot_cpu_s", used.cpuNanos() / 1e9, 3)
                .put("boot_msgs_per_node", requests / size, 1)
                .put("rss_kb_per_node", after.residentEach(before, size), 1)
                .put("heap_kb_per_node", after.heapEach(before, size), 1);
    }

    private void lookUp(Network network, Json result) throws InterruptedException {
        Oracle oracle = Oracle.of(network.nodes());
        Findings findings = new Findings();
        // Warm-up.
        Trials.run(Math.min(lookups, WARMUP), 4, i -> lookUp(network, oracle, new Findings()));
        result.put("lookup", Trials.measure(lookups, 1, network::requests, i -> lookUp(network, oracle, findings)));
        result.put(
                "lookup_x" + parallel,
                Trials.measure(lookups, parallel, network::requests, i -> lookUp(network, oracle, findings)));
        result.put("top1", findings.top1(), 4).put("recall20", findings.recall(), 4);
    }

    private CompletableFuture<QuerySummary> lookUp(Network network, Oracle oracle, Findings findings) {
        Dht searcher = anyone(network);
        Key target = Key.random(random);
        return search(searcher, target).thenApply(summary -> {
            findings.add(oracle.nearest(target, NEAREST, searcher.id()), summary.closest());
            return summary;
        });
    }

    private Dht anyone(Network network) {
        return network.nodes().get(random.nextInt(size));
    }

    private static CompletableFuture<QuerySummary> search(Dht searcher, Key target) {
        QueryStream stream = searcher.query(Query.of(Network.COMMAND, target));
        return stream.results().thenCompose(results -> stream.summary());
    }

    private void store(Network network, Json result) throws InterruptedException {
        if (stores == 0) {
            return;
        }
        List<Bytes> values = random.ints(stores)
                .mapToObj(seed -> {
                    byte[] value = new byte[100];
                    new Random(seed).nextBytes(value);
                    return Bytes.of(value);
                })
                .toList();
        result.put("store", Trials.measure(stores, 1, network::requests, i -> {
            Bytes value = values.get(i);
            return anyone(network)
                    .closest(Query.of(Network.COMMAND, Key.hashOf(value)).value(value))
                    .results();
        }));
        result.put("replicas", (double) network.replicas() / stores, 2);
        AtomicInteger found = new AtomicInteger();
        result.put("get", Trials.measure(stores, 1, network::requests, i -> {
            Bytes value = values.get(i);
            return anyone(network)
                    .query(Query.of(Network.COMMAND, Key.hashOf(value)))
                    .results()
                    .thenAccept(answers ->
                            found.addAndGet(answers.stream().anyMatch(answer -> value.equals(answer.value())) ? 1 : 0));
        }));
        result.put("found", (double) found.get() / stores, 4);
    }

    /** For each search somebody ends, whom all know, and comes back after it: nobody has missed him before. */
    private Json lookUpTheDead(Network network) throws InterruptedException {
        Histories histories = new Histories();
        for (int i = 0; i < Math.min(lookups, MOST_DEATHS); i++) {
            int victim = random.nextInt(size);
            Key target = network.nodes().get(victim).id();
            histories.alive.add(search(anyone(network, victim), target).join());
            network.end(victim);
            histories.dead.add(search(anyone(network, victim), target).join());
            network.revive(victim).join();
        }
        return histories.json();
    }

    private Dht anyone(Network network, int except) {
        int other = random.nextInt(size - 1);
        return network.nodes().get(other < except ? other : other + 1);
    }

    /** How near the answers come to the truth. */
    private static final class Findings {
        private int searches;
        private int nearest;
        private double recall;

        synchronized void add(List<Contact> truth, List<Contact> found) {
            searches++;
            nearest += found.contains(truth.get(0)) ? 1 : 0;
            recall += Oracle.recall(truth, found);
        }

        synchronized double top1() {
            return (double) nearest / searches;
        }

        synchronized double recall() {
            return recall / searches;
        }
    }
}

package org.dhtrpc.examples;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job: forms a network of real nodes in one process, stores values, finds them again, and says how it went. */
@Command(
        name = "demo",
        description = "Starts a DHT on this machine, stores values in it and finds them again.",
        showDefaultValues = true,
        sortOptions = false)
public final class Demo implements Callable<Integer> {
    @Option(names = "--nodes", defaultValue = "100", description = "Nodes, 1 to 2000.")
    private int nodes;

    @Option(names = "--values", defaultValue = "20", description = "Values, 1 to 100000.")
    private int values;

    @Option(names = "--batch", defaultValue = "50", description = "Nodes that start at the same moment, 1 to 2000.")
    private int batch;

    @Option(names = "--transport", defaultValue = "nio", description = Sockets.OPTION)
    private Sockets.Kind transport = Sockets.Kind.NIO;

    @Option(names = "--codec", defaultValue = "msgpack", description = Codecs.OPTION)
    private Codecs codec = Codecs.MSGPACK;

    @Option(
            names = "--nat",
            description = "Instead: nodes behind NATs of six kinds meet each other, in a simulated network.")
    private boolean nat;

    @Option(names = "--seed", defaultValue = "1", description = "The seed of that simulation.")
    private long seed;

    @Option(names = "--json", description = "Print one line of JSON, and nothing else on standard output.")
    private boolean json;

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Ends with status 0 if every value is where it belongs and was found. */
    public static void main(String... args) {
        System.exit(Shell.program(new Demo()).execute(args));
    }

    @Override
    public Integer call() {
        Shell.requireRange(program, "--nodes", nodes, 1, 2_000);
        Shell.requireRange(program, "--values", values, 1, 100_000);
        Shell.requireRange(program, "--batch", batch, 1, 2_000);
        if (nat) {
            NatDemo meetings = new NatDemo(seed, this::say);
            boolean all = meetings.run();
            program.commandLine().getOut().println(json ? meetings.json() : meetings.table());
            return all ? 0 : 1;
        }
        KeyValueStore store = new KeyValueStore(codec);
        try (DemoNetwork network = new DemoNetwork(transport, store)) {
            DemoReport report = run(network, store);
            PrintWriter out = program.commandLine().getOut();
            out.println(json ? report.toJson() : report.toText());
            report.complaints().forEach(this::say);
            return report.complaints().isEmpty() ? 0 : 1;
        }
    }

    private DemoReport run(DemoNetwork network, KeyValueStore store) {
        long start = System.nanoTime();
        int ready = start(network);
        double bootstrapMs = millisSince(start);

        List<Bytes> texts = IntStream.rangeClosed(1, values)
                .mapToObj(i -> Bytes.utf8("value " + i))
                .toList();
        List<Key> keys = texts.stream().map(Key::hashOf).toList();

        say("Storing " + values + " values");
        Trials stored;
        try (Dht client = network.client()) {
            stored = attempt(texts, text -> !store.insert(client, text).isEmpty());
        }
        say("Finding them with another client");
        Trials found;
        try (Dht client = network.client()) {
            found = attempt(keys, key -> store.find(client, key).isPresent());
        }
        say("Counting the requests of whole queries");
        double requestsPerQuery;
        try (Dht client = network.client()) {
            requestsPerQuery = keys.stream()
                    .mapToInt(key -> requests(client, key))
                    .average()
                    .orElseThrow();
        }

        return new DemoReport(
                nodes,
                ready,
                values,
                network.fewestHolders(keys),
                network.shareOnNearest(keys),
                found.successes(),
                bootstrapMs,
                stored.medianMs(),
                found.medianMs(),
                requestsPerQuery);
    }

    private int start(DemoNetwork network) {
        say("Starting " + nodes + " nodes over " + transport + " and " + codec + " that join by " + network.address());
        for (int started = 0; started < nodes; ) {
            int next = Math.min(batch, nodes - started);
            network.grow(next);
            started += next;
            say("  " + started + " of " + nodes);
        }
        return network.ready();
    }

    /** How one operation went for every value. */
    private record Trials(int successes, double medianMs) {}

    private <T> Trials attempt(List<T> subjects, Predicate<T> operation) {
        int successes = 0;
        double[] millis = new double[subjects.size()];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            try {
                successes += operation.test(subjects.get(i)) ? 1 : 0;
            } catch (CompletionException e) {
                say("  " + subjects.get(i) + ": " + e.getCause());
            }
            millis[i] = millisSince(start);
        }
        Arrays.sort(millis);
        return new Trials(successes, millis[millis.length / 2]);
    }

    private int requests(Dht client, Key key) {
        QueryStream query = client.query(Query.of(codec.lookup, key));
        query.results().exceptionally(failure -> List.of()).join();
        return query.summary().join().datagrams();
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** Progress goes to standard error, so that standard output has the result and nothing else. */
    private void say(String progress) {
        program.commandLine().getErr().println(progress);
    }
}

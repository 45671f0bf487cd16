package org.dhtrpc.examples;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.SimulatedNetworkBuilder;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.WarmStart;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Scenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A network of production nodes in virtual time, of any size, for people who write no code. */
@Command(
        name = "simulate",
        description = "Simulates a DHT of production nodes and has them look for random keys, in virtual time.",
        showDefaultValues = true,
        sortOptions = false)
public final class Simulate implements Callable<Integer> {
    private static final int MOST_NODES = 4_000_000;

    /** How far apart nodes start that join. */
    private static final Duration STAGGER = Duration.ofMillis(20);

    /** Whom they join by: the first of them. */
    private static final String FIRST = "10.0.0.1";

    /** How long the last of them have to find their places. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    /** How nodes get their routing tables. */
    enum Join {
        /** Tables are filled from the sorted ids. */
        warm,
        /** By the real protocol, one node after the other, by way of the first. */
        real
    }

    /** How true to life messages travel. */
    enum Fidelity {
        /** Encoded by the real codec. */
        bytes,
        /** As they are. */
        reference
    }

    /** A latency as it is written on the command line. */
    static final class LatencyModel implements ITypeConverter<Latency> {
        @Override
        public Latency convert(String text) throws Exception {
            return Shell.reading(Latency::parse).convert(text);
        }
    }

    @Option(names = "--nodes", defaultValue = "1000", description = "Nodes, 2 to " + MOST_NODES + ".")
    private int nodes;

    @Option(names = "--seed", defaultValue = "1", description = "What all chance comes from.")
    private long seed;

    @Option(
            names = "--join",
            defaultValue = "warm",
            description = "How nodes get their tables: warm (filled, as after a long life) or real (they join).")
    private Join join = Join.warm;

    @Option(
            names = "--stale",
            defaultValue = "0",
            description = "Share of the contacts in warm tables that are gone, 0 to 0.9.")
    private double stale;

    @Option(
            names = "--fidelity",
            defaultValue = "bytes",
            description = "What travels: bytes (encoded messages) or reference (messages as they are; faster).")
    private Fidelity fidelity = Fidelity.bytes;

    @Option(
            names = "--virtual-time",
            defaultValue = "0",
            paramLabel = "<seconds>",
            description =
                    "Virtual seconds that pass before the lookups, 0 to 1000000; what a scenario takes, then 600 for 0.")
    private int virtualSeconds;

    @Option(names = "--loss", defaultValue = "0", description = "How likely a datagram is to be lost, 0 to 1.")
    private double loss;

    @Option(
            names = "--latency",
            defaultValue = "uniform:10ms-50ms",
            paramLabel = "<model>",
            converter = LatencyModel.class,
            description = "How long datagrams are under way: constant:20ms, uniform:10ms-50ms, lognormal:50ms,200ms "
                    + "(median, p99), coordinates:89ms,8ms,0.04 (side, access, jitter), matrix:<file> (round trips in "
                    + "ms), regions or wan.")
    private Latency latency = Latency.uniform(Duration.ofMillis(10), Duration.ofMillis(50));

    @Option(names = "--lookups", defaultValue = "1000", description = "Lookups, 1 to 10000000.")
    private int lookups;

    @Option(names = "--json", description = "Print one line of JSON and nothing else.")
    private boolean json;

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Spec
    private CommandSpec program = CommandSpec.create();

    private final MsgpackCodec codec = new MsgpackCodec();

    /** Ends with status 0 if all nodes have joined, or all checks of a scenario held. */
    public static void main(String... args) {
        System.exit(Shell.program(new Simulate()).execute(args));
    }

    @Override
    public Integer call() {
        Shell.requireRange(program, "--nodes", nodes, 2, MOST_NODES);
        Shell.requireRange(program, "--lookups", lookups, 1, 10_000_000);
        Shell.requireRange(program, "--virtual-time", virtualSeconds, 0, 1_000_000);
        Shell.requireRange(program, "--stale", stale, 0, 0.9);
        Shell.requireRange(program, "--loss", loss, 0, 1);
        if (join == Join.real && stale > 0) {
            throw new ParameterException(program.commandLine(), "--stale is for warm tables, not for --join real");
        }
        PrintWriter out = program.commandLine().getOut();
        Progress progress = new Progress(program.commandLine().getErr());
        if (options.given()) {
            return new ScenarioRuns(laboratory(), out, progress, json).run(options, scenario()) ? 0 : 1;
        }
        // Never closed: to take leave of a million nodes costs more than to be done.
        SimulateReport report = run(network(), progress);
        out.println(json ? report.toJson() : report.toText());
        return report.joined() == nodes ? 0 : 1;
    }

    private Laboratory laboratory() {
        Laboratory laboratory = Laboratory.of(host -> node(host)
                        .ephemeral(host.nat() != null)
                        .verifiedContacts(host.contacts())
                        .savedContacts(host.savedContacts())
                        .bootstrap(host.bootstrap().toArray(Endpoint[]::new))
                        .build())
                .codec(MsgpackCodec::new);
        return fidelity == Fidelity.reference ? laboratory.byReference() : laboratory;
    }

    /** What of a scenario these options say. */
    private Scenario scenario() {
        Scenario scenario = Scenario.of(nodes).seed(seed).link(Link.of(latency).withLoss(loss));
        return virtualSeconds == 0 ? scenario : scenario.length(Duration.ofSeconds(virtualSeconds));
    }

    private SimulatedNetwork network() {
        SimulatedNetworkBuilder network =
                SimulatedNetwork.seeded(seed).latency(latency).loss(loss).warmStart(WarmStart.EXACT.stale(stale));
        return (fidelity == Fidelity.reference ? network.byReference() : network).build();
    }

    private SimulateReport run(SimulatedNetwork network, Progress progress) {
        List<Dht> all = join == Join.warm ? startWarm(network, progress) : joinOneByOne(network, progress);
        progress.begin("time", virtualSeconds);
        for (int second = 1; second <= virtualSeconds; second++) {
            network.run(Duration.ofSeconds(1));
            progress.done(second);
        }
        progress.begin("lookups", lookups);
        Figures figures =
                new Survey(network).lookups(lookups).progress(progress::done).run();
        return SimulateReport.of(network, figures, all);
    }

    private List<Dht> startWarm(SimulatedNetwork network, Progress progress) {
        progress.begin("nodes", nodes);
        return network.start(nodes, host -> {
            progress.done(host.number());
            return node(host).verifiedContacts(host.contacts()).build();
        });
    }

    private List<Dht> joinOneByOne(SimulatedNetwork network, Progress progress) {
        progress.begin("joins", nodes);
        List<Dht> all = network.start(nodes, STAGGER, host -> {
            progress.done(host.number());
            return node(host).bootstrap(FIRST).build();
        });
        network.run(SETTLING);
        return all;
    }

    private NodeBuilder node(SimulatedHost host) {
        return DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(codec))
                .random(host.random())
                .id(host.id());
    }
}

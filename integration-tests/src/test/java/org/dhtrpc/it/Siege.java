package org.dhtrpc.it;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The attacks of {@code SECURITY.md} at full size, on loopback sockets of this process alone. Prints figures, and ends with
 * status 1 if a promise does not hold.
 */
@Command(
        name = "siege",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Attacks a node on this machine, and says whether it held.",
        footer = {"", "Each attack ends at its counts, and is cut short, which counts as failed, when its time is up."})
public final class Siege implements Callable<Integer> {
    @Option(names = "--datagrams", defaultValue = "1000000", description = "Random, changed and replayed ones.")
    private int datagrams;

    @Option(names = "--replies", defaultValue = "1000000", description = "Forged replies over UDP.")
    private int replies;

    @Option(
            names = "--injected",
            defaultValue = "10000000",
            description = "Forged replies handed to the node's receiver, from addresses that this machine lacks.")
    private int injected;

    @Option(names = "--requests", defaultValue = "200000", description = "Forged requests, and forged tokens.")
    private int requests;

    @Option(names = "--probes", defaultValue = "200000", description = "Requests whose replies are weighed.")
    private int probes;

    @Option(names = "--pending", defaultValue = "100000", description = "Calls, and queries, that nobody answers.")
    private int pending;

    @Option(names = "--seconds", defaultValue = "180", description = "How long each attack may take.")
    private int seconds;

    @Option(names = "--seed", defaultValue = "1", description = "What all that is random comes from.")
    private long seed;

    @Option(names = "--json", description = "Print one line of JSON and nothing else.")
    private boolean json;

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Ends with status 0 if every promise holds, 1 if one does not, 2 after a mistake on the command line. */
    public static void main(String... args) {
        // What is logged counts as a broken promise, and is printed as such.
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new Siege()).execute(args));
    }

    @Override
    public Integer call() {
        require("--datagrams", datagrams, 1, 1_000_000_000);
        require("--replies", replies, 1, 1_000_000_000);
        require("--injected", injected, 1, 1_000_000_000);
        require("--requests", requests, 1_000, 1_000_000_000);
        require("--probes", probes, 1, 1_000_000_000);
        require("--pending", pending, 1, 1_000_000);
        require("--seconds", seconds, 1, 86_400);
        List<Findings> all =
                Stream.of(noise(), forgeries(), amplification(), backlog()).toList();
        List<String> broken =
                all.stream().flatMap(findings -> findings.broken().stream()).toList();
        PrintWriter out = program.commandLine().getOut();
        out.println(
                json
                        ? toJson(all, broken)
                        : all.stream().map(Findings::toString).collect(Collectors.joining("\n")));
        if (!json && broken.isEmpty()) {
            out.println("Held: every promise");
        }
        PrintWriter err = program.commandLine().getErr();
        broken.forEach(promise -> err.println("Broken: " + promise));
        return broken.isEmpty() ? 0 : 1;
    }

    private Findings noise() {
        say(datagrams + " random, changed and replayed datagrams");
        try (Noise noise = new Noise(seed)) {
            return noise.run(datagrams, most());
        }
    }

    private Findings forgeries() {
        say(replies + " forged replies over UDP, " + injected + " injected");
        try (Forgeries forgeries = new Forgeries(seed, most())) {
            forgeries.replies(replies, injected);
            forgeries.requests(requests);
            forgeries.tokens(requests / 20, requests);
            return forgeries.findings();
        }
    }

    private Findings amplification() {
        say(probes + " requests whose replies are weighed");
        try (Amplification amplification = new Amplification(seed)) {
            amplification.everyKind();
            amplification.random(probes, most());
            return amplification.findings();
        }
    }

    private Findings backlog() {
        say(pending + " calls and queries that nobody answers");
        try (Backlog backlog = new Backlog()) {
            backlog.calls(pending, most());
            backlog.queries(pending);
            backlog.subscribers(Math.min(pending, 10_000));
            return backlog.findings();
        }
    }

    private Duration most() {
        return Duration.ofSeconds(seconds);
    }

    private static String toJson(List<Findings> all, List<String> broken) {
        return all.stream().map(Findings::toJson).collect(Collectors.joining(",", "{", ",\"broken\":"))
                + broken.stream().map(Findings::quoted).collect(Collectors.joining(",", "[", "]}"));
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    program.commandLine(), option + " is " + least + " to " + most + ", not " + value);
        }
    }

    /** Progress goes to standard error, so that standard output has the result and nothing else. */
    private void say(String progress) {
        program.commandLine().getErr().println(progress);
    }
}

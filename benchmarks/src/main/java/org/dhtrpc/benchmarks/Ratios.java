package org.dhtrpc.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The promises, one by one. Every run has a JVM of its own, and each round has every run once, so that what changes on
 * the machine changes what is divided and what it is divided by.
 */
@Command(
        name = "ratios",
        description =
                "All promises in one table: medians of rounds that alternate between us and what we compare with.",
        showDefaultValues = true,
        sortOptions = false)
final class Ratios implements Callable<Integer> {
    @Option(names = "--rounds", defaultValue = "5", description = "Rounds; a full one takes four minutes.")
    private int rounds;

    @Option(
            names = "--quick",
            description = "One round with short runs: tells that all is there, and roughly how it stands.")
    private boolean quick;

    @Option(
            names = "--only",
            defaultValue = "",
            description = "Only the runs whose names this expression finds, as raw16|rpc16.")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--bytes",
            defaultValue = "285",
            description = "Size of the echo's datagrams: unasked the mean of a query and its reply.")
    private int bytes;

    @Option(
            names = "--transport",
            defaultValue = "nio",
            description = "${COMPLETION-CANDIDATES}; netty is Netty on NIO.")
    private Io io = Io.NIO;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        output.require("--rounds", rounds, 1, 100);
        output.require("--bytes", bytes, 8, EchoLoop.LARGEST);
        Map<String, List<String>> runs = new Promises(io, bytes, quick ? 1 : 3).runs();
        Predicate<String> wanted = only.asPredicate();
        if (runs.keySet().stream().noneMatch(wanted)) {
            throw output.refusal("--only finds none of " + String.join(", ", runs.keySet()) + ": '" + only + "'");
        }
        List<Figures> all = new ArrayList<>();
        boolean failed = false;
        for (int round = 1; round <= (quick ? 1 : rounds); round++) {
            Figures figures = new Figures();
            for (Map.Entry<String, List<String>> run : runs.entrySet()) {
                if (wanted.test(run.getKey())) {
                    output.say("round " + round + ": " + String.join(" ", run.getValue()));
                    failed |= !run(run.getKey(), run.getValue(), figures);
                }
            }
            all.add(figures);
        }
        Promises.rows().forEach(row -> print(row, all));
        return failed ? 1 : 0;
    }

    /** Whether it came to its end; a run that does not costs its own figures and no others. */
    private boolean run(String name, List<String> arguments, Figures figures) throws IOException, InterruptedException {
        Process process = Child.command(arguments).start();
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.say("  " + line);
                figures.add(name, line);
            }
            if (process.waitFor() != 0) {
                output.say(String.join(" ", arguments) + " ended with status " + process.exitValue());
                return false;
            }
            return true;
        } finally {
            // Whatever has become of us: nobody waits for what it would still measure.
            process.destroy();
        }
    }

    private void print(Row row, List<Figures> rounds) {
        double[] values = rounds.stream()
                .mapToDouble(row.value())
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (values.length == 0) {
            return;
        }
        int missing = rounds.size() - values.length;
        if (missing > 0) {
            output.say("Missing in " + missing + " of " + rounds.size() + " rounds: " + row.what());
        }
        double median = values[values.length / 2];
        boolean met = missing == 0 && row.met(median);
        if (output.json()) {
            output.print(new Json()
                    .put("suite", "ratios")
                    .put("transport", io.toString())
                    .put("row", row.what())
                    .put("median", median, 3)
                    .put("min", values[0], 3)
                    .put("max", values[values.length - 1], 3)
                    .put("bound", row.bound())
                    .put("met", met ? 1 : 0));
        } else {
            output.print(String.format(
                    Locale.ROOT,
                    "%s  %-55s %9.2f  (%.2f to %.2f)  %s",
                    met ? "  " : "!!",
                    row.what(),
                    median,
                    values[0],
                    values[values.length - 1],
                    row.bound()));
        }
    }
}

package org.dhtrpc.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of what happens between one that asks and one that answers, and the measurement of it. */
final class TwoEnds {
    /** Seconds. */
    private static final int LONGEST_WARMUP = 15;

    @Option(names = "--topo", defaultValue = "2", description = "1: both on one loop. 2: each in its own process.")
    private int topo;

    @Option(names = "--one-loop", description = "The same as --topo 1.")
    private boolean oneLoop;

    @Option(names = "--window", defaultValue = "16", description = "Calls in flight, 1 to 4000.")
    private int window;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "How long to measure; 0: one window of calls, all at once.")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "6",
            description =
                    "How long at least before that, in seconds; 0: not at all. Lasts for --warmup-calls too, or 15 s.")
    private double warmup;

    @Option(names = "--warmup-calls", defaultValue = "1000000", description = "Calls of the warm-up.")
    private long warmupCalls;

    @Option(
            names = "--transport",
            defaultValue = "nio",
            description = "${COMPLETION-CANDIDATES}; netty is Netty on NIO.")
    private Io io = Io.NIO;

    @Option(names = "--serve", hidden = true)
    private boolean serve;

    @Mixin
    private Output output = new Output();

    Io io() {
        return io;
    }

    Output output() {
        return output;
    }

    /** Refuses numbers that make no sense. */
    void check() {
        output.require("--topo", topo, 1, 2);
        output.require("--window", window, 1, 4_000);
        output.require("--seconds", seconds, 0, 3_600);
        output.require("--warmup", warmup, 0, 3_600);
    }

    /** One that answers, and one that asks it; both on the same loop, or in two processes. */
    interface Ends extends AutoCloseable {
        Endpoint answer();

        Load ask(Endpoint whom);

        /** What was lost until now, and how often; the difference is told. */
        default Map<String, Long> losses() {
            return Map.of();
        }

        @Override
        void close();
    }

    /** What was measured; null in the process of the one that answers. */
    @Nullable
    Json measure(Supplier<Ends> starting) throws IOException, InterruptedException {
        try (Ends ends = starting.get()) {
            if (serve) {
                Child.serve(ends.answer(), new BufferedReader(new InputStreamReader(System.in, UTF_8)), System.out);
                return null;
            }
            if (oneLoop || topo == 1) {
                return measure(ends, ends.ask(ends.answer()), Usage::now);
            }
            try (Child child = Child.start(argumentsOfChild())) {
                return measure(
                        ends, ends.ask(child.address()), () -> Usage.now().plus(child.usage()));
            }
        }
    }

    private List<String> argumentsOfChild() {
        List<String> arguments =
                new ArrayList<>(output.root().commandLine().getParseResult().originalArgs());
        arguments.add("--serve");
        return arguments;
    }

    private Json measure(Ends ends, Load load, Supplier<Usage> usage) throws InterruptedException {
        warmUp(load);
        Map<String, Long> losses = ends.losses();
        Usage before = usage.get();
        Phase phase = run(load, seconds);
        Usage used = usage.get().minus(before);
        double calls = phase.calls();
        Json json = new Json()
                .put("transport", io.toString())
                .put("topo", oneLoop ? 1 : topo)
                .put("window", window)
                .putAll(phase.json())
                .put("cpu_us", used.cpuNanos() / 1e3 / calls, 2)
                .put("sys_share", (double) used.systemNanos() / used.cpuNanos(), 3)
                .put("alloc_b", used.allocatedBytes() / calls, 0)
                .put("gc_ms", used.collectorMillis());
        ends.losses().forEach((what, count) -> json.put(what, count - losses.getOrDefault(what, 0L)));
        return json;
    }

    /**
     * In several phases, for how one begins and ends must be compiled too: code that has never been there is thrown away
     * with all around it when it is. Compilers want a number of calls and not a time; it lasts for both.
     */
    private void warmUp(Load load) throws InterruptedException {
        double each = Math.min(warmup, 1);
        long calls = 0;
        for (double past = 0;
                past < warmup || (calls < warmupCalls && past < LONGEST_WARMUP && warmup > 0);
                past += each) {
            calls += run(load, each).calls();
        }
    }

    private Phase run(Load load, double time) throws InterruptedException {
        Phase phase = new Phase(time, window);
        load.begin(phase);
        phase.await();
        return phase;
    }
}

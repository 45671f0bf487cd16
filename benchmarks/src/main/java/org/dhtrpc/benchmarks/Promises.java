package org.dhtrpc.benchmarks;

import static org.dhtrpc.benchmarks.Row.atLeast;
import static org.dhtrpc.benchmarks.Row.atMost;
import static org.dhtrpc.benchmarks.Row.ratioAtLeast;
import static org.dhtrpc.benchmarks.Row.ratioAtMost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is run for a table of ratios, and the rows of it. */
final class Promises {
    private final Map<String, List<String>> runs = new LinkedHashMap<>();

    /**
     * Denominators stand right before what is divided by them, so that both have the same machine.
     *
     * @param io the transport
     * @param bytes size of the echo's datagrams
     * @param seconds that each of the runs of calls takes
     */
    Promises(Io io, int bytes, double seconds) {
        String transport = "--transport=" + io;
        String time = "--seconds=" + seconds;
        for (String window : List.of("16", "256")) {
            String[] two = {"--topo=2", "--window=" + window, time, transport};
            run("raw" + window, List.of("echo", "--raw", "--bytes=" + bytes), two);
            run("rpc" + window, List.of("rpc"), two);
            run("echo" + window, List.of("echo", "--bytes=" + bytes), two);
        }
        String[] one = {"--topo=1", "--window=1", time, transport};
        run("raw1", List.of("echo", "--raw", "--bytes=" + bytes), one);
        run("rpc1", List.of("rpc"), one);
        run("burst", List.of("rpc", "--topo=2", "--window=2000", "--seconds=0", transport));
        run("table", List.of("table"), "--seconds=" + seconds / 3);
        run("codec", List.of("codec"), "--seconds=" + seconds / 3);
        for (String n : List.of("100", "500")) {
            run("lookup" + n, List.of("lookup", "--n=" + n, "--stores=0", "--dead=1"), transport);
        }
        for (String n : List.of("500", "1000")) {
            run("memory" + n, List.of("memory", "--n=" + n), transport);
        }
        run("wan", List.of("sim", "--dead"));
    }

    private void run(String name, List<String> command, String... options) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(options));
        all.add("--json");
        runs.put(name, all);
    }

    /** The arguments of each run, by its name. */
    Map<String, List<String>> runs() {
        return runs;
    }

    static List<Row> rows() {
        return List.of(
                ratioAtLeast(0.7, "queries/s, two processes, 16 in flight : raw echo", "rpc16.rps", "raw16.rps"),
                ratioAtLeast(0.7, "queries/s, two processes, 256 in flight : raw echo", "rpc256.rps", "raw256.rps"),
                atMost(0, "queries that failed, 16 in flight", "rpc16.errors"),
                atMost(0, "queries that failed, 256 in flight", "rpc256.errors"),
                ratioAtLeast(0.7, "queries/s, one by one, one loop : raw echo", "rpc1.rps", "raw1.rps"),
                atMost(25, "query, one by one, one loop, p50, us", "rpc1.p50_us"),
                atMost(0, "burst of 2,000: calls that failed", "burst.errors"),
                atMost(0, "burst of 2,000: datagrams dropped", "burst.dropped"),
                ratioAtLeast(0.7, "transport, 16 in flight : raw echo", "echo16.rps", "raw16.rps"),
                ratioAtLeast(0.7, "transport, 256 in flight : raw echo", "echo256.rps", "raw256.rps"),
                ratioAtMost(1.5, "CPU of a query, 16 in flight : raw echo", "rpc16.cpu_us", "raw16.cpu_us"),
                atMost(1_500, "query, both ends, bytes allocated", "rpc16.alloc_b"),
                new Row(
                        "transport, bytes allocated above the raw echo",
                        all -> all.get("echo16.alloc_b") - all.get("raw16.alloc_b"),
                        -Double.MAX_VALUE,
                        100),
                ratioAtMost(
                        0.2,
                        "closest(20) of 10,000 offered : scan of the 10,000",
                        "table.closest20_ns",
                        "table.scan-offered.closest20_ns"),
                ratioAtMost(
                        0.2,
                        "closest(20) of 10,000 offered : scan of the held",
                        "table.closest20_ns",
                        "table.scan-held.closest20_ns"),
                // A list of 20.
                atMost(120, "closest(20), bytes allocated", "table.alloc_b"),
                atLeast(1, "closest(20), exact order", "table.exact_order"),
                codec("encode request", "enc_req"),
                codec("decode request", "dec_req"),
                codec("encode reply", "enc_res"),
                codec("decode reply", "dec_res"),
                codecBytes("encode request", "enc_req"),
                codecBytes("decode request", "dec_req"),
                codecBytes("encode reply", "enc_res"),
                codecBytes("decode reply", "dec_res"),
                atMost(23, "requests per lookup, 100 nodes", "lookup100.lookup.msgs"),
                atMost(30, "requests per lookup, 500 nodes", "lookup500.lookup.msgs"),
                atLeast(1, "recall of 20, 100 nodes", "lookup100.recall20"),
                atLeast(1, "recall of 20, 500 nodes", "lookup500.recall20"),
                atMost(16, "heap beyond the socket, KiB per node of 500", "memory500.beyond_socket_kb_per_node"),
                atMost(16, "heap beyond the socket, KiB per node of 1,000", "memory1000.beyond_socket_kb_per_node"),
                atMost(12, "threads of 1,000 nodes", "memory1000.threads"),
                atMost(200, "one dead among the nearest, 500 nodes, more ms", "lookup500.lookup_dead.more_ms"),
                atMost(2.5, "one dead among the nearest, wan : clean", "wan.ratio"));
    }

    private static Row codec(String what, String key) {
        return ratioAtMost(
                1.2, "codec, " + what + " : msgpack-core", "codec." + key + "_ns", "codec.msgpack-core." + key + "_ns");
    }

    private static Row codecBytes(String what, String key) {
        return ratioAtMost(
                1,
                "codec, " + what + ", bytes allocated : msgpack-core",
                "codec." + key + "_b",
                "codec.msgpack-core." + key + "_b");
    }
}

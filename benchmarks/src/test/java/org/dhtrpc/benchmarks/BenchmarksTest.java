package org.dhtrpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** That each command measures something: counts and sizes, never times. */
class BenchmarksTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int status(String arguments) {
        return Benchmarks.program()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.split(" ", -1));
    }

    private Figures run(String arguments) {
        assertThat(status(arguments)).as("%s", err).isEqualTo(CommandLine.ExitCode.OK);
        Figures figures = new Figures();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("{"));
        lines.forEach(line -> figures.add("it", line));
        return figures;
    }

    @ParameterizedTest
    @EnumSource(
            value = Io.class,
            names = {"NIO", "NETTY"})
    void queries_come_back_with_contacts(Io io) {
        Figures figures = run("rpc --topo 1 --closer 20 --window 50 --seconds 0 --warmup 0 --transport " + io);

        assertThat(figures.get("it.n")).isEqualTo(50);
        assertThat(figures.get("it.errors")).isZero();
        // Twenty contacts of 39 bytes, and a value of 100.
        assertThat(figures.get("it.res_bytes")).isBetween(880.0, 1_200.0);
    }

    @Test
    void the_other_end_has_a_process_of_its_own() {
        assertThat(run("rpc --topo 2 --op ping --window 5 --seconds 0 --warmup 0")
                        .get("it.n"))
                .isEqualTo(5);
        // The system counts the time of a process in hundredths of a second: five pings may take none of them.
        assertThat(run("rpc --topo 2 --op ping --window 5 --seconds 1 --warmup 0")
                        .get("it.cpu_us"))
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Io.class,
            names = {"NIO", "NETTY"})
    void datagrams_come_back(Io io) {
        String options = " --topo 1 --window 20 --seconds 0 --warmup 0 --bytes 100 --transport " + io;
        assertThat(run("echo" + options).get("it.n")).isEqualTo(20);
        assertThat(run("echo --raw" + options).get("it.n")).isEqualTo(20);
    }

    @Test
    void a_network_finds_the_nearest_though_one_is_dead() {
        Figures figures = run("lookup --n 25 --lookups 2 --stores 3 --parallel 2 --dead 1 --json");

        assertThat(figures.get("it.recall20")).isEqualTo(1);
        assertThat(figures.get("it.lookup.failed")).isZero();
        assertThat(figures.get("it.lookup_x2.msgs")).isPositive();
        assertThat(figures.get("it.replicas")).isEqualTo(20);
        assertThat(figures.get("it.found")).isEqualTo(1);
        assertThat(figures.get("it.lookup_dead.searches")).isEqualTo(2);
    }

    @Test
    void the_table_is_exact_beside_both_scans() {
        Figures figures = run("table --n 1000 --seconds 0.001");

        for (String variant : List.of("it", "it.scan-held", "it.scan-offered")) {
            assertThat(figures.get(variant + ".exact_order")).as(variant).isEqualTo(1);
        }
        assertThat(figures.get("it.scan-held.held")).isEqualTo(figures.get("it.held"));
        assertThat(figures.get("it.scan-offered.held")).isEqualTo(1_000);
    }

    @Test
    void both_codecs_have_figures() {
        Figures figures = run("codec --seconds 0.001");

        assertThat(figures.get("it.res_bytes")).isEqualTo(figures.get("it.msgpack-core.res_bytes"));
        assertThat(figures.get("it.msgpack-core.dec_res_b")).isPositive();
    }

    @Test
    void memory_and_the_simulated_dead_have_figures() {
        assertThat(run("memory --n 5").get("it.threads")).isLessThan(40);
        out.getBuffer().setLength(0);
        assertThat(run("sim --dead --n 25 --lookups 1").get("it.searches")).isEqualTo(1);
    }

    @Test
    void a_mistake_ends_with_status_2_and_a_word() {
        assertThat(status("rpc --window 0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--window is 1 to 4000, not 0");
        assertThat(status("echo --transport smoke")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("smoke");
        assertThat(status("ratios --only bogus")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--only finds none of raw16, rpc16").contains("bogus");
        assertThat(status("nothing")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(out.toString()).isEmpty();
    }
}

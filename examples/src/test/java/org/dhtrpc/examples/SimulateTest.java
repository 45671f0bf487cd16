package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateTest {
    private static Terminal simulate(String options) {
        return Terminal.run(new Simulate(), options.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " --join real", " --stale 0.1", " --fidelity reference --latency wan --virtual-time 60"})
    void every_node_has_joined_and_every_lookup_finds_the_nearest(String options) throws Exception {
        Map<String, String> report = report("--nodes 100 --lookups 50 --seed 7" + options);

        assertThat(report)
                .containsOnlyKeys(
                        "nodes",
                        "joined",
                        "lookups",
                        "success",
                        "recallAt20",
                        "hopsP50",
                        "hopsP99",
                        "requestsPerLookup",
                        "latencyMsP50",
                        "latencyMsP99",
                        "events",
                        "cpuSeconds",
                        "heapBytesPerNode",
                        "traceHash")
                .containsEntry("nodes", "100")
                .containsEntry("joined", "100")
                .containsEntry("lookups", "50")
                .containsEntry("success", "1.0000");
        assertThat(Double.parseDouble(report.get("recallAt20"))).isBetween(0.99, 1.0);
        assertThat(report.get("traceHash")).matches("[0-9a-f]{16}");
        report.remove("traceHash");
        assertThat(report.values()).allMatch(number -> Double.parseDouble(number) > 0);
    }

    @Test
    void the_seed_decides_the_trace_and_the_fidelity_does_not() throws Exception {
        String options = "--nodes 60 --lookups 20 --loss 0.1 --seed ";
        String hash = report(options + "7").get("traceHash");

        assertThat(report(options + "7 --fidelity reference")).containsEntry("traceHash", hash);
        assertThat(report(options + "8")).doesNotContainEntry("traceHash", hash);
    }

    /** Plain names and values on one line, and nothing else. */
    private static Map<String, String> report(String options) throws Exception {
        Terminal simulate = simulate(options + " --json");
        assertThat(simulate.status()).as(simulate.err()).isZero();
        assertThat(simulate.out()).matches("\\{(\"\\w+\":(\\d+(\\.\\d+)?|\"\\w+\"),?)+}\\R");
        Map<String, String> parsed = new LinkedHashMap<>();
        Stream.of(simulate.out().replaceAll("[{}\"\\s]", "").split(",", -1))
                .map(pair -> pair.split(":", 2))
                .forEach(parts -> parsed.put(parts[0], parts[1]));
        return parsed;
    }

    @Test
    void the_plain_report_ends_with_seed_time_and_hash_and_progress_is_no_part_of_it() throws Exception {
        Terminal simulate = simulate("--nodes 50 --lookups 10 --seed 7");

        assertThat(simulate.status()).isZero();
        assertThat(simulate.out())
                .startsWith("50 of 50 nodes joined")
                .contains("found the nearest node")
                .containsPattern("\\Rseed 7, virtual time PT\\S+, trace [0-9a-f]{16}\\R$");
        assertThat(simulate.err()).contains("nodes: 50", "lookups: 10").doesNotContain("time:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --nodes 1                   | --nodes is 2 to 4000000, not 1
                    --nodes many                | 'many' is not an int
                    --lookups 0                 | --lookups is 1 to 10000000, not 0
                    --virtual-time -1           | --virtual-time is 0 to 1000000, not -1
                    --stale 2                   | --stale is 0.0 to 0.9, not 2.0
                    --stale NaN                 | --stale is 0.0 to 0.9, not NaN
                    --stale 0.1 --join real     | --stale is for warm tables, not for --join real
                    --loss 1.5                  | --loss is 0.0 to 1.0, not 1.5
                    --loss -0.1                 | --loss is 0.0 to 1.0, not -0.1
                    --latency foo               | coordinates:89ms,8ms,0.04 (side, access, jitter), matrix:FILE, regions, wan
                    --latency uniform:9ms-1ms   | not PT0.009S to PT0.001S
                    --latency matrix:nowhere    | nowhere
                    --fidelity x                | expected one of [bytes, reference] (case-insensitive) but was 'x'
                    --join x                    | expected one of [warm, real] (case-insensitive) but was 'x'
                    --what                      | Unknown option: '--what'
                    """)
    void a_mistake_gets_its_value_the_limit_the_usage_and_status_2(String options, String message) throws Exception {
        Terminal simulate = simulate(options + " --json");

        assertThat(simulate.status()).isEqualTo(2);
        assertThat(simulate.out()).isEmpty();
        assertThat(simulate.err()).contains(message, "Usage:");
    }
}

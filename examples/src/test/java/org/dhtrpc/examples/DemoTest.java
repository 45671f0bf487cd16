package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
    @ParameterizedTest
    @CsvSource({"2, 1, 2, nio", "3, 4, 3, netty", "25, 4, 20, NIO"})
    void everyValueIsOnTheNearestNodesAndFound(int nodes, int values, int replicas, String transport) throws Exception {
        Terminal demo = Terminal.run(
                new Demo(), "--json", "--nodes", "" + nodes, "--values", "" + values, "--transport", transport);

        assertThat(demo.status()).as(demo.err()).isZero();
        Map<String, Double> report = parse(demo.out());
        assertThat(report)
                .containsOnlyKeys(
                        "nodes",
                        "ready",
                        "values",
                        "replicasMin",
                        "holdersExact",
                        "found",
                        "bootstrapMs",
                        "storeMsP50",
                        "findMsP50",
                        "requestsPerQuery")
                .containsEntry("nodes", (double) nodes)
                .containsEntry("ready", (double) nodes)
                .containsEntry("values", (double) values)
                .containsEntry("replicasMin", (double) replicas)
                .containsEntry("holdersExact", 1.0)
                .containsEntry("found", (double) values);
        assertThat(report.get("requestsPerQuery")).isCloseTo(replicas + 1, within(2.0));
        assertThat(report.values()).allMatch(number -> number > 0);
    }

    /** Numbers under plain names on one line, and nothing else. */
    private static Map<String, Double> parse(String json) {
        assertThat(json).matches("\\{(\"\\w+\":\\d+(\\.\\d+)?,?)+}\\R");
        Map<String, Double> parsed = new LinkedHashMap<>();
        for (String pair : json.replaceAll("[{}\"\\s]", "").split(",", -1)) {
            String[] parts = pair.split(":", 2);
            parsed.put(parts[0], Double.valueOf(parts[1]));
        }
        return parsed;
    }

    @Test
    void thePlainReportSaysWhatToTryNext() throws Exception {
        Terminal demo = Terminal.run(new Demo(), "--nodes", "2", "--values", "1");

        assertThat(demo.status()).isZero();
        assertThat(demo.out()).contains("2 of 2 nodes joined").contains("Next: ./demo");
        assertThat(demo.err()).contains("2 of 2");
    }

    @Test
    void aReportOfALostValueSaysSo() {
        DemoReport report = new DemoReport(100, 100, 7, 19, 0.5, 6, 1, 1, 1, 1);

        assertThat(report.complaints())
                .containsExactly("A value is on 19 nodes and not on 20", "Only 6 of 7 values were found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nodes=0",
                "--nodes=2001",
                "--values=0",
                "--batch=0",
                "--nodes=many",
                "--transport=tcp",
                "--what"
            })
    void aMistakeGetsTheUsageAndStatus2(String option) throws Exception {
        Terminal demo = Terminal.run(new Demo(), option, "--json");

        assertThat(demo.status()).isEqualTo(2);
        assertThat(demo.out()).isEmpty();
        assertThat(demo.err()).contains(option.replaceFirst("=.*", ""), "Usage:");
    }
}

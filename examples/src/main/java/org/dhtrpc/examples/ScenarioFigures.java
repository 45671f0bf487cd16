package org.dhtrpc.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.dhtrpc.testkit.report.Operation;
import org.dhtrpc.testkit.report.Recording;
import org.dhtrpc.testkit.report.Sample;
import org.dhtrpc.testkit.scenario.Laboratory.Recorded;
import org.dhtrpc.testkit.scenario.Outcome;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Violation;

/**
 * What is said of a scenario that was run.
 *
 * @param cpuSeconds processor time; the start of the process belongs to the first run
 */
record ScenarioFigures(Scenario scenario, Outcome outcome, Recording recording, double cpuSeconds) {
    static ScenarioFigures of(Scenario scenario, Recorded recorded, double cpuSeconds) {
        return new ScenarioFigures(scenario, recorded.outcome(), recorded.recording(), cpuSeconds);
    }

    String toText() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%,d nodes at the beginning, %,d at the end; %,d came and %,d went",
                scenario.nodes(), outcome.nodes(), sum(Sample::arrivals), sum(Sample::departures)));
        int stores = operations(Operation.Kind.STORE).size();
        if (stores > 0) {
            lines.add(format("%,d stores, and %,d of them were acknowledged", stores, stored()));
        }
        if (outcome.reads() > 0) {
            lines.add(format(
                    "%,d reads, and %.2f %% of them found their value, with %.1f requests; half took %,.0f ms at most,"
                            + " 99 %% %,.0f ms",
                    outcome.reads(), 100 * outcome.found(), requestsPerRead(), readMillis(0.5), readMillis(0.99)));
        }
        if (outcome.searches() > 0) {
            lines.add(format(
                    "%,d searches, which found %.2f %% of the 20 nearest nodes in the mean",
                    outcome.searches(), 100 * outcome.recall()));
        }
        scenario.incidents().stream()
                .filter(incident -> recording.moments().stream()
                        .noneMatch(
                                moment -> moment.text().equals(incident.fault().toString())))
                .forEach(incident -> lines.add("never happened: " + incident));
        lines.add(verdict());
        lines.add(format("%,d events, %.1f s of CPU", outcome.events(), cpuSeconds));
        lines.add(outcome.run());
        return String.join(System.lineSeparator(), lines);
    }

    private String verdict() {
        Violation violation = outcome.violation();
        return violation == null
                ? "all " + recording.verdicts().size() + " checks held"
                : "does not hold: " + violation;
    }

    String toJson() {
        Violation violation = outcome.violation();
        return format(
                "{\"nodes\":%d,\"nodesAtEnd\":%d,\"arrivals\":%d,\"departures\":%d,\"stores\":%d,\"stored\":%d,\"reads\":%d,"
                        + "\"found\":%.4f,\"readMsP50\":%.1f,\"readMsP99\":%.1f,\"requestsPerRead\":%.2f,\"searches\":%d,"
                        + "\"recallAt20\":%.4f,\"held\":%b,\"violation\":%s,\"events\":%d,\"cpuSeconds\":%.1f,"
                        + "\"traceHash\":\"%s\"}",
                scenario.nodes(),
                outcome.nodes(),
                sum(Sample::arrivals),
                sum(Sample::departures),
                operations(Operation.Kind.STORE).size(),
                stored(),
                outcome.reads(),
                outcome.found(),
                readMillis(0.5),
                readMillis(0.99),
                requestsPerRead(),
                outcome.searches(),
                outcome.recall(),
                outcome.held(),
                violation == null ? "null" : quoted(violation.toString()),
                outcome.events(),
                cpuSeconds,
                outcome.run().replaceAll(".* ", ""));
    }

    private int sum(ToIntFunction<Sample> count) {
        return recording.samples().stream().mapToInt(count).sum();
    }

    private List<Operation> operations(Operation.Kind kind) {
        return recording.operations().stream()
                .filter(operation -> operation.kind() == kind)
                .toList();
    }

    private long stored() {
        return operations(Operation.Kind.STORE).stream()
                .filter(Operation::success)
                .count();
    }

    /** The least time within which such a share of the reads has ended; 0 if there were none. */
    private double readMillis(double share) {
        List<Duration> times = operations(Operation.Kind.LOOKUP).stream()
                .map(Operation::latency)
                .sorted()
                .toList();
        return times.isEmpty()
                ? 0
                : times.get((int) Math.ceil(share * times.size()) - 1).toNanos() / 1e6;
    }

    private double requestsPerRead() {
        return operations(Operation.Kind.LOOKUP).stream()
                .mapToInt(Operation::requests)
                .average()
                .orElse(0);
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars()
                .forEach(letter -> json.append(
                        letter == '"' || letter == '\\' || letter < ' '
                                ? format("\\u%04x", letter)
                                : Character.toString(letter)));
        return json.append('"').toString();
    }

    private static String format(String format, Object... values) {
        // The root locale, because a decimal comma is no JSON.
        return String.format(Locale.ROOT, format, values);
    }
}

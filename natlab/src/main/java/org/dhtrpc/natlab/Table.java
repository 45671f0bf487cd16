package org.dhtrpc.natlab;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Results for people to read: the table, what stands beside it, what failed and why, and the sums. */
final class Table {
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    Table(Results results) {
        this.results = results;
        square();
        for (Row row : results.rows()) {
            if (row.cell().extra()) {
                line(String.format("%-14s %s", row.cell(), summary(row)));
            }
        }
        results.rows().forEach(this::failures);
        for (Finding finding : results.findings()) {
            line(String.format("%s %s: %s", finding.met() ? "PASS" : "FAIL", finding.name(), finding.detail()));
        }
        if (results.cells() > 0) {
            line(String.format(
                    "%d of %d cells direct, %d connected; ms without symmetric NATs: median %s, p95 %s; with one: median %s, p95 %s",
                    results.direct(),
                    results.cells(),
                    results.connected(),
                    shown(results.median(0)),
                    shown(results.p95(0)),
                    shown(results.median(1)),
                    shown(results.p95(1))));
        }
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    private void square() {
        List<Row> inside =
                results.rows().stream().filter(row -> !row.cell().extra()).toList();
        if (inside.isEmpty()) {
            return;
        }
        List<String> columns =
                inside.stream().map(row -> row.cell().to()).distinct().toList();
        line(String.format("%-6s%s", "", columns.stream().map(Table::wide).collect(Collectors.joining())));
        inside.stream()
                .map(row -> row.cell().from())
                .distinct()
                .forEach(from -> line(String.format(
                        "%-6s%s",
                        from,
                        columns.stream()
                                .map(to -> inside.stream()
                                        .filter(row -> row.cell().from().equals(from)
                                                && row.cell().to().equals(to))
                                        .map(Table::summary)
                                        .findFirst()
                                        .orElse(""))
                                .map(Table::wide)
                                .collect(Collectors.joining()))));
    }

    private static String wide(String word) {
        return String.format(" %-13s", word);
    }

    /**
     * Of a cell: how many tries were connected of how many, the median in milliseconds, an R if one went by the referrer, and a ! if
     * it is not as it has to be.
     */
    static String summary(Row row) {
        Double median = Statistics.median(row.ms());
        return (row.direct() + row.relayed()) + "/" + row.tries()
                + (median == null ? "" : " " + shown(median))
                + (row.relayed() > 0 ? " R" : "")
                + (row.met() ? "" : " !");
    }

    private void failures(Row row) {
        for (Attempt attempt : row.attempts()) {
            if (!attempt.connected()) {
                line(String.format(
                        "%-14s %s after %.0f ms: %s", row.cell(), attempt.reason(), attempt.ms(), attempt.detail()));
            }
        }
    }

    private static String shown(@Nullable Double ms) {
        return ms == null ? "-" : String.format("%.0f", ms);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

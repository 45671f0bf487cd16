package org.dhtrpc.natlab;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What came of all cells of a configuration. Cells beside the table are listed, but do not count. */
record Results(String config, List<Row> rows) {
    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    /** How many cells were direct in every try. */
    long direct() {
        return count(row -> row.direct() == row.tries());
    }

    /** How many were connected in every try. */
    long connected() {
        return count(row -> row.direct() + row.relayed() == row.tries());
    }

    private long count(Predicate<Row> which) {
        return rows.stream().filter(row -> !row.cell().extra()).filter(which).count();
    }

    /** The milliseconds of all direct tries with so many symmetric NATs. */
    private List<Double> ms(int symmetric) {
        return rows.stream()
                .filter(row -> !row.cell().extra() && row.cell().symmetric() == symmetric)
                .flatMap(row -> row.ms().stream())
                .toList();
    }

    /** The cells that are not as they have to be. */
    List<Row> unmet() {
        return rows.stream().filter(row -> !row.met()).toList();
    }

    /** A line of JSON. */
    String json() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("config", config);
        all.put("cells", cells(false));
        List<Map<String, @Nullable Object>> extra = cells(true);
        if (!extra.isEmpty()) {
            all.put("extra", extra);
        }
        all.put("direct", direct());
        all.put("connected", connected());
        all.put("msMedianNoSym", rounded(Statistics.median(ms(0))));
        all.put("msP95NoSym", rounded(Statistics.percentile(ms(0), 95)));
        all.put("msMedianOneSym", rounded(Statistics.median(ms(1))));
        all.put("msP95OneSym", rounded(Statistics.percentile(ms(1), 95)));
        return GSON.toJson(all);
    }

    private List<Map<String, @Nullable Object>> cells(boolean extra) {
        List<Map<String, @Nullable Object>> cells = new ArrayList<>();
        for (Row row : rows) {
            if (row.cell().extra() == extra) {
                Map<String, @Nullable Object> cell = new LinkedHashMap<>();
                cell.put("from", row.cell().from());
                cell.put("to", row.cell().to());
                cell.put("tries", row.tries());
                cell.put("direct", row.direct());
                cell.put("relayed", row.relayed());
                cell.put("msMedian", rounded(Statistics.median(row.ms())));
                cell.put("path", row.path().isEmpty() ? null : row.path());
                cell.put("reason", row.reason().isEmpty() ? null : row.reason());
                cells.add(cell);
            }
        }
        return cells;
    }

    private static @Nullable Double rounded(@Nullable Double ms) {
        return ms == null ? null : Math.round(ms * 10) / 10.0;
    }

    /** The table, and below it what stands beside it, what failed and why, and the sums. */
    String table() {
        StringBuilder text = new StringBuilder();
        List<Row> inside = rows.stream().filter(row -> !row.cell().extra()).toList();
        List<String> from = inside.stream().map(row -> row.cell().from()).distinct().toList();
        List<String> to = inside.stream().map(row -> row.cell().to()).distinct().toList();
        text.append(String.format("%-6s", ""));
        to.forEach(column -> text.append(String.format(" %-13s", column)));
        text.append('\n');
        for (String line : from) {
            text.append(String.format("%-6s", line));
            for (String column : to) {
                String cell = inside.stream()
                        .filter(row -> row.cell().from().equals(line) && row.cell().to().equals(column))
                        .map(Results::summary)
                        .findFirst()
                        .orElse("");
                text.append(String.format(" %-13s", cell));
            }
            text.append('\n');
        }
        rows.stream()
                .filter(row -> row.cell().extra())
                .forEach(row -> text.append(String.format("%-14s %s%n", row.cell(), summary(row))));
        for (Row row : rows) {
            row.attempts().stream()
                    .filter(attempt -> !attempt.connected())
                    .forEach(attempt -> text.append(String.format(
                            "%-14s %s after %.0f ms: %s%n",
                            row.cell(), attempt.reason(), attempt.ms(), attempt.detail())));
        }
        return text.append(sums()).toString();
    }

    /** Of a cell: how many tries were connected of how many, the median in milliseconds, and an R if one went by the referrer. */
    private static String summary(Row row) {
        Double median = Statistics.median(row.ms());
        return (row.direct() + row.relayed()) + "/" + row.tries()
                + (median == null ? "" : String.format(" %.0f", median))
                + (row.relayed() > 0 ? " R" : "")
                + (row.met() ? "" : " !");
    }

    private String sums() {
        long cells = count(row -> true);
        return String.format(
                "%d of %d cells direct, %d connected; ms without symmetric NATs: median %s, p95 %s; with one: median %s, p95 %s%n",
                direct(),
                cells,
                connected(),
                shown(Statistics.median(ms(0))),
                shown(Statistics.percentile(ms(0), 95)),
                shown(Statistics.median(ms(1))),
                shown(Statistics.percentile(ms(1), 95)));
    }

    private static String shown(@Nullable Double ms) {
        return ms == null ? "-" : String.format("%.0f", ms);
    }
}

package org.dhtrpc.natlab;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What came of a configuration.
 *
 * @param config its name
 * @param rows of its cells; those beside the table do not count in the sums
 * @param findings what was looked at besides
 */
record Results(String config, List<Row> rows, List<Finding> findings) {
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    /** How many cells were direct in every try. */
    long direct() {
        return count(row -> row.direct() == row.tries());
    }

    /** How many were connected in every try. */
    long connected() {
        return count(row -> row.direct() + row.relayed() == row.tries());
    }

    /** How many cells count in the sums. */
    long cells() {
        return count(row -> true);
    }

    private long count(Predicate<Row> which) {
        return rows.stream().filter(row -> !row.cell().extra()).filter(which).count();
    }

    /** The milliseconds of all tries that succeeded with so many symmetric NATs. */
    private List<Double> ms(int symmetric) {
        return rows.stream()
                .filter(row -> !row.cell().extra() && row.cell().symmetric() == symmetric)
                .flatMap(row -> row.ms().stream())
                .toList();
    }

    /** Whether all is as it has to be. */
    boolean met() {
        return rows.stream().allMatch(Row::met) && findings.stream().allMatch(Finding::met);
    }

    /** The median of the tries that succeeded with so many symmetric NATs, in milliseconds; null if there are none. */
    @Nullable
    Double median(int symmetric) {
        return Statistics.median(ms(symmetric));
    }

    /** What 95 of a hundred of them did not exceed. */
    @Nullable
    Double p95(int symmetric) {
        return Statistics.percentile(ms(symmetric), 95);
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
        if (!findings.isEmpty()) {
            all.put("findings", findings);
        }
        all.put("direct", direct());
        all.put("connected", connected());
        all.put("msMedianNoSym", rounded(median(0)));
        all.put("msP95NoSym", rounded(p95(0)));
        all.put("msMedianOneSym", rounded(median(1)));
        all.put("msP95OneSym", rounded(p95(1)));
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
}

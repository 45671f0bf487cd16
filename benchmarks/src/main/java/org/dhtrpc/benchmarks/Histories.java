package org.dhtrpc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.QuerySummary;

/** The same searches while a node at the target lives, and after it has gone without a word. */
final class Histories {
    final List<QuerySummary> alive = new ArrayList<>();
    final List<QuerySummary> dead = new ArrayList<>();

    /** Medians, and in how many searches somebody did not answer at once. */
    Json json() {
        double clean = millis(alive, 0.5);
        long met = dead.stream()
                .filter(summary -> summary.repeats() + summary.failures() > 0)
                .count();
        return new Json()
                .put("searches", dead.size())
                .put("met", (double) met / dead.size(), 2)
                .put("clean_p50_ms", clean, 2)
                .put("p50_ms", millis(dead, 0.5), 2)
                .put("p99_ms", millis(dead, 0.99), 2)
                .put("more_ms", millis(dead, 0.5) - clean, 2)
                .put("ratio", millis(dead, 0.5) / clean, 2);
    }

    private static double millis(List<QuerySummary> searches, double quantile) {
        double[] sorted = searches.stream()
                .mapToDouble(search -> search.elapsed().toNanos() / 1e6)
                .sorted()
                .toArray();
        return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
    }
}

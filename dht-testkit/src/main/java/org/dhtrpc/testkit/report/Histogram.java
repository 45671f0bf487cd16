package org.dhtrpc.testkit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often each value occurs.
 *
 * @param values in ascending order; if there are more than {@value #MOST} different ones, the last stands for itself and all
 *     above it
 * @param counts of each of them
 * @param mean of the values; NaN if there are none
 */
record Histogram(List<Integer> values, List<Integer> counts, double mean) {
    static final int MOST = 1_000;

    static Histogram of(IntStream all) {
        int[] sorted = all.sorted().toArray();
        List<Integer> values = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || (sorted[i] > sorted[begin] && values.size() < MOST - 1)) {
                values.add(sorted[begin]);
                counts.add(i - begin);
                begin = i;
            }
        }
        return new Histogram(values, counts, Arrays.stream(sorted).average().orElse(Double.NaN));
    }
}

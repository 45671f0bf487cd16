package org.dhtrpc.natlab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of samples; null of none. */
final class Statistics {
    private Statistics() {}

    /** The middle one, or between the two that are. */
    static @Nullable Double median(List<Double> samples) {
        if (samples.isEmpty()) {
            return null;
        }
        List<Double> sorted = samples.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest one that so many percent are not above. */
    static @Nullable Double percentile(List<Double> samples, int percent) {
        if (samples.isEmpty()) {
            return null;
        }
        int rank = (int) Math.ceil(samples.size() * percent / 100.0);
        return samples.stream().sorted().toList().get(Math.max(rank, 1) - 1);
    }
}

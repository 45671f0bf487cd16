package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How the workload goes, in numbers. */
final class Score {
    private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);
    private final List<Consumer<Counter>> listeners = new ArrayList<>();
    private double recall;
    private long nearest;

    void count(Counter counter) {
        counts.merge(counter, 1L, Long::sum);
        // By index: a listener may add another.
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).accept(counter);
        }
    }

    long of(Counter counter) {
        return counts.getOrDefault(counter, 0L);
    }

    /** Tells of each count. */
    void listen(Consumer<Counter> listener) {
        listeners.add(listener);
    }

    /** Takes note of a search for the nearest nodes. */
    void searched(double share, boolean found) {
        recall += share;
        nearest += found ? 1 : 0;
        count(Counter.SEARCHES);
    }

    /** The share of the reads that found their value; 1 if there were none. */
    double found() {
        long ended = of(Counter.FOUND) + of(Counter.MISSED);
        return ended == 0 ? 1 : (double) of(Counter.FOUND) / ended;
    }

    /** The share of the stores that somebody acknowledged, of those begun; 1 if there were none. */
    double stored() {
        return of(Counter.STORES) == 0 ? 1 : (double) of(Counter.STORED) / of(Counter.STORES);
    }

    /** Which share of the 20 nearest searches found, in the mean; 1 if there were none. */
    double recall() {
        long searches = of(Counter.SEARCHES);
        return searches == 0 ? 1 : recall / searches;
    }

    /** The share of the searches that found the nearest; 1 if there were none. */
    double nearest() {
        long searches = of(Counter.SEARCHES);
        return searches == 0 ? 1 : (double) nearest / searches;
    }
}

package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is told of many operations.
 *
 * @param kind what they were; null for all kinds together
 * @param count how many there were
 * @param succeeded how many of them did what was wanted
 * @param p50 quantiles of the latency of those, by nearest rank; null if there are none
 * @param max the longest of these latencies
 * @param latencies some of these latencies, in seconds, ascending
 * @param ranks how many operations took that long at most and succeeded
 * @param hops of those that succeeded
 * @param requests of all
 */
record Distribution(
        Operation.@Nullable Kind kind,
        int count,
        int succeeded,
        @Nullable Duration p50,
        @Nullable Duration p95,
        @Nullable Duration p99,
        @Nullable Duration max,
        List<Double> latencies,
        List<Integer> ranks,
        Histogram hops,
        Histogram requests) {
    /** So many points make a curve that cannot be told from the one through all of them. */
    private static final int POINTS = 250;

    static Distribution of(Operation.@Nullable Kind kind, List<Operation> operations) {
        List<Operation> all = operations.stream()
                .filter(operation -> kind == null || operation.kind() == kind)
                .toList();
        List<Operation> successes = all.stream().filter(Operation::success).toList();
        long[] nanos = successes.stream()
                .mapToLong(operation -> operation.latency().toNanos())
                .sorted()
                .toArray();
        List<Integer> ranks = ranks(nanos.length);
        return new Distribution(
                kind,
                all.size(),
                nanos.length,
                quantile(nanos, 0.50),
                quantile(nanos, 0.95),
                quantile(nanos, 0.99),
                quantile(nanos, 1),
                ranks.stream().map(rank -> nanos[rank - 1] / 1e9).toList(),
                ranks,
                Histogram.of(successes.stream().mapToInt(Operation::hops)),
                Histogram.of(all.stream().mapToInt(Operation::requests)));
    }

    /** Evenly, and the last ones all by themselves, since that is where one looks. */
    private static List<Integer> ranks(int count) {
        int tail = Math.max(1, count - POINTS / 5);
        return IntStream.concat(
                        IntStream.range(0, POINTS).map(i -> 1 + (int) ((long) (count - 1) * i / POINTS)),
                        IntStream.rangeClosed(tail, count))
                .filter(rank -> rank <= count)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    private static @Nullable Duration quantile(long[] sorted, double share) {
        if (sorted.length == 0) {
            return null;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return Duration.ofNanos(sorted[Math.max(1, rank) - 1]);
    }
}

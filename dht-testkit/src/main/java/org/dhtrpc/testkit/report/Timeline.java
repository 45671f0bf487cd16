package org.dhtrpc.testkit.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Samples as columns, neighbours taken together where there are more than a picture can show: what is counted is added up, of
 * the rest the last one stands.
 *
 * @param spans what the counts are of, in seconds
 */
record Timeline(
        List<Duration> at,
        List<Double> spans,
        List<Long> nodes,
        List<Long> hidden,
        List<Long> adversaries,
        List<Long> arrivals,
        List<Long> departures,
        List<Long> begun,
        List<Long> found,
        List<Long> missed,
        List<Long> requests,
        List<Long> sent,
        List<Long> lost,
        List<Long> cut,
        List<Long> filtered,
        List<Double> contacts,
        List<Double> stale) {
    /** A wide screen has some three pixels for each. */
    private static final int MOST = 360;

    static Timeline of(List<Sample> samples) {
        int each = Math.max(1, (samples.size() + MOST - 1) / MOST);
        List<List<Sample>> runs = new ArrayList<>();
        for (int i = 0; i < samples.size(); i += each) {
            runs.add(samples.subList(i, Math.min(i + each, samples.size())));
        }
        List<Sample> last = runs.stream().map(run -> run.get(run.size() - 1)).toList();
        return new Timeline(
                last.stream().map(Sample::at).toList(),
                spans(last),
                levels(last, Sample::nodes),
                levels(last, Sample::hidden),
                levels(last, Sample::adversaries),
                sums(runs, Sample::arrivals),
                sums(runs, Sample::departures),
                sums(runs, Sample::begun),
                sums(runs, Sample::found),
                sums(runs, Sample::missed),
                sums(runs, Sample::requests),
                sums(runs, Sample::sent),
                sums(runs, Sample::lost),
                sums(runs, Sample::cut),
                sums(runs, Sample::filtered),
                last.stream().map(Sample::contacts).toList(),
                last.stream().map(Sample::stale).toList());
    }

    private static List<Double> spans(List<Sample> samples) {
        List<Double> spans = new ArrayList<>();
        Duration before = Duration.ZERO;
        for (Sample sample : samples) {
            spans.add(sample.at().minus(before).toNanos() / 1e9);
            before = sample.at();
        }
        return spans;
    }

    private static List<Long> levels(List<Sample> samples, ToLongFunction<Sample> level) {
        return samples.stream().mapToLong(level).boxed().toList();
    }

    private static List<Long> sums(List<List<Sample>> runs, ToLongFunction<Sample> count) {
        return runs.stream().map(run -> run.stream().mapToLong(count).sum()).toList();
    }
}

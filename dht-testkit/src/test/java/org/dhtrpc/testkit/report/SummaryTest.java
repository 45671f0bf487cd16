package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

/** What is left of a recording for the page: everything that counts, in few numbers. */
class SummaryTest {
    private static Operation operation(Operation.Kind kind, boolean success, int millis, int hops, int requests) {
        return new Operation(Duration.ZERO, kind, success, Duration.ofMillis(millis), hops, requests);
    }

    private static List<Operation> lookups(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> operation(Operation.Kind.LOOKUP, true, i, 2, 10))
                .toList();
    }

    @Test
    void quantiles_are_of_the_operations_that_succeeded_by_nearest_rank() {
        List<Operation> operations = new ArrayList<>(lookups(200));
        operations.add(operation(Operation.Kind.LOOKUP, false, 60_000, 9, 40));
        Distribution all = Distribution.of(null, operations);
        assertThat(all.count()).isEqualTo(201);
        assertThat(all.succeeded()).isEqualTo(200);
        assertThat(all.p50()).isEqualTo(Duration.ofMillis(100));
        assertThat(all.p95()).isEqualTo(Duration.ofMillis(190));
        assertThat(all.p99()).isEqualTo(Duration.ofMillis(198));
        assertThat(all.max()).isEqualTo(Duration.ofMillis(200));
        assertThat(all.hops().mean()).isEqualTo(2);
        assertThat(all.requests().values()).containsExactly(10, 40);
        assertThat(all.requests().counts()).containsExactly(200, 1);
    }

    @Test
    void each_kind_is_counted_by_itself() {
        List<Operation> operations = List.of(
                operation(Operation.Kind.STORE, false, 5, 0, 1), operation(Operation.Kind.SEARCH, true, 7, 1, 2));
        assertThat(Distribution.of(Operation.Kind.STORE, operations).p50()).isNull();
        assertThat(Distribution.of(Operation.Kind.SEARCH, operations).p50()).isEqualTo(Duration.ofMillis(7));
        Summary summary = Summary.of(with(operations, List.of(), List.of(), List.of()));
        assertThat(summary.kinds())
                .extracting(Distribution::kind)
                .containsExactly(Operation.Kind.STORE, Operation.Kind.SEARCH);
    }

    @Test
    void a_curve_has_few_points_each_of_which_is_true() {
        for (int count : new int[] {1, 2, 50, 249, 250, 251, 10_000}) {
            Distribution all = Distribution.of(null, lookups(count));
            assertThat(all.ranks()).hasSizeLessThanOrEqualTo(301).isSorted().doesNotHaveDuplicates();
            assertThat(all.ranks().get(0)).isEqualTo(1);
            assertThat(all.ranks()).endsWith(count).hasSameSizeAs(all.latencies());
            for (int i = 0; i < all.ranks().size(); i++) {
                assertThat(all.latencies().get(i)).isEqualTo(all.ranks().get(i) / 1_000.0);
            }
        }
        assertThat(Distribution.of(null, List.of()).ranks()).isEmpty();
    }

    @Test
    void a_histogram_counts_everything_however_many_values_there_are() {
        Seeded.rounds(20, random -> {
            int[] values = random.ints(5_000, 0, 1 + random.nextInt(4_000)).toArray();
            Histogram histogram = Histogram.of(IntStream.of(values));
            assertThat(histogram.values())
                    .hasSizeLessThanOrEqualTo(Histogram.MOST)
                    .isSorted();
            assertThat(histogram.counts().stream().mapToInt(count -> count).sum())
                    .isEqualTo(5_000);
            int first = histogram.values().get(0);
            assertThat(histogram.counts().get(0)).isEqualTo((int)
                    IntStream.of(values).filter(v -> v == first).count());
        });
    }

    @Test
    void samples_that_are_taken_together_lose_no_count() {
        Recording rich = Recordings.rich(5, 100, 500, 1);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (Sample sample : rich.samples()) {
                samples.add(later(sample, rich.length().multipliedBy(i)));
            }
        }
        Timeline timeline = Timeline.of(samples);
        assertThat(timeline.at())
                .hasSizeBetween(180, 360)
                .endsWith(samples.get(samples.size() - 1).at());
        assertThat(sum(timeline.sent()))
                .isEqualTo(samples.stream().mapToLong(Sample::sent).sum());
        assertThat(sum(timeline.found()))
                .isEqualTo(samples.stream().mapToLong(Sample::found).sum());
        assertThat(timeline.spans().stream().mapToDouble(span -> span).sum())
                .isEqualTo((double) samples.get(samples.size() - 1).at().toSeconds());
        assertThat(timeline.nodes())
                .endsWith((long) samples.get(samples.size() - 1).nodes());
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(count -> count).sum();
    }

    private static Sample later(Sample of, Duration by) {
        return new Sample(
                of.at().plus(by),
                of.nodes(),
                of.hidden(),
                of.adversaries(),
                of.arrivals(),
                of.departures(),
                of.begun(),
                of.found(),
                of.missed(),
                of.requests(),
                of.sent(),
                of.lost(),
                of.cut(),
                of.filtered(),
                of.contacts(),
                of.stale());
    }

    @Test
    void a_ring_has_all_its_nodes_in_layers_and_only_so_many_dots() {
        List<Place> places = new ArrayList<>(Recordings.rich(6, 50_000, 1, 1).places());
        places.add(new Place(1, Place.Kind.OPEN, 3));
        Ring ring = Ring.of(places);
        assertThat(ring.each()).isEqualTo(4);
        assertThat(ring.layers().stream().mapToInt(Ring.Layer::count).sum()).isEqualTo(places.size());
        assertThat(ring.layers().stream()
                        .mapToInt(layer -> layer.steps().size())
                        .sum())
                .isBetween(places.size() / 4, 20_000);
        Ring.Layer last = ring.layers().get(ring.layers().size() - 1);
        assertThat(last).isEqualTo(new Ring.Layer(3, Place.Kind.OPEN, 1, List.of(1 << 14)));
        assertThat(ring.layers()).allSatisfy(layer -> {
            assertThat(layer.steps()).allMatch(step -> step >= 0);
            assertThat(layer.steps().stream().mapToInt(step -> step).sum()).isLessThanOrEqualTo(1 << 14);
        });
    }

    @Test
    void what_failed_comes_first_and_what_is_too_much_is_counted() {
        List<Verdict> verdicts = IntStream.range(0, 300)
                .mapToObj(i -> new Verdict("check " + i, Verdict.Kind.ALWAYS, i != 250, i == 250 ? "broken" : ""))
                .toList();
        List<Moment> moments = IntStream.range(0, 130)
                .mapToObj(i -> new Moment(Duration.ofSeconds(200 - i), Duration.ofSeconds(300), "x".repeat(500)))
                .toList();
        Operation operation = operation(Operation.Kind.LOOKUP, false, 1, 0, 150);
        List<Step> steps = IntStream.range(0, 150)
                .mapToObj(i -> new Step(Duration.ofSeconds(150 - i), null, "peer", 0, false, 0))
                .toList();
        List<Search> searches = IntStream.range(0, 20)
                .mapToObj(i -> new Search(operation, "target", "searcher", steps))
                .toList();
        Summary summary = Summary.of(with(List.of(operation), moments, searches, verdicts));

        assertThat(summary.verdicts().shown().get(0).check()).isEqualTo("check 250");
        assertThat(summary.verdicts().omitted()).isEqualTo(100);
        assertThat(summary.moments().shown().get(0).from()).isEqualTo(Duration.ofSeconds(71));
        assertThat(summary.moments().shown().get(0).text()).hasSize(400).endsWith("x\u2026");
        assertThat(summary.moments().omitted()).isEqualTo(30);
        assertThat(summary.searches().omitted()).isEqualTo(8);
        assertThat(summary.searches().shown().get(0).steps().omitted()).isEqualTo(50);
        assertThat(summary.searches().shown().get(0).steps().shown().get(0).sent())
                .isEqualTo(Duration.ofSeconds(1));
    }

    private static Recording with(
            List<Operation> operations, List<Moment> moments, List<Search> searches, List<Verdict> verdicts) {
        Duration length = Duration.ofMinutes(5);
        return new Recording(
                "", "", "", length, List.of(), moments, operations, searches, List.of(), List.of(), verdicts);
    }
}

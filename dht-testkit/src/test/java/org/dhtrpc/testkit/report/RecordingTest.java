package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final Duration BEFORE = Duration.ofSeconds(-1);
    private static final Duration AFTER_ALL = Duration.ofDays(36_501);

    private static Sample sample(int second, int nodes, int hidden, double contacts, double stale) {
        Duration at = Duration.ofSeconds(second);
        return new Sample(at, nodes, hidden, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, contacts, stale);
    }

    private static Recording of(Duration length, List<Sample> samples) {
        return new Recording(
                "", "", "", length, samples, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private static void refused(Runnable make, String... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(make::run)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }

    @Test
    void lists_are_copied() {
        List<Sample> samples = new ArrayList<>(List.of(sample(1, 1, 0, 0, 0)));
        Recording recording = of(Duration.ZERO, samples);
        samples.clear();
        assertThat(recording.samples()).hasSize(1);
    }

    @Test
    void samples_are_in_the_order_of_time() {
        List<Sample> samples = List.of(sample(3, 1, 0, 0, 0), sample(2, 1, 0, 0, 0));
        refused(() -> of(Duration.ZERO, samples), "PT2S", "PT3S");
        assertThat(of(Duration.ZERO, List.of(samples.get(0), samples.get(0))).samples())
                .hasSize(2);
    }

    @Test
    void times_are_those_of_a_run() {
        refused(() -> of(BEFORE, List.of()), "from 0", "PT-1S");
        refused(() -> of(AFTER_ALL, List.of()), AFTER_ALL.toString(), "PT876000H");
        refused(() -> new Moment(Duration.ofSeconds(2), Duration.ofSeconds(1), ""), "PT1S", "PT2S");
        refused(() -> new Moment(BEFORE, Duration.ZERO, ""), "PT-1S");
        refused(() -> new Operation(Duration.ZERO, Operation.Kind.STORE, true, BEFORE, 0, 0), "PT-1S");
        Duration second = Duration.ofSeconds(1);
        refused(() -> new Step(second, Duration.ZERO, "", 0, false, 0), "PT0S", "PT1S");
        assertThat(new Step(second, null, "", 0, false, 0).answered()).isNull();
    }

    @Test
    void counts_shares_and_means_are_what_they_can_be() {
        refused(() -> sample(0, -1, 0, 0, 0), "nodes", "-1");
        refused(() -> sample(0, 2, 3, 0, 0), "3", "2");
        refused(() -> sample(0, 1, 0, Double.NaN, 0), "contacts", "NaN");
        refused(() -> sample(0, 1, 0, Double.POSITIVE_INFINITY, 0), "contacts", "Infinity");
        refused(() -> sample(0, 1, 0, 0, 1.1), "stale", "1.1");
        refused(() -> new Operation(Duration.ZERO, Operation.Kind.STORE, true, Duration.ZERO, -1, 0), "hops", "-1");
        refused(() -> new Operation(Duration.ZERO, Operation.Kind.STORE, true, Duration.ZERO, 0, -1), "requests", "-1");
        refused(() -> new Step(Duration.ZERO, null, "", 257, false, 0), "256", "257");
        refused(() -> new Step(Duration.ZERO, null, "", 0, false, -1), "repeats", "-1");
        refused(() -> new Bucket(-1, 0, 0), "256", "-1");
        refused(() -> new Bucket(0, 0, Double.NaN), "stale", "NaN");
        refused(() -> new Place(1.01, Place.Kind.OPEN, 0), "fraction", "1.01");
        refused(() -> new Place(0, Place.Kind.OPEN, -1), "group", "-1");
    }
}

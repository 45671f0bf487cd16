package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.Figures.Quantiles;
import org.dhtrpc.testkit.Traffic;
import org.junit.jupiter.api.Test;

class FiguresAssertTest {
    private static final String RUN = "seed 7, virtual time PT1S, trace 0123456789abcdef";

    private static final Figures FIGURES = new Figures(
            10,
            100,
            0.99,
            0.75,
            new Quantiles<>(2, 4),
            33.5,
            1.5,
            new Quantiles<>(Duration.ofMillis(300), Duration.ofMillis(900)),
            new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of()),
            RUN);

    private static void fails(Consumer<FiguresAssert> assertion, String what) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertion.accept(assertThat(FIGURES).as("it")))
                .withMessage("[it] expected " + what + System.lineSeparator() + RUN);
    }

    @Test
    void what_is_just_good_enough_passes() {
        assertThat(FIGURES)
                .hasSuccess(0.99)
                .hasRecall(0.75)
                .hasRequestsPerLookup(33.5)
                .hasRepeatsPerLookup(1.5)
                .hasHopsP50(2)
                .hasHopsP99(4)
                .hasLatencyP50(Duration.ofMillis(300))
                .hasLatencyP99(Duration.ofMillis(900));
    }

    @Test
    void what_is_not_says_what_it_was_and_ends_with_seed_time_and_hash() {
        fails(it -> it.hasSuccess(0.991), "a success of at least 0.991 but was 0.99");
        fails(it -> it.hasRecall(0.76), "a recall of at least 0.76 but was 0.75");
        fails(it -> it.hasRequestsPerLookup(33.4), "at most 33.4 requests per lookup but was 33.5");
        fails(it -> it.hasRepeatsPerLookup(1.4), "at most 1.4 repeats per lookup but was 1.5");
        fails(it -> it.hasHopsP50(1), "a p50 of at most 1 hops but was 2");
        fails(it -> it.hasHopsP99(3), "a p99 of at most 3 hops but was 4");
        fails(
                it -> it.hasLatencyP50(Duration.ofMillis(299)),
                "a p50 of the latency of at most PT0.299S but was PT0.3S");
        fails(
                it -> it.hasLatencyP99(Duration.ofMillis(899)),
                "a p99 of the latency of at most PT0.899S but was PT0.9S");
    }

    @Test
    void a_share_in_percent_is_a_mistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(FIGURES).hasRecall(99))
                .withMessage("A share is from 0 to 1, not 99.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(FIGURES).hasSuccess(Double.NaN))
                .withMessage("A share is from 0 to 1, not NaN");
    }

    @Test
    void no_figures_are_a_failure() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat((Figures) null).hasRecall(0))
                .withMessageContaining("not to be null");
    }
}

package org.dhtrpc.natlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianIsTheMiddleOneOrBetweenTheTwoThatAre() {
        assertThat(Statistics.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThat(Statistics.median(List.of(7.0))).isEqualTo(7);
    }

    @Test
    void aPercentileIsASampleThatSoManyAreNotAbove() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(i -> 101.0 - i).toList();

        assertThat(Statistics.percentile(hundred, 95)).isEqualTo(95);
        assertThat(Statistics.percentile(hundred, 100)).isEqualTo(100);
        assertThat(Statistics.percentile(hundred, 0)).isEqualTo(1);
        assertThat(Statistics.percentile(List.of(1.0, 2.0), 95)).isEqualTo(2);
    }

    @Test
    void ofNothingThereIsNone() {
        assertThat(Statistics.median(List.of())).isNull();
        assertThat(Statistics.percentile(List.of(), 95)).isNull();
    }
}

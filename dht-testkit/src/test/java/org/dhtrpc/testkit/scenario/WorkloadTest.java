package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1000 values, stores 20/s, reads 50/s zipf 1.1, read after 5m, republish 1m, searches 2/s",
                "1000000 values, stores 0.5/s, read after 90s",
                "1 values, stores 1/s, reads 3/s",
                "reads 0/s zipf 2, searches 1/s",
                "searches 2/s",
                "none"
            })
    void workloads_are_written_as_they_are_read(String text) {
        assertThat(Workload.parse(text)).hasToString(text).isEqualTo(Workload.parse(text));
    }

    @Test
    void parts_come_in_any_order_and_what_is_not_there_does_not_happen() {
        assertThat(Workload.parse("republish 1m, stores 60/min, read after 300s, 10 values"))
                .isEqualTo(new Workload(10, 1, 0, 0, Duration.ofMinutes(5), Duration.ofMinutes(1), 0));
        assertThat(Workload.parse("none")).isEqualTo(Workload.NONE).isEqualTo(Workload.parse("searches 0/s"));
        assertThat(Workload.parse("1 value, stores 1/s, reads 10/s zipf 1.1").exponent())
                .isEqualTo(1.1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Not understood, or there twice: ''; the parts are 1000 values, stores 20/s,",
                "fun 3/s|Not understood, or there twice: 'fun 3/s';",
                "many values, stores 1/s|Not understood, or there twice: 'many values';",
                "searches 1/s, searches 2/s|Not understood, or there twice: 'searches 2/s';",
                "searches 1/s none|Not understood, or there twice: 'searches 1/s none';",
                "searches 2|Not a rate: '2';",
                "1 values, stores 1/s, read after 5|Not a duration: '5';",
                "1 values, stores 1/s, reads 1/s zipf x|Not a number: 'x';",
                "1000001 values, stores 1/s|The number of values is 0 to 1000000, not 1000001.0",
                "1 values, stores 1000001/s|The rate of stores per second is 0 to 1000000, not 1000001.0",
                "1 values, stores 1/s, reads 9999999/s|The rate of reads per second is 0 to 1000000, not 9999999.0",
                "searches 9999999/s|The rate of searches per second is 0 to 1000000, not 9999999.0",
                "1 values, stores 1/s, reads 1/s zipf 11|The exponent of reads is 0 to 10, not 11.0",
                "1 values, stores 1/s, read after 366d|The time from a store to its read is 0s to 365d, not PT8784H",
                "1 values, stores 1/s, republish 366d|The time until values are stored again is 0s to 365d, not PT8784H",
                "7 values|7 values need a rate of stores, as in stores 20/s",
                "stores 1/s|Stores and reads need values, as in 1000 values",
                "reads 1/s|Stores and reads need values, as in 1000 values",
                "read after 1s|Stores and reads need values, as in 1000 values",
                "republish 1s|Stores and reads need values, as in 1000 values"
            })
    void text_that_is_no_workload_is_refused_with_what_is_wrong(String text, String message) {
        assertThatThrownBy(() -> Workload.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}

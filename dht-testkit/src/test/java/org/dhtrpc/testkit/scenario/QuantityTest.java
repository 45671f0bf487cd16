package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "1ns, PT0.000000001S, 1ns",
        "1500ns, PT0.0000015S, 1500ns",
        "7us, PT0.000007S, 7us",
        "500ms, PT0.5S, 500ms",
        "1.5s, PT1.5S, 1500ms",
        "1000ms, PT1S, 1s",
        "10s, PT10S, 10s",
        "90s, PT1M30S, 90s",
        "5m, PT5M, 5m",
        "2h, PT2H, 2h",
        "24h, PT24H, 1d",
        "365d, PT8760H, 365d",
        "0h, PT0S, 0s"
    })
    void durations_are_read_and_written_in_the_largest_unit(String text, Duration duration, String written) {
        assertThat(Quantity.duration(text)).isEqualTo(duration);
        assertThat(Quantity.text(duration)).isEqualTo(written);
        assertThat(Quantity.duration(written)).isEqualTo(duration);
    }

    @Test
    void durations_without_end_are_cut() {
        assertThat(Quantity.duration("99999999999999999999d")).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "5 m", "-5m", "5M", "5min", ".5m", "5.m", "1e3s", "5m5s", "٥m"})
    void what_is_no_duration_is_refused_with_the_units(String text) {
        assertThatThrownBy(() -> Quantity.duration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a duration: '" + text + "'; the units are d, h, m, s, ms, us and ns, as in 1.5s");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "40, 40",
        "1000000, 1000000",
        "0.1, 0.1",
        "0.30000000000000004, 0.30000000000000004",
        "2.0E-3, 0.002",
        "1.0E-7, 0.0000001",
        "2.0E22, 20000000000000000000000"
    })
    void numbers_are_written_without_exponents(double number, String text) {
        assertThat(Quantity.text(number)).isEqualTo(text);
        assertThat(Quantity.number(text)).isEqualTo(number);
    }

    @Test
    void small_numbers_are_long() {
        String text = "0." + "0".repeat(307) + "22250738585072014";
        assertThat(Quantity.text(Double.MIN_NORMAL)).isEqualTo(text);
        assertThat(Quantity.number(text)).isEqualTo(Double.MIN_NORMAL);
    }

    @Test
    void every_number_is_read_as_it_was_written() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            double number = random.nextDouble() * StrictMath.pow(10, random.nextInt(-9, 9));
            assertThat(Quantity.number(Quantity.text(number))).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "+1", "1e3", "0x1p3", "NaN", "1.", ".1", "1,5", " 1", "1f"})
    void what_is_no_number_is_refused(String text) {
        assertThatThrownBy(() -> Quantity.number(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a number: '" + text + "'; they are written as 3 or 0.25");
    }

    @Test
    void rates_are_read_per_second_or_minute() {
        assertThat(Quantity.perSecond("20/s")).isEqualTo(20);
        assertThat(Quantity.perSecond("0.5/s")).isEqualTo(0.5);
        assertThat(Quantity.perSecond("90/min")).isEqualTo(1.5);
        assertThat(Quantity.perSecond("1800/h")).isEqualTo(0.5);
        assertThat(Quantity.perMinute("0.1/min")).isEqualTo(0.1);
        assertThat(Quantity.perMinute("2/s")).isEqualTo(120);
        assertThat(Quantity.perMinute("90/h")).isEqualTo(1.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "20/", "20/m", "20/ms", "-1/s", "/s", "20 /s", "20/s/s"})
    void what_is_no_rate_is_refused_with_the_forms(String text) {
        assertThatThrownBy(() -> Quantity.perSecond(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a rate: '" + text + "'; the forms are 20/s, 40/min and 5/h");
    }

    @Test
    void what_is_out_of_range_is_named_with_the_range() {
        assertThat(Quantity.checked("This", 0.5, 0.5, 1)).isEqualTo(0.5);
        assertThatThrownBy(() -> Quantity.checked("This", 1.5, 0, 1)).hasMessage("This is 0 to 1, not 1.5");
        assertThatThrownBy(() -> Quantity.checked("This", Double.NaN, 0, 1)).hasMessage("This is 0 to 1, not NaN");
        assertThatThrownBy(() -> Quantity.checked("This", Quantity.number("9".repeat(400)), 0, 1))
                .hasMessage("This is 0 to 1, not Infinity");
    }
}

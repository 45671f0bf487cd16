package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Offset<Double> MICRO = within(1e-6);

    @TempDir
    Path folder;

    private static double draw(Sessions sessions, double number) {
        return sessions.draw(Dice.showing(number)).toNanos() / 1e9;
    }

    private static double rest(Sessions sessions, double... numbers) {
        return sessions.rest(Dice.showing(numbers)).toNanos() / 1e9;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "constant:5m",
                "exponential:90s",
                "weibull:5m,0.5",
                "weibull:1ms,10",
                "pareto:1m,1.5",
                "pareto:365d,0.1"
            })
    void sessions_are_written_as_they_are_read(String text) {
        assertThat(Sessions.parse(text)).hasToString(text).isEqualTo(Sessions.parse(text));
    }

    @Test
    void sessions_are_equal_if_they_are_written_alike() {
        assertThat(Sessions.parse("weibull:300s,0.50")).isEqualTo(Sessions.weibull(Duration.ofMinutes(5), 0.5));
        assertThat(Sessions.exponential(MILLI)).isNotEqualTo(Sessions.constant(MILLI));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5m",
                "constant",
                "constant:1m,2m",
                "weibull:5m",
                "pareto:1m,1,1",
                "trace:",
                "Constant:5m",
                "exponential:5m,1"
            })
    void text_that_is_no_sessions_is_refused_with_the_forms(String text) {
        assertThatThrownBy(() -> Sessions.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Not sessions: '" + text + "'; the forms are constant:5m, exponential:5m (mean),");
    }

    @Test
    void values_that_are_out_of_range_are_named() {
        assertThatThrownBy(() -> Sessions.parse("constant:999us"))
                .hasMessageEndingWith("is 1ms to 365d, not PT0.000999S");
        assertThatThrownBy(() -> Sessions.parse("exponential:366d")).hasMessageContaining("365d, not PT8784H");
        assertThatThrownBy(() -> Sessions.parse("exponential:x")).hasMessageStartingWith("Not a duration: 'x'");
        assertThatThrownBy(() -> Sessions.parse("weibull:0s,1")).hasMessageStartingWith("The median of Weibull");
        assertThatThrownBy(() -> Sessions.parse("weibull:5m,0.1"))
                .hasMessage("The shape of Weibull sessions is 0.2 to 10, not 0.1");
        assertThatThrownBy(() -> Sessions.parse("pareto:0s,1")).hasMessageStartingWith("The shortest of Pareto");
        assertThatThrownBy(() -> Sessions.parse("pareto:1m,0"))
                .hasMessage("The alpha of Pareto sessions is 0.1 to 100, not 0.0");
    }

    @Test
    void draws_are_where_the_distribution_says() {
        assertThat(draw(Sessions.parse("constant:5m"), 0.1)).isEqualTo(300);
        assertThat(draw(Sessions.parse("exponential:100s"), 1 - 1 / Math.E)).isCloseTo(100, MICRO);
        assertThat(draw(Sessions.parse("exponential:100s"), 0.5)).isCloseTo(100 * Math.log(2), MICRO);
        assertThat(draw(Sessions.parse("weibull:100s,0.5"), 0.5)).isCloseTo(100, MICRO);
        // Four times the hazard at the median, to the power of 1 / shape.
        assertThat(draw(Sessions.parse("weibull:100s,0.5"), 0.9375)).isCloseTo(1_600, MICRO);
        assertThat(draw(Sessions.parse("weibull:100s,2"), 0.9375)).isCloseTo(200, MICRO);
        assertThat(draw(Sessions.parse("pareto:60s,2"), 0.75)).isCloseTo(120, MICRO);
        assertThat(draw(Sessions.parse("pareto:60s,1.5"), 0)).isEqualTo(60);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"exponential:1ms", "weibull:1ms,0.2", "exponential:365d", "weibull:365d,0.2", "pareto:365d,0.1"})
    void nothing_is_shorter_than_a_millisecond_or_longer_than_a_year(String text) {
        Sessions sessions = Sessions.parse(text);
        Dice dice = Dice.seeded(1);
        for (int i = 0; i < 500; i++) {
            assertThat(sessions.draw(dice)).isBetween(MILLI, YEAR);
            assertThat(sessions.rest(dice)).isBetween(MILLI, YEAR);
        }
        assertThat(sessions.draw(Dice.showing(0))).isBetween(MILLI, YEAR);
        assertThat(sessions.draw(Dice.showing(Math.nextDown(1.0)))).isBetween(MILLI, YEAR);
    }

    @Test
    void rests_are_where_the_distribution_says() {
        assertThat(rest(Sessions.parse("constant:100s"), 0.25)).isEqualTo(25);
        assertThat(rest(Sessions.parse("exponential:100s"), 0.5)).isCloseTo(100 * Math.log(2), MICRO);
        // Of a mean of alpha / (alpha - 1) minima, the first minimum is reached by all.
        assertThat(rest(Sessions.parse("pareto:60s,2"), 0.25)).isCloseTo(30, within(1e-3));
        assertThat(rest(Sessions.parse("pareto:60s,2"), 0.75)).isCloseTo(120, within(1e-2));
    }

    @ParameterizedTest
    @CsvSource({
        "'exponential:5m', 657069843053314739, 2313194014874713929",
        "'weibull:5m,0.5', -8208946066328003559, -2181998836999729341",
        "'pareto:1m,1.5', -5347831908157001898, 9212740284126968339"
    })
    void every_jdk_draws_the_same_to_the_nanosecond(String text, long draws, long rests) {
        Sessions sessions = Sessions.parse(text);
        Dice dice = Dice.seeded(9);
        long drawn = 0;
        long rested = 0;
        for (int i = 0; i < 1_000; i++) {
            drawn = 31 * drawn + sessions.draw(dice).toNanos();
            rested = 31 * rested + sessions.rest(dice).toNanos();
        }
        assertThat(List.of(drawn, rested)).containsExactly(draws, rests);
    }

    private Sessions trace(String text) throws IOException {
        return Sessions.trace(Files.writeString(folder.resolve("sessions"), text));
    }

    @Test
    void a_trace_is_drawn_from_at_random_and_found_by_length() throws IOException {
        Sessions sessions = trace("# measured\n10s\n\n 30s \n60s\n");
        assertThat(sessions).hasToString("trace:" + folder.resolve("sessions"));
        assertThat(Sessions.parse(sessions.toString())).isEqualTo(sessions).hasSameHashCodeAs(sessions);
        assertThat(List.of(draw(sessions, 0), draw(sessions, 0.34), draw(sessions, 0.99)))
                .containsExactly(10.0, 30.0, 60.0);
        assertThat(List.of(rest(sessions, 0), rest(sessions, 0.05), rest(sessions, 0.1), rest(sessions, 0.5)))
                .containsExactly(10.0, 5.0, 30.0, 50.0);
        assertThat(trace("10s\n30s\n61s")).isNotEqualTo(sessions);
    }

    @Test
    void what_is_wrong_with_a_trace_is_named_with_its_line() {
        assertThatThrownBy(() -> trace("1s\nx\n")).hasMessageContaining("sessions, line 2: Not a duration: 'x'");
        assertThatThrownBy(() -> trace("# 1\n400d\n"))
                .hasMessageContaining("line 2: A session is 1ms to 365d, not PT9600H");
        assertThatThrownBy(() -> trace("#\n\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("holds no durations");
        assertThatThrownBy(() -> Sessions.parse("trace:" + folder.resolve("missing")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> Sessions.trace(Path.of("my file")))
                .hasMessage("The path of a trace has no white space and no commas, not 'my file'");
    }
}

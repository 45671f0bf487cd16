package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChurnTest {
    private static final Sessions MINUTE = Sessions.constant(Duration.ofMinutes(1));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arrivals 40/min, sessions weibull:5m,0.5, crashing 0.9, returning 0.3 after exponential:1m with state",
                "arrivals 40/min, sessions weibull:5m,0.5, crashing 0, returning 1 after pareto:1m,1.5",
                "arrivals 0.1/min, sessions exponential:5m, returning 0.3 after constant:1m",
                "arrivals 0/min, sessions exponential:5m, returning 0 after constant:1m with state",
                "arrivals 1/min, sessions constant:5m"
            })
    void churn_is_written_as_it_is_read(String text) {
        assertThat(Churn.parse(text)).hasToString(text).isEqualTo(Churn.parse(text));
    }

    @Test
    void all_crash_and_nobody_returns_where_nothing_is_said_of_them() {
        assertThat(Churn.parse("arrivals 40/min, sessions constant:5m"))
                .isEqualTo(new Churn(40, Sessions.constant(Duration.ofMinutes(5)), 1, 0, MINUTE, false));
        assertThat(Churn.parse(" sessions constant:5m,\n returning 0.5 after constant:2m, arrivals  2/s "))
                .isEqualTo(new Churn(
                        120,
                        Sessions.constant(Duration.ofMinutes(5)),
                        1,
                        0.5,
                        Sessions.constant(Duration.ofMinutes(2)),
                        false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|No arrivals in '';",
                "sessions constant:5m|No arrivals in 'sessions constant:5m';",
                "arrivals 4/min|No sessions in 'arrivals 4/min';",
                "arrivals 4/min, sessions constant:5m, fun 3|Not understood, or there twice: 'fun 3';",
                "arrivals 4/min, sessions constant:5m,|Not sessions: 'constant:5m,';",
                "arrivals 4/min, arrivals 5/min, sessions constant:5m|Not understood, or there twice: 'arrivals 5/min';",
                "arrivals 4/min, sessions constant:5m, returning 0.3|Not understood, or there twice: 'returning 0.3';",
                "arrivals 4, sessions constant:5m|Not a rate: '4';",
                "arrivals 4/min, sessions 5m|Not sessions: '5m';",
                "arrivals 4/min, sessions constant:5m, crashing all|Not a number: 'all';",
                "arrivals 4/min, sessions constant:5m, crashing 1.1|The share of those that crash is 0 to 1, not 1.1",
                "arrivals 4/min, sessions constant:5m, returning 2 after constant:1m|The share of those that return is 0 to 1",
                "arrivals 20000/s, sessions constant:5m|The number of arrivals per minute is 0 to 1000000, not 1200000.0"
            })
    void text_that_is_no_churn_is_refused_with_what_is_wrong(String text, String message) {
        assertThatThrownBy(() -> Churn.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void replacing_keeps_a_network_as_large_as_it_is() {
        assertThat(Churn.replacing(0.1, 400)).hasToString("arrivals 40/min, sessions exponential:10m");
        assertThat(Churn.replacing(0.07, 1)).hasToString("arrivals 0.07/min, sessions exponential:857143ms");
        assertThatThrownBy(() -> Churn.replacing(0, 10)).hasMessageEndingWith("is more than 0, not 0.0");
        assertThatThrownBy(() -> Churn.replacing(Double.NaN, 10)).hasMessageEndingWith("not NaN");
        assertThatThrownBy(() -> Churn.replacing(0.1, 0)).hasMessageEndingWith("not 0");
        assertThatThrownBy(() -> Churn.replacing(1e9, 1)).hasMessageEndingWith("is 1ms to 365d, not PT0S");
        assertThatThrownBy(() -> Churn.replacing(1e-300, 1)).hasMessageContaining("is 1ms to 365d, not PT");
    }

    @Test
    void strangers_arrive_by_chance() {
        Churn churn = Churn.replacing(0.1, 400);
        assertThat(churn.nextArrival(Dice.showing(0.5)).toNanos()).isEqualTo((long) (1.5e9 * Math.log(2)));
        assertThat(churn.nextArrival(Dice.showing(0))).isEqualTo(Duration.ofNanos(1));
        Dice dice = Dice.seeded(4);
        int minutes = 2_000;
        double variance = 0;
        Duration now = Duration.ZERO;
        for (int minute = 1; minute <= minutes; minute++) {
            int arrivals = 0;
            while (now.compareTo(Duration.ofMinutes(minute)) < 0) {
                now = now.plus(churn.nextArrival(dice));
                arrivals++;
            }
            variance += Math.pow(arrivals - 40, 2) / minutes;
        }
        // As many as the mean, in a Poisson process. The standard deviation of this figure is 40 * sqrt(2 / minutes).
        assertThat(variance).isCloseTo(40, within(5 * 40 * Math.sqrt(2.0 / minutes)));
    }

    @Test
    void where_nobody_comes_the_next_one_comes_in_a_hundred_years() {
        Churn churn = Churn.parse("arrivals 0/min, sessions constant:5m");
        assertThat(churn.nextArrival(Dice.seeded(1))).isEqualTo(Duration.ofDays(36_500));
    }

    /** A network of arrivals × mean nodes, whose first ones stay for the rest of a session, neither grows nor shrinks. */
    @ParameterizedTest
    @ValueSource(strings = {"constant:5m", "exponential:5m", "weibull:150s,0.5", "pareto:100s,1.5"})
    void the_number_of_nodes_is_steady_from_the_beginning(String text) {
        Churn churn = Churn.parse("arrivals 6000/min, sessions " + text);
        // The median of a Weibull distribution with a shape of 0.5 is ln(2)^2 / 2 of its mean.
        double mean = text.startsWith("weibull") ? 150 * 2 / Math.pow(Math.log(2), 2) : 300;
        Dice dice = Dice.seeded(5);
        List<Double> born = new ArrayList<>();
        List<Double> gone = new ArrayList<>();
        for (int i = 0; i < 100 * mean; i++) {
            born.add(0.0);
            gone.add(seconds(churn.sessions().rest(dice)));
        }
        for (double now = 0; now < 600; now += seconds(churn.nextArrival(dice))) {
            born.add(now);
            gone.add(now + seconds(churn.sessions().draw(dice)));
        }
        for (int now = 10; now < 600; now += 10) {
            int there = 0;
            for (int i = 0; i < born.size(); i++) {
                there += born.get(i) <= now && gone.get(i) > now ? 1 : 0;
            }
            assertThat((double) there).as("after %d s", now).isCloseTo(100 * mean, within(5 * Math.sqrt(100 * mean)));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}

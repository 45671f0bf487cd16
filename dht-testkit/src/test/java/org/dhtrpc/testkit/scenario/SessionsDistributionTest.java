package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draws and rests of many seeds, against the distributions' formulas. */
class SessionsDistributionTest {
    private static final int DRAWS = 40_000;
    private static final double YEAR = 365 * 86_400;

    /** Five times the standard deviation of a share among so many draws. */
    private static final double TOLERANCE = 5 * 0.5 / Math.sqrt(DRAWS);

    /** The share of sessions longer than so many seconds; those that take a year were cut. */
    private static DoubleUnaryOperator survival(String text) {
        String[] values = text.substring(text.indexOf(':') + 1).split(",", -1);
        double seconds = Quantity.duration(values[0]).toSeconds();
        double shape = values.length == 1 ? 0 : Quantity.number(values[1]);
        return switch (text.substring(0, text.indexOf(':'))) {
            case "constant" -> x -> x < seconds ? 1 : 0;
            case "exponential" -> x -> Math.exp(-x / seconds);
            case "weibull" -> x -> Math.pow(2, -Math.pow(x / seconds, shape));
            default -> x -> x < seconds ? 1 : Math.pow(seconds / x, shape);
        };
    }

    private static double[] sorted(ToDoubleFunction<Dice> seconds) {
        double[] drawn = new double[DRAWS];
        Dice dice = Dice.seeded(7);
        Arrays.setAll(drawn, i -> seconds.applyAsDouble(dice));
        Arrays.sort(drawn);
        return drawn;
    }

    private static double shareAbove(double[] sorted, double x) {
        int place = Arrays.binarySearch(sorted, x);
        return 1 - (place < 0 ? -place - 1 : place) / (double) sorted.length;
    }

    /** The area below a falling function, in steps that grow with x. */
    private static double area(DoubleUnaryOperator function, double from, double to) {
        double sum = 0;
        double step = 1e-4;
        for (double x = from; x < to; x += step) {
            step = Math.min(Math.max(1e-3, x * 1e-4), to - x);
            sum += step * function.applyAsDouble(x + step / 2);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "constant:5m",
                "exponential:5m",
                "exponential:300d",
                "weibull:5m,0.5",
                "weibull:5m,3",
                "weibull:100d,0.3",
                "pareto:1m,1.5",
                "pareto:1m,3",
                "pareto:1m,1",
                "pareto:1h,0.7"
            })
    void draws_and_rests_are_distributed_as_they_should(String text) {
        Sessions sessions = Sessions.parse(text);
        DoubleUnaryOperator survival = survival(text);
        double[] draws = sorted(dice -> sessions.draw(dice).toNanos() / 1e9);
        double[] rests = sorted(dice -> sessions.rest(dice).toNanos() / 1e9);
        double below = 0;
        double whole = area(survival, 0, YEAR);
        double last = 0;
        for (double percent = 2; percent < 100; percent += 14) {
            double x = rests[(int) (percent / 100 * DRAWS)];
            below += area(survival, last, x) / whole;
            last = x;
            assertThat(below).as("rests up to %s s", x).isCloseTo(percent / 100, within(TOLERANCE));
            assertThat(shareAbove(draws, x))
                    .as("draws above %s s", x)
                    .isCloseTo(survival.applyAsDouble(x), within(TOLERANCE));
        }
    }

    /** The definition of a rest: sessions one after the other, and somebody who looks at any time. */
    @ParameterizedTest
    @ValueSource(strings = {"constant:5m", "exponential:5m", "weibull:5m,0.6", "pareto:1m,2.5"})
    void rests_are_those_of_sessions_that_are_found_under_way(String text) {
        Sessions sessions = Sessions.parse(text);
        Dice dice = Dice.seeded(8);
        double[] ends = new double[400_000];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + sessions.draw(dice).toNanos() / 1e9;
        }
        double[] found = sorted(any -> {
            double now = any.nextDouble() * ends[ends.length - 1];
            int next = Arrays.binarySearch(ends, now);
            return ends[next < 0 ? -next - 1 : next] - now;
        });
        double[] rests = sorted(any -> sessions.rest(any).toNanos() / 1e9);
        for (int i = DRAWS / 20; i < DRAWS; i += DRAWS / 20) {
            assertThat(shareAbove(found, rests[i])).isCloseTo(1 - i / (double) DRAWS, within(3 * TOLERANCE));
        }
    }
}

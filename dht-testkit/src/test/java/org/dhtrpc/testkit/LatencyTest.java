package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyTest {
    private static final long WORLD = 77;
    private static final long MILLI = 1_000_000;
    private static final Percentage THREE_PERCENT = Percentage.withPercentage(3);

    private final RandomStream random = new RandomStream(5);

    @TempDir
    Path folder;

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** Round trips between hosts chosen at random, in milliseconds, sorted. */
    private double[] roundTrips(Latency latency) {
        double[] roundTrips = new double[100_000];
        for (int i = 0; i < roundTrips.length; i++) {
            int here = 1 + random.nextInt(1_000_000);
            int there = 1 + random.nextInt(1_000_000);
            long nanos = latency.nanos(WORLD, here, there, random) + latency.nanos(WORLD, there, here, random);
            roundTrips[i] = nanos / (double) MILLI;
        }
        Arrays.sort(roundTrips);
        return roundTrips;
    }

    @Test
    void the_round_trips_of_wan_are_those_of_the_internet() {
        double[] sorted = roundTrips(Latency.wan());
        assertThat(sorted[50_000]).isCloseTo(109, THREE_PERCENT);
        assertThat(sorted[90_000]).isCloseTo(172, THREE_PERCENT);
        assertThat(sorted[99_000]).isCloseTo(213, THREE_PERCENT);
    }

    @Test
    void log_normal_delays_have_the_median_and_the_tail_that_were_asked_for() {
        Latency latency = Latency.logNormal(millis(50), millis(400));
        long[] delays = new long[100_000];
        Arrays.setAll(delays, i -> latency.nanos(WORLD, 1, 2, random));
        Arrays.sort(delays);
        assertThat(delays[50_000]).isCloseTo(50 * MILLI, THREE_PERCENT);
        assertThat(delays[99_000]).isCloseTo(400 * MILLI, THREE_PERCENT);
        // By symmetry of the logarithm.
        assertThat(delays[1_000]).isCloseTo(50 * MILLI * 50 / 400, THREE_PERCENT);
        assertThat(delays[99_999]).isGreaterThan(600 * MILLI);
    }

    @Test
    void no_log_normal_delay_is_longer_than_a_minute() {
        Latency latency = Latency.logNormal(millis(1), Duration.ofSeconds(60));
        for (int i = 0; i < 10_000; i++) {
            assertThat(latency.nanos(WORLD, 1, 2, random))
                    .isBetween(0L, Duration.ofMinutes(1).toNanos());
        }
    }

    @Test
    void a_place_belongs_to_a_host_and_a_seed() {
        Latency latency = Latency.coordinates(millis(100), millis(4), 0);
        long there = latency.nanos(WORLD, 3, 9, random);
        assertThat(latency.nanos(WORLD, 3, 9, random)).isEqualTo(there);
        assertThat(latency.nanos(WORLD, 9, 3, random)).isEqualTo(there);
        assertThat(latency.nanos(WORLD, 3, 10, random)).isNotEqualTo(there);
        assertThat(latency.nanos(WORLD + 1, 3, 9, random)).isNotEqualTo(there);
        assertThat(latency.nanos(WORLD, 3, 3, random))
                .as("both lines, no distance")
                .isBetween(1L, 8 * MILLI)
                .isNotEqualTo(latency.nanos(WORLD, 4, 4, random));
    }

    @Test
    void jitter_makes_a_datagram_later_by_no_more_than_its_share() {
        long shortest = Latency.coordinates(millis(100), millis(4), 0).nanos(WORLD, 3, 9, random);
        Latency latency = Latency.coordinates(millis(100), millis(4), 0.1);
        long[] delays = new long[1_000];
        Arrays.setAll(delays, i -> latency.nanos(WORLD, 3, 9, random));
        Arrays.sort(delays);
        assertThat(delays[0]).isBetween(shortest, (long) (shortest * 1.001));
        assertThat(delays[999]).isBetween((long) (shortest * 1.099), (long) (shortest * 1.1));
    }

    @Test
    void regions_have_hosts_by_their_weights_and_delays_by_their_table() {
        RegionalLatency latency = (RegionalLatency) Latency.regions(List.of(
                new Latency.Region("big", 3, List.of(millis(1), millis(20))),
                new Latency.Region("small", 1, List.of(millis(30), millis(4)))));
        int[] hosts = new int[2];
        for (int host = 1; host <= 100_000; host++) {
            hosts[latency.region(WORLD, host)]++;
        }
        assertThat(hosts[0]).isCloseTo(75_000, within(500));
        int big = 1;
        while (latency.region(WORLD, big) != 0) {
            big++;
        }
        int small = 1;
        while (latency.region(WORLD, small) != 1) {
            small++;
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(latency.nanos(WORLD, big, small, random)).isBetween(20 * MILLI, 24 * MILLI);
            assertThat(latency.nanos(WORLD, small, big, random)).isBetween(30 * MILLI, 36 * MILLI);
            assertThat(latency.nanos(WORLD, small, small, random)).isBetween(4 * MILLI, 5 * MILLI);
        }
    }

    @Test
    void the_world_of_regions_is_about_as_wide_as_ours() {
        double[] sorted = roundTrips(Latency.regions());
        assertThat(sorted[50_000]).isBetween(60.0, 180.0);
        assertThat(sorted[99_000]).isBetween(200.0, 360.0);
    }

    @Test
    void regions_that_do_not_fit_together_are_refused() {
        assertThatThrownBy(() -> Latency.regions(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is at least one region");
        assertThatThrownBy(() -> Latency.regions(List.of(new Latency.Region("a", 1, List.of(millis(1), millis(2))))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Region a has a delay to each of the 1 regions, not 2");
        assertThatThrownBy(() -> new Latency.Region("a", 0, List.of()))
                .hasMessage("The weight of region a is above 0, not 0.0");
        assertThatThrownBy(() -> new Latency.Region("a", 1, List.of(millis(60_001))))
                .hasMessageContaining("at most PT1M");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rtt.txt"), text);
    }

    @Test
    void a_matrix_gives_each_host_a_row_and_half_of_the_round_trip() throws IOException {
        Latency latency = Latency.matrix(file("# round trips\n0 10 20\n10, 0, 40\n\n30;40;50\n"));
        for (int i = 0; i < 1_000; i++) {
            assertThat(latency.nanos(WORLD, 3, 1, random)).isBetween(5 * MILLI, 5 * MILLI + MILLI / 4);
            assertThat(latency.nanos(WORLD, 3, 5, random)).isBetween(10 * MILLI, 10 * MILLI + MILLI / 2);
            assertThat(latency.nanos(WORLD, 5, 3, random)).isBetween(15 * MILLI, 16 * MILLI);
            assertThat(latency.nanos(WORLD, 3, 6, random)).as("nearest other").isBetween(5 * MILLI, 6 * MILLI);
            assertThat(latency.nanos(WORLD, 2, 5, random)).as("diagonal").isBetween(25 * MILLI, 27 * MILLI);
        }
    }

    @Test
    void what_is_wrong_with_a_matrix_is_named_with_its_line() throws IOException {
        assertMatrixRefused("0 1\n1 x\n", "line 2, value 2: a round trip is 0 to 120000 milliseconds, not 'x'");
        assertMatrixRefused("0 1\n-1 0\n", "line 2, value 1: a round trip is 0 to 120000 milliseconds, not '-1'");
        assertMatrixRefused("0 NaN\n1 0\n", "line 1, value 2: a round trip is 0 to 120000 milliseconds, not 'NaN'");
        assertMatrixRefused("0,,1\n", "line 1, value 2: a round trip is 0 to 120000 milliseconds, not ''");
        assertMatrixRefused("# three?\n0 1 2\n1 0 3\n", "line 2: 3 values, but the matrix has 2 rows");
        assertMatrixRefused("# nothing\n", "holds no round trips");
        assertThatThrownBy(() -> Latency.matrix(folder.resolve("missing")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing");
    }

    private void assertMatrixRefused(String text, String message) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> Latency.matrix(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_latency_is_written_as_it_is_read() throws IOException {
        for (String text : List.of(
                "constant:20ms",
                "constant:0ms",
                "uniform:10ms-50ms",
                "uniform:1us-1500ns",
                "lognormal:50ms,2s",
                "coordinates:89ms,8ms,0.04",
                "matrix:" + file("1"),
                "regions",
                "wan")) {
            assertThat(Latency.parse(text)).hasToString(text);
        }
        assertThat(Latency.parse("constant:1.5s")).hasToString("constant:1500ms");
        assertThat(Latency.wan().nanos(WORLD, 1, 2, new RandomStream(1)))
                .isEqualTo(Latency.parse("coordinates:89ms,8ms,0.04").nanos(WORLD, 1, 2, new RandomStream(1)));
    }

    @Test
    void text_that_is_no_latency_is_refused_with_the_forms() {
        for (String text : List.of(
                "",
                "wan:",
                "fast",
                "constant",
                "constant:20",
                "constant:-1ms",
                "uniform:10ms",
                "uniform:1ms,2ms",
                "lognormal:1ms",
                "coordinates:1ms,1ms",
                "coordinates:1ms,1ms,x",
                "matrix",
                "matrix:")) {
            assertThatThrownBy(() -> Latency.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "Not a latency: '" + text + "'; the forms are constant:20ms, uniform:10ms-50ms");
        }
        assertThatThrownBy(() -> Latency.parse("uniform:50ms-10ms")).hasMessageContaining("not PT0.05S to PT0.01S");
        assertThatThrownBy(() -> Latency.parse("lognormal:0ms,10ms")).hasMessageContaining("a median above 0");
        assertThatThrownBy(() -> Latency.parse("coordinates:1ms,1ms,11")).hasMessageContaining("not 11.0");
        assertThatThrownBy(() -> Latency.parse("coordinates:0ms,0ms,1")).hasMessageContaining("access above 0");
        assertThatThrownBy(() -> Latency.parse("constant:9999999999s")).hasMessageContaining("at most PT1M");
    }
}

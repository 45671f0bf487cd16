package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    private final RoundTrips roundTrips = new RoundTrips();

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void before_anything_is_learnt_both_times_are_300_ms() {
        assertThat(roundTrips.stall()).isEqualTo(millis(300));
        assertThat(roundTrips.waitAfter(1, true)).isEqualTo(millis(300));
    }

    @Test
    void a_fast_network_never_makes_repeats_faster_than_their_floor() {
        for (int i = 0; i < 100; i++) {
            roundTrips.answered(true, true, 1_000);
        }
        assertThat(roundTrips.waitAfter(1, true))
                .isGreaterThanOrEqualTo(millis(20))
                .isEqualTo(RoundTrips.SHORTEST_REPEAT);
        assertThat(roundTrips.stall()).isEqualTo(RoundTrips.SHORTEST_STALL);
    }

    @Test
    void steady_round_trips_are_learnt() {
        for (int i = 0; i < 200; i++) {
            roundTrips.answered(true, true, millis(200));
        }
        assertThat(roundTrips.waitAfter(1, true)).isBetween(millis(200), millis(210));
        assertThat(roundTrips.stall()).isBetween(millis(200), roundTrips.waitAfter(1, true));
    }

    @Test
    void what_varies_is_waited_for_longer_than_its_mean() {
        for (int i = 0; i < 200; i++) {
            roundTrips.answered(true, true, millis(i % 2 == 0 ? 100 : 300));
        }
        assertThat(roundTrips.waitAfter(1, true)).isGreaterThan(millis(400));
        assertThat(roundTrips.waitAfter(3, true))
                .as("no longer than the slowest take, and an eighth")
                .isEqualTo(millis(300) * 9 / 8);
        assertThat(roundTrips.stall()).isBetween(millis(300), roundTrips.waitAfter(1, true));
    }

    @Test
    void a_very_slow_network_does_not_make_it_wait_for_ever() {
        roundTrips.answered(true, true, millis(60_000));
        assertThat(roundTrips.waitAfter(1, true)).isEqualTo(RoundTrips.LONGEST);
        assertThat(roundTrips.stall()).isEqualTo(RoundTrips.LONGEST);
    }

    @Test
    void whatever_it_is_fed_a_request_stalls_before_it_is_repeated_and_both_are_bounded() {
        Seeded.rounds(50, random -> {
            RoundTrips fed = new RoundTrips();
            long scale = 1L << random.nextInt(45);
            for (int i = 0; i < 200; i++) {
                fed.answered(true, true, random.nextLong(random.nextBoolean() ? scale : millis(2_000)));
                assertThat(fed.stall()).isBetween(RoundTrips.SHORTEST_STALL, RoundTrips.LONGEST);
                assertThat(fed.waitAfter(1, true)).isBetween(RoundTrips.SHORTEST_REPEAT, RoundTrips.LONGEST);
                assertThat(fed.stall()).isLessThanOrEqualTo(fed.waitAfter(1, true));
            }
        });
    }
}

package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.dhtrpc.holepunch.Meeting.SECOND;

import java.util.Random;
import java.util.stream.IntStream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.Seeded;
import org.dhtrpc.testkit.contract.Allocation;
import org.junit.jupiter.api.Test;

/** Who was heard lately, and what a flood does to that. */
class SeenTest {
    private final Seen seen = new Seen(new Random(1));

    private static Endpoint honest(int number) {
        return Endpoint.of(new byte[] {8, 8, (byte) (number >>> 8), (byte) number}, 4000);
    }

    private static Endpoint forged(int number) {
        return Endpoint.of(
                new byte[] {(byte) 66, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number},
                1 + number % 60_000);
    }

    private void saw(long now, int count) {
        IntStream.range(0, count).forEach(i -> seen.saw(now, honest(i)));
    }

    private long left(long now, int count) {
        return IntStream.range(0, count)
                .filter(i -> seen.lately(now, honest(i)))
                .count();
    }

    @Test
    void an_endpoint_was_seen_for_a_minute_after_its_last_datagram() {
        seen.saw(0, honest(1));
        assertThat(seen.lately(Seen.MEMORY, honest(1))).isTrue();
        assertThat(seen.lately(Seen.MEMORY + 1, honest(1))).isFalse();

        seen.saw(50 * SECOND, honest(1));
        assertThat(seen.lately(110 * SECOND, honest(1))).isTrue();
        assertThat(seen.lately(111 * SECOND, honest(1))).isFalse();
        assertThat(seen.size()).isEqualTo(1);
    }

    @Test
    void another_port_is_another_endpoint() {
        seen.saw(0, honest(1));

        assertThat(seen.lately(0, Endpoint.parse("8.8.0.1:4001"))).isFalse();
        assertThat(seen.lately(0, honest(2))).isFalse();
    }

    @Test
    void a_clock_below_zero_or_about_to_wrap_makes_no_difference() {
        Seeded.rounds(20, random -> {
            long start = random.nextBoolean() ? Long.MAX_VALUE - 5 * SECOND : random.nextLong();
            Seen some = new Seen(random);
            some.saw(start, honest(1));
            some.saw(start + 20 * SECOND, honest(1));
            assertThat(some.lately(start + 80 * SECOND, honest(1))).isTrue();
            assertThat(some.lately(start + 81 * SECOND, honest(1))).isFalse();
        });
    }

    @Test
    void as_many_as_an_ordinary_node_has_to_do_with_all_find_a_place() {
        saw(0, 1_000);

        assertThat(left(0, 1_000)).isEqualTo(1_000);
    }

    @Test
    void who_is_known_costs_no_memory() {
        assumeThat(Allocation.isMeasured()).isTrue();
        Endpoint[] known = IntStream.range(0, 1_000).mapToObj(SeenTest::honest).toArray(Endpoint[]::new);

        assertThat(Allocation.of(() -> {
                    for (Endpoint endpoint : known) {
                        seen.saw(0, endpoint);
                    }
                }))
                .isLessThan(1_000);
    }

    @Test
    void regulars_outlast_a_flood_of_forged_sources() {
        saw(0, 1_000);
        saw(Seen.PROBATION, 1_000);
        for (int i = 0; i < 100_000; i++) {
            seen.saw(Seen.PROBATION, forged(i));
        }

        assertThat(left(Seen.PROBATION, 1_000)).isEqualTo(1_000);
        assertThat(seen.size()).isEqualTo(Seen.MOST);
    }

    @Test
    void regulars_outlast_a_flood_that_makes_regulars_of_its_own() {
        saw(0, 1_000);
        saw(Seen.PROBATION, 1_000);
        for (int round = 1; round <= 10; round++) {
            long now = Seen.PROBATION + 20L * SECOND * round;
            IntStream.range(0, 10_000).forEach(i -> seen.saw(now, forged(i)));
            saw(now, 1_000);
        }

        assertThat(left(Seen.PROBATION + 200 * SECOND, 1_000)).isEqualTo(1_000);
    }

    @Test
    void newcomers_are_known_for_a_moment_even_when_a_flood_has_taken_all_places() {
        for (int round = 0; round < 4; round++) {
            long now = 20L * SECOND * round;
            IntStream.range(0, 10_000).forEach(i -> seen.saw(now, forged(i)));
            IntStream.range(0, 10_000).forEach(i -> seen.saw(now + Seen.PROBATION, forged(i)));
        }
        saw(70 * SECOND, 100);
        IntStream.range(20_000, 20_200).forEach(i -> seen.saw(70 * SECOND, forged(i)));

        assertThat(left(70 * SECOND, 100)).isGreaterThan(80);
    }

    @Test
    void all_ports_of_one_host_push_out_few_newcomers() {
        saw(0, 2_000);
        for (int port = 1; port <= 65_535; port++) {
            seen.saw(1, Endpoint.of(new byte[] {66, 1, 1, 1}, port));
        }

        assertThat(left(1, 2_000)).isBetween(1_850L, 2_000L);
    }

    @Test
    void who_was_not_heard_for_a_minute_is_the_first_to_go() {
        saw(0, 1_000);
        saw(Seen.PROBATION, 1_000);
        long later = Seen.PROBATION + Seen.MEMORY + 1;
        IntStream.range(0, 20_000).forEach(i -> seen.saw(later, forged(i)));

        assertThat(left(later, 1_000)).isZero();
        assertThat(IntStream.range(0, 20_000).filter(i -> seen.lately(later, forged(i))))
                .hasSize(Seen.MOST);
    }
}

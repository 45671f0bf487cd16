package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.holepunch.Meeting.SECOND;

import org.dhtrpc.Endpoint;
import org.junit.jupiter.api.Test;

/** How many there may be of something. */
class RatesTest {
    private static final Endpoint PUBLIC = Endpoint.parse("198.51.100.7:4000");

    private final Rates rates = new Rates(new Rate(10, 5), 4_096);

    private static int taken(Rates limited, long now, Endpoint whose, int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += limited.take(now, whose) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void after_a_burst_as_many_as_the_rate_has_allowed_since() {
        assertThat(taken(rates, 0, PUBLIC, 100)).isEqualTo(5);
        assertThat(taken(rates, SECOND / 10, PUBLIC, 100)).isEqualTo(1);
        assertThat(taken(rates, 3 * SECOND / 10, PUBLIC, 100)).isEqualTo(2);
        assertThat(taken(rates, 60 * SECOND, PUBLIC, 100)).isEqualTo(5);
    }

    @Test
    void in_the_long_run_no_more_than_the_rate() {
        int taken = 0;
        for (long now = 0; now < 100 * SECOND; now += SECOND / 100) {
            taken += rates.take(now, PUBLIC) ? 1 : 0;
        }
        assertThat(taken).isBetween(1_000, 1_005);
    }

    @Test
    void a_clock_below_zero_or_about_to_wrap_makes_no_difference() {
        for (long start : new long[] {-5 * SECOND, Long.MAX_VALUE - SECOND, Long.MIN_VALUE}) {
            Rates limited = new Rates(new Rate(10, 5), 4_096);
            assertThat(taken(limited, start, PUBLIC, 100)).isEqualTo(5);
            assertThat(taken(limited, start + 2 * SECOND, PUBLIC, 100)).isEqualTo(5);
        }
    }

    @Test
    void the_ports_of_a_host_share_its_rate_and_other_hosts_do_not() {
        assertThat(taken(rates, 0, PUBLIC, 4)).isEqualTo(4);
        assertThat(taken(rates, 0, Endpoint.parse("198.51.100.7:4001"), 4)).isEqualTo(1);
        assertThat(taken(rates, 0, Endpoint.parse("198.51.100.8:4000"), 4)).isEqualTo(4);
    }

    @Test
    void all_of_an_ipv6_network_of_64_bits_share_one() {
        assertThat(taken(rates, 0, Endpoint.parse("[2001:db8::1]:1"), 4)).isEqualTo(4);
        assertThat(taken(rates, 0, Endpoint.parse("[2001:db8::ffff:1]:2"), 4)).isEqualTo(1);
        assertThat(taken(rates, 0, Endpoint.parse("[2001:db8:0:1::1]:1"), 4)).isEqualTo(4);
    }

    @Test
    void on_one_machine_each_endpoint_has_its_own() {
        assertThat(taken(rates, 0, Endpoint.parse("127.0.0.1:1"), 9)).isEqualTo(5);
        assertThat(taken(rates, 0, Endpoint.parse("127.0.0.1:2"), 9)).isEqualTo(5);
    }

    @Test
    void of_a_hundred_thousand_hosts_the_latest_are_remembered() {
        Rates limited = new Rates(new Rate(1, 1), 100);
        for (int i = 0; i < 100_000; i++) {
            Endpoint host = Endpoint.of(new byte[] {66, (byte) (i >>> 16), (byte) (i >>> 8), (byte) i}, 1);
            assertThat(limited.take(0, host)).isTrue();
            assertThat(limited.take(0, host)).isFalse();
        }
        assertThat(limited.size()).isEqualTo(100);
    }

    @Test
    void full_buckets_are_forgotten() {
        for (int i = 0; i < 50; i++) {
            rates.take(0, Endpoint.of(new byte[] {66, 1, 1, (byte) i}, 1));
        }
        for (int i = 0; i < 50; i++) {
            rates.take(SECOND, PUBLIC);
        }
        assertThat(rates.size()).isEqualTo(1);
    }

    @Test
    void what_is_more_than_a_bucket_holds_is_never_in_it() {
        Rate rate = new Rate(100, 100);

        assertThat(rate.allows(0, 0, 100)).isTrue();
        assertThat(rate.allows(0, 0, 101)).isFalse();
        assertThat(rate.allows(SECOND, rate.after(0, 0, 100), 100)).isTrue();
        assertThat(rate.allows(SECOND / 2, rate.after(0, 0, 100), 51)).isFalse();
        assertThat(rate.allows(SECOND / 2, rate.after(0, 0, 100), 50)).isTrue();
    }
}

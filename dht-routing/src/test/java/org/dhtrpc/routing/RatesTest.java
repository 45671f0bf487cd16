package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many requests an address may make. */
class RatesTest {
    private static final long SECOND = 1_000_000_000;
    private static final Endpoint PUBLIC = Endpoint.parse("198.51.100.7:4000");

    private final Rates rates = new Rates(Rate.of(10, 5));

    private int allowed(Rates limited, long now, Endpoint from, int requests) {
        int allowed = 0;
        for (int i = 0; i < requests; i++) {
            allowed += limited.allows(now, from, false) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void after_a_burst_as_many_as_the_rate_has_allowed_since() {
        assertThat(allowed(rates, 0, PUBLIC, 100)).isEqualTo(5);
        assertThat(allowed(rates, SECOND / 10, PUBLIC, 100)).isEqualTo(1);
        assertThat(allowed(rates, 3 * SECOND / 10, PUBLIC, 100)).isEqualTo(2);
        assertThat(allowed(rates, 60 * SECOND, PUBLIC, 100)).isEqualTo(5);
    }

    @Test
    void in_the_long_run_no_more_than_the_rate() {
        int allowed = 0;
        for (long now = 0; now < 100 * SECOND; now += SECOND / 100) {
            allowed += rates.allows(now, PUBLIC, false) ? 1 : 0;
        }
        assertThat(allowed).isBetween(1_000, 1_005);
    }

    @Test
    void a_clock_below_zero_or_about_to_wrap_makes_no_difference() {
        for (long start : new long[] {-5 * SECOND, Long.MAX_VALUE - SECOND, Long.MIN_VALUE}) {
            Rates limited = new Rates(Rate.of(10, 5));
            assertThat(allowed(limited, start, PUBLIC, 100)).isEqualTo(5);
            assertThat(allowed(limited, start + 2 * SECOND, PUBLIC, 100)).isEqualTo(5);
        }
    }

    @Test
    void the_ports_of_an_address_share_its_rate_and_other_addresses_do_not() {
        assertThat(allowed(rates, 0, PUBLIC, 4)).isEqualTo(4);
        assertThat(allowed(rates, 0, Endpoint.parse("198.51.100.7:4001"), 4)).isEqualTo(1);
        assertThat(allowed(rates, 0, Endpoint.parse("198.51.100.8:4000"), 4)).isEqualTo(4);
    }

    @Test
    void who_forges_an_address_does_not_use_up_what_its_owner_may_ask_with_a_token() {
        assertThat(allowed(rates, 0, PUBLIC, 100)).isEqualTo(5);
        assertThat(rates.allows(0, PUBLIC, true)).isTrue();
        Bench bench = Bench.setup().requestRate(Rate.of(10, 5)).build();
        Bytes token = bench.asked(PUBLIC, new Request(1, null, Bench.HERE, Command.PING, null, null, null))
                .token();
        for (int i = 0; i < 100; i++) {
            bench.receive(PUBLIC, new Request(i, null, Bench.HERE, Command.PING, null, null, null));
        }
        assertThat(bench.ask(PUBLIC, new Request(200, null, Bench.HERE, Command.PING, null, null, null)))
                .isNull();
        assertThat(bench.ask(PUBLIC, new Request(201, null, Bench.HERE, Command.PING, null, token, null)))
                .isNotNull();
    }

    @Test
    void the_addresses_of_an_ipv6_subnet_share_theirs() {
        assertThat(allowed(rates, 0, Endpoint.parse("[2001:db8::1]:1"), 4)).isEqualTo(4);
        assertThat(allowed(rates, 0, Endpoint.parse("[2001:db8::ffff:1]:1"), 4)).isEqualTo(1);
        assertThat(allowed(rates, 0, Endpoint.parse("[2001:db8:0:1::1]:1"), 4)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "10.1.2.3:1", "192.168.7.7:1", "[::1]:1", "[fd00::1]:1", "169.254.1.1:1"})
    void local_addresses_are_limited_only_if_it_is_asked_for(String text) {
        assertThat(allowed(rates, 0, Endpoint.parse(text), 1_000)).isEqualTo(1_000);
        assertThat(allowed(new Rates(Rate.of(10, 5).evenLocally()), 0, Endpoint.parse(text), 1_000))
                .isEqualTo(5);
    }

    @Test
    void unlimited_is_unlimited() {
        assertThat(allowed(new Rates(Rate.UNLIMITED), 0, PUBLIC, 2_000_000)).isEqualTo(2_000_000);
    }

    @Test
    void whoever_has_been_quiet_is_forgotten_and_nobody_makes_the_memory_grow() {
        for (int i = 0; i < 3 * KademliaConfig.MAX_RATED; i++) {
            rates.allows(
                    0, Endpoint.of(new byte[] {(byte) 198, (byte) (i >> 16), (byte) (i >> 8), (byte) i}, 1), false);
            assertThat(rates.size()).isLessThanOrEqualTo(KademliaConfig.MAX_RATED);
        }
        for (int i = 0; i < KademliaConfig.MAX_RATED; i++) {
            rates.allows(SECOND * (i + 1), PUBLIC, false);
        }
        assertThat(rates.size()).isEqualTo(1);
    }

    @Test
    void numbers_out_of_range_are_named() {
        assertThatThrownBy(() -> Rate.of(0, 5)).hasMessageContaining("not 0 and 5");
        assertThatThrownBy(() -> Rate.of(5, 1_000_001)).hasMessageContaining("not 5 and 1000001");
    }

    @Test
    void requests_beyond_the_rate_are_dropped_counted_and_told_and_others_are_answered() {
        Bench bench = Bench.setup().requestRate(Rate.of(10, 5)).build();
        for (int i = 0; i < 8; i++) {
            bench.receive(PUBLIC, new Request(i, null, Bench.HERE, Command.PING, null, null, null));
        }
        assertThat(bench.replies()).hasSize(5);
        assertThat(bench.rejected(Rejection.TOO_MANY_REQUESTS)).isEqualTo(3);
        assertThat(bench.events).containsOnly(new DhtEvent.DatagramRejected(PUBLIC, Rejection.TOO_MANY_REQUESTS));
        Endpoint other = Endpoint.parse("203.0.113.1:4000");
        assertThat(bench.ask(other, new Request(9, null, Bench.HERE, Command.PING, null, null, null)))
                .isNotNull();
        bench.runMillis(100);
        assertThat(bench.ask(PUBLIC, new Request(10, null, Bench.HERE, Command.PING, null, null, null)))
                .isNotNull();
    }

    @Test
    void replies_that_were_asked_for_are_not_limited() {
        Peer busy = new Peer(Peer.key(Bench.ID, 1), PUBLIC);
        Bench bench = Bench.setup().requestRate(Rate.of(1, 1)).build().with(busy);
        for (int i = 0; i < 10; i++) {
            bench.ping(busy);
        }
        bench.runMillis(100);
        assertThat(bench.machine.stats().repliesReceived()).isEqualTo(10);
    }
}

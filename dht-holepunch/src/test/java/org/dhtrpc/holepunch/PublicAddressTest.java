package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.Endpoint;
import org.junit.jupiter.api.Test;

class PublicAddressTest {
    private static final Endpoint US = Endpoint.parse("203.0.113.5:3282");
    private static final Endpoint LIE = Endpoint.parse("198.51.100.66:1");
    private static final long START = -1_000L;

    private final PublicAddress address = new PublicAddress(false);

    /** A host of another network each. */
    private static Endpoint reporter(int network) {
        return Endpoint.of(new byte[] {20, (byte) (network >> 8), (byte) network, 1}, 3282);
    }

    private boolean report(int network, Endpoint seen) {
        return address.report(START, reporter(network), seen);
    }

    @Test
    void what_three_networks_say_is_certain_and_before_it_is_not() {
        assertThat(address.endpoint()).isNull();
        assertThat(report(1, US)).isTrue();
        assertThat(address.endpoint()).isEqualTo(US);
        assertThat(address.certain()).isFalse();
        assertThat(report(2, US)).isFalse();
        assertThat(report(3, US)).isTrue();
        assertThat(address.certain()).isTrue();
        assertThat(report(4, US)).isFalse();
    }

    @Test
    void two_who_differ_say_nothing() {
        report(1, US);
        assertThat(report(2, LIE)).isTrue();
        assertThat(address.endpoint()).isNull();
        assertThat(address.host()).isNull();
    }

    @Test
    void a_liar_has_one_vote_however_many_addresses_his_network_has() {
        report(1, US);
        report(2, US);
        for (int host = 1; host < 250; host++) {
            address.report(START, Endpoint.of(new byte[] {66, 6, 6, (byte) host}, host), LIE);
        }
        assertThat(address.endpoint()).isEqualTo(US);
        assertThat(address.certain()).isFalse();
        report(3, US);
        assertThat(address.certain()).isTrue();
    }

    @Test
    void a_network_of_IPv6_is_a_48() {
        PublicAddress six = new PublicAddress(false);
        Endpoint seen = Endpoint.parse("[2a00::5]:3282");
        six.report(START, Endpoint.parse("[2a00:1:2:3::1]:1"), seen);
        six.report(START, Endpoint.parse("[2a00:1:2:4::1]:1"), seen);
        assertThat(six.size()).isEqualTo(1);
        six.report(START, Endpoint.parse("[2a00:1:3:3::1]:1"), seen);
        assertThat(six.size()).isEqualTo(2);
    }

    @Test
    void the_latest_sixteen_count_so_that_a_new_address_wins() {
        for (int network = 0; network < 40; network++) {
            report(network, US);
        }
        assertThat(address.size()).isEqualTo(PublicAddress.MOST);
        Endpoint moved = Endpoint.parse("203.0.113.99:3282");
        int changes = 0;
        for (int network = 100; network < 109; network++) {
            changes += report(network, moved) ? 1 : 0;
        }
        assertThat(address.endpoint()).isEqualTo(moved);
        assertThat(changes).isEqualTo(2);
    }

    @Test
    void a_vote_grows_old() {
        report(1, US);
        report(2, US);
        address.report(START + PublicAddress.LASTS + 1, reporter(3), LIE);
        assertThat(address.endpoint()).isEqualTo(LIE);
        assertThat(address.size()).isEqualTo(1);
    }

    @Test
    void before_a_symmetric_nat_there_is_a_host_and_no_port() {
        for (int network = 1; network < 6; network++) {
            report(network, Endpoint.of(US.address(), 1_000 + network));
        }
        assertThat(address.host()).isEqualTo(Endpoint.of(US.address(), 0));
        assertThat(address.endpoint()).isNull();
        assertThat(address.certain()).isTrue();
    }

    @Test
    void an_address_that_is_nobodys_does_not_count() {
        assertThat(report(1, Endpoint.parse("10.0.0.5:3282"))).isFalse();
        assertThat(report(2, Endpoint.parse("0.0.0.0:3282"))).isFalse();
        assertThat(report(3, Endpoint.parse("203.0.113.5:0"))).isFalse();
        assertThat(address.size()).isZero();
        PublicAddress laboratory = new PublicAddress(true);
        assertThat(laboratory.report(START, reporter(1), Endpoint.parse("10.0.0.5:3282")))
                .isTrue();
    }

    @Test
    void it_can_be_forgotten() {
        report(1, US);
        address.clear();
        assertThat(address.endpoint()).isNull();
        assertThat(report(2, US)).isTrue();
    }
}

package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AddressPlanTest {
    @ParameterizedTest
    @EnumSource
    void every_number_has_an_address_and_the_address_that_number(AddressPlan plan) {
        for (int number = 1; number <= SimulatedNetwork.MAX_HOSTS; number += 1 + number / 1_000) {
            Endpoint address = plan.address(number);
            assertThat(address.port()).isEqualTo(Dht.DEFAULT_PORT);
            assertThat(plan.number(address)).isEqualTo(number);
            assertThat(AddressPlan.anyNumber(address)).isEqualTo(number);
        }
        assertThat(plan.number(SimulatedNetwork.MAX_HOSTS)).isZero();
        assertThat(plan.number(Endpoint.parse("[2001:db8::1]:1"))).isZero();
    }

    @Test
    void public_addresses_are_nobodys_neighbours() {
        Set<Long> subnets = new HashSet<>();
        for (int number = 1; number <= 50_000; number++) {
            subnets.add(AddressPlan.PUBLIC.address(number).lowBits() >>> 8);
        }
        assertThat(subnets).hasSize(50_000);
        assertThat(AddressPlan.PUBLIC.number(Endpoint.parse("11.0.0.0:1"))).isZero();
        assertThat(AddressPlan.PUBLIC.number(Endpoint.parse("99.255.255.255:1")))
                .isZero();
    }

    @Test
    void a_network_that_wants_them_has_them() {
        try (SimulatedNetwork network =
                SimulatedNetwork.seeded(1).publicAddresses().build()) {
            assertThat(network.host().endpoint()).hasToString("12.0.0.1:3282");
            Sockets sockets = new Sockets(network);
            assertThat(sockets.reaches(
                            sockets.open(),
                            network.host().endpoint(),
                            sockets.open(network.hosts().get(2))))
                    .isTrue();
        }
    }
}

package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.dhtrpc.Endpoint;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private final Addresses addresses = new Addresses();

    @Test
    void an_address_that_comes_again_is_not_made_again() {
        for (String text : new String[] {"192.0.2.1:3282", "[2001:db8::1]:3282"}) {
            Endpoint endpoint = Endpoint.parse(text);
            InetSocketAddress address = endpoint.toSocketAddress();

            assertThat(addresses.endpoint(address)).isEqualTo(endpoint);
            assertThat(addresses.endpoint(endpoint.toSocketAddress())).isSameAs(addresses.endpoint(address));
            assertThat(addresses.socketAddress(endpoint)).isEqualTo(address);
            assertThat(addresses.socketAddress(Endpoint.parse(text))).isSameAs(addresses.socketAddress(endpoint));
        }
    }

    @Test
    void more_addresses_than_there_are_slots_are_all_told_apart() {
        for (int round = 0; round < 2; round++) {
            for (int port = 1; port <= 2_000; port++) {
                Endpoint endpoint = Endpoint.of(new byte[] {10, 0, 0, (byte) port}, port);

                assertThat(addresses.endpoint(endpoint.toSocketAddress())).isEqualTo(endpoint);
                assertThat(addresses.socketAddress(endpoint)).isEqualTo(endpoint.toSocketAddress());
            }
        }
    }
}

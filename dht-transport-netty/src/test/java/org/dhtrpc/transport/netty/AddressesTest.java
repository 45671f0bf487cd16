package org.dhtrpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.dhtrpc.Endpoint;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private final Addresses addresses = new Addresses();

    @Test
    void who_was_heard_of_is_known_in_both_forms() {
        InetSocketAddress from = Endpoint.parse("192.0.2.1:3282").toSocketAddress();
        Endpoint endpoint = addresses.endpoint(from);
        assertThat(endpoint).isEqualTo(Endpoint.parse("192.0.2.1:3282"));
        assertThat(addresses.endpoint(Endpoint.parse("192.0.2.1:3282").toSocketAddress()))
                .isSameAs(endpoint);
        InetSocketAddress to = addresses.socketAddress(Endpoint.parse("192.0.2.1:3282"));
        assertThat(to).isEqualTo(from);
        assertThat(addresses.socketAddress(Endpoint.parse("192.0.2.1:3282"))).isSameAs(to);
    }

    @Test
    void the_scope_of_a_sender_is_not_that_of_whom_it_is_sent_to() throws Exception {
        byte[] local = Endpoint.parse("[fe80::1]:3282").address();
        Endpoint from = addresses.endpoint(new InetSocketAddress(Inet6Address.getByAddress(null, local, 1), 3282));
        assertThat(from).isEqualTo(Endpoint.parse("[fe80::1]:3282"));
        Inet6Address to = (Inet6Address) addresses.socketAddress(from).getAddress();
        assertThat(to.getScopeId()).isZero();
    }

    @Test
    void however_many_come_each_form_belongs_to_the_other() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(address);
            // Few ports and hosts, so that many meet in one slot, and some come again.
            address[1] &= 3;
            InetSocketAddress socketAddress =
                    new InetSocketAddress(InetAddress.getByAddress(address), 1 + random.nextInt(3));
            Endpoint endpoint = Endpoint.of(socketAddress);
            assertThat(addresses.endpoint(socketAddress)).isEqualTo(endpoint);
            assertThat(addresses.socketAddress(endpoint)).isEqualTo(socketAddress);
        }
    }
}

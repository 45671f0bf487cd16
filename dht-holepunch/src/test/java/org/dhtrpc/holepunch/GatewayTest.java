package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Gateway.Local;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class GatewayTest {
    private static final Endpoint ANY = Endpoint.parse("0.0.0.0:3282");
    private static final Local HOME = new Local(Endpoint.parse("192.168.7.42:0"), 24);
    private static final Local WORK = new Local(Endpoint.parse("10.1.2.3:0"), 16);
    private static final String HEADER =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
    private static final String NETWORK = "eth0\t0007A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0";
    private static final String DEFAULT = "eth0\t00000000\t0107A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0";
    private static final String BETTER = "eth1\t00000000\tFE00010A\t0003\t0\t0\t50\t00000000\t0\t0\t0";

    @SuppressWarnings("unused")
    static boolean littleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @Test
    @EnabledIf("littleEndian")
    void the_default_route_is_read() {
        assertThat(Gateway.find(ANY, List.of(HEADER, NETWORK, DEFAULT), List.of(WORK, HOME)))
                .isEqualTo(new Gateway(Endpoint.parse("192.168.7.1:0"), HOME.address()));
    }

    @Test
    @EnabledIf("littleEndian")
    void of_two_the_one_with_the_smaller_metric_is_taken() {
        assertThat(Gateway.find(ANY, List.of(HEADER, DEFAULT, BETTER), List.of(HOME, WORK)))
                .isEqualTo(new Gateway(Endpoint.parse("10.1.0.254:0"), WORK.address()));
    }

    @Test
    @EnabledIf("littleEndian")
    void a_router_that_the_socket_cannot_reach_is_none() {
        List<String> routes = List.of(HEADER, NETWORK, DEFAULT);
        assertThat(Gateway.find(Endpoint.parse("10.1.2.3:3282"), routes, List.of(HOME, WORK)))
                .isNull();
        assertThat(Gateway.find(Endpoint.parse("127.0.0.1:3282"), routes, List.of(HOME, WORK)))
                .isNull();
        assertThat(Gateway.find(Endpoint.parse("192.168.7.42:3282"), routes, List.of(WORK, HOME)))
                .isNotNull();
    }

    @Test
    void without_a_default_route_there_is_none() {
        assertThat(Gateway.find(ANY, List.of(HEADER, NETWORK), List.of(HOME))).isNull();
    }

    @Test
    void without_a_table_the_first_address_of_a_private_network_is_guessed() {
        Local publicly = new Local(Endpoint.parse("203.0.113.5:0"), 24);
        Local six = new Local(Endpoint.parse("[fd00::5]:0"), 64);
        assertThat(Gateway.find(ANY, List.of(), List.of(publicly, six, WORK)))
                .isEqualTo(new Gateway(Endpoint.parse("10.1.0.1:0"), WORK.address()));
        assertThat(Gateway.find(ANY, List.of(), List.of(publicly, six))).isNull();
        assertThat(Gateway.find(ANY, List.of(), List.of(new Local(Endpoint.parse("10.1.0.1:0"), 16))))
                .isNull();
    }

    @Test
    void lines_that_are_none_are_passed_over() {
        List<String> odd =
                List.of("", "\t", "a b c", "eth0 zz 0 3 0 0 0 0", "eth0 00000000 0107A8C0 0003 0 0 x 00000000");
        assertThat(Gateway.find(ANY, odd, List.of(HOME))).isNull();
    }

    @Test
    void this_machine_is_looked_at_without_trouble() {
        Gateway gateway = Gateway.find(ANY);
        assertThat(Gateway.locals()).noneMatch(local -> local.address().isLoopback());
        if (gateway != null) {
            assertThat(gateway.router().isWildcard()).isFalse();
            assertThat(Gateway.locals()).anyMatch(local -> local.address().equals(gateway.client()));
        }
    }
}

package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.NatType.Allocation;
import org.dhtrpc.testkit.NatType.Filtering;
import org.dhtrpc.testkit.NatType.Mapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a NAT translates, and whom it lets in. */
class NatTest {
    private final SimulatedNetwork network = SimulatedNetwork.seeded(3).build();
    private final Sockets sockets = new Sockets(network);

    /** Two public hosts with two sockets each. */
    private final Transport here = sockets.open();

    private final Transport hereToo = sockets.sibling(here);
    private final Transport there = sockets.open();
    private final Transport thereToo = sockets.sibling(there);

    private Transport behind(NatType type) {
        return sockets.open(network.nat(type));
    }

    @Test
    void inner_hosts_have_private_addresses_and_are_seen_by_the_nats_own() {
        Nat nat = network.nat(NatType.FULL_CONE);
        SimulatedHost host = network.host(nat);
        assertThat(host.endpoint()).isEqualTo(Endpoint.parse("192.168.0.2:3282"));
        assertThat(host.nat()).isSameAs(nat);
        assertThat(nat.address()).isEqualTo(Endpoint.parse("10.128.0.0:0"));
        assertThat(sockets.seen(sockets.open(host), here)).isEqualTo(Endpoint.parse("10.128.0.0:3282"));
        assertThat(sockets.open(network.host()).localAddress())
                .as("numbers go on")
                .isEqualTo(Endpoint.parse("10.0.0.4:3282"));
        assertThat(List.of(host.number(), network.hosts().size())).containsExactly(3, 4);
        assertThat(network.nat(NatType.SYMMETRIC).address()).isEqualTo(Endpoint.parse("10.128.0.1:0"));
    }

    @ParameterizedTest
    @CsvSource({"ENDPOINT_INDEPENDENT, 1", "ADDRESS_DEPENDENT, 2", "ADDRESS_AND_PORT_DEPENDENT, 4"})
    void a_mapping_depends_on_the_remote_endpoint_as_far_as_its_type_says(Mapping mapping, int ports) {
        for (Allocation allocation : Allocation.values()) {
            Transport inner = behind(NatType.FULL_CONE.mapping(mapping).allocation(allocation));
            Set<Endpoint> seen = new HashSet<>();
            for (int round = 0; round < 2; round++) {
                for (Transport observer : List.of(here, hereToo, there, thereToo)) {
                    seen.add(sockets.seen(inner, observer));
                }
            }
            assertThat(seen).as("%s", allocation).hasSize(ports);
            assertThat(sockets.seen(inner, here)).isEqualTo(sockets.seen(inner, here));
            boolean sameAddress = sockets.seen(inner, here).equals(sockets.seen(inner, hereToo));
            assertThat(sameAddress).isEqualTo(ports < 4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ENDPOINT_INDEPENDENT, true, true, true",
        "ADDRESS_DEPENDENT, true, true, false",
        "ADDRESS_AND_PORT_DEPENDENT, true, false, false",
        "ALL, false, false, false"
    })
    void a_filter_lets_in_whom_its_type_says(Filtering filtering, boolean same, boolean sameAddress, boolean others) {
        for (Mapping mapping : Mapping.values()) {
            Nat nat = network.nat(NatType.FULL_CONE.mapping(mapping).filtering(filtering));
            Transport inner = sockets.open(nat);
            Endpoint outside = mapping == Mapping.NONE
                    ? inner.localAddress()
                    : Endpoint.of(nat.address().address(), 3282);
            assertThat(sockets.reaches(here, outside, inner))
                    .as("before it has sent")
                    .isFalse();
            sockets.send(inner, here.localAddress());
            assertThat(sockets.reaches(here, outside, inner)).as("%s", mapping).isEqualTo(same);
            assertThat(sockets.reaches(hereToo, outside, inner)).isEqualTo(sameAddress);
            assertThat(sockets.reaches(there, outside, inner)).isEqualTo(others);
        }
        int perMapping = filtering == Filtering.ALL ? 5 : 1 + closed(same, sameAddress, others);
        assertThat(network.traffic().filtered()).isEqualTo(4L * perMapping);
    }

    private static int closed(boolean... open) {
        int closed = 0;
        for (boolean isOpen : open) {
            closed += isOpen ? 0 : 1;
        }
        return closed;
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void the_answer_to_a_stranger_leaves_by_the_port_that_he_came_to(Mapping mapping) {
        Transport inner = behind(NatType.SYMMETRIC.mapping(mapping).filtering(Filtering.ENDPOINT_INDEPENDENT));
        Endpoint outside = sockets.seen(inner, here);
        assertThat(sockets.reaches(there, outside, inner)).isTrue();
        assertThat(sockets.lastSource(inner)).isEqualTo(there.localAddress());
        assertThat(sockets.seen(inner, there)).isEqualTo(outside);
        boolean dependent = mapping == Mapping.ADDRESS_DEPENDENT || mapping == Mapping.ADDRESS_AND_PORT_DEPENDENT;
        assertThat(sockets.seen(inner, thereToo).equals(outside)).isEqualTo(!dependent);
    }

    @Test
    void a_port_is_preserved_unless_it_is_taken() {
        Nat nat = network.nat(NatType.PORT_RESTRICTED);
        Transport first = sockets.open(nat);
        Transport second = sockets.open(nat);
        assertThat(sockets.seen(first, here).port()).isEqualTo(3282);
        Endpoint other = sockets.seen(second, here);
        assertThat(other.port()).isNotEqualTo(3282).isBetween(1_024, 65_535);
        assertThat(sockets.seen(second, there))
                .as("independent of the endpoint")
                .isEqualTo(other);
        assertThat(sockets.reaches(here, other, second)).isTrue();
        assertThat(sockets.received(first)).isEmpty();
    }

    @Test
    void ports_are_taken_in_a_row_or_at_random() {
        Transport sequential = behind(NatType.SYMMETRIC_SEQUENTIAL);
        Transport random = behind(NatType.SYMMETRIC);
        int before = sockets.seen(sequential, here).port();
        assertThat(sockets.seen(sequential, there).port()).isEqualTo(next(before));
        assertThat(sockets.seen(sequential, hereToo).port()).isEqualTo(next(next(before)));
        int last = sockets.seen(random, here).port();
        for (Transport observer : List.of(hereToo, there, thereToo)) {
            int port = sockets.seen(random, observer).port();
            assertThat(Math.abs(port - last)).isGreaterThan(10);
            last = port;
        }
    }

    private static int next(int port) {
        return port == 65_535 ? 1_024 : port + 1;
    }

    @Test
    void values_out_of_range_are_named() {
        assertThatThrownBy(() -> NatType.SYMMETRIC.size(30_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A NAT remembers 1 to 30000 sessions, not 30001");
        assertThatThrownBy(() -> NatType.SYMMETRIC.timeout(java.time.Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not PT0S");
        for (String lan : List.of("192.168.1.0", "10.1.0.0/16", "192.168.1.1/24", "192.168.1.0/30", "a/24", "")) {
            assertThatThrownBy(() -> NatType.SYMMETRIC.lan(lan))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + lan + "'");
        }
        assertThatThrownBy(() -> NatType.SYMMETRIC.lan("300.0.0.0/24"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("300.0.0.0");
        Nat foreign = SimulatedNetwork.seeded(1).build().nat(NatType.SYMMETRIC);
        assertThatThrownBy(() -> network.host(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Nat[10.128.0.0:0] is of another network");
    }
}

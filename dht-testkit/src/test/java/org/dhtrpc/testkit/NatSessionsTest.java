package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.NatType.Filtering;
import org.junit.jupiter.api.Test;

/** What a NAT remembers, and for how long. */
class NatSessionsTest {
    private static final Duration ALMOST = Duration.ofSeconds(118);
    private static final Duration LITTLE = Duration.ofSeconds(3);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(4).build();
    private final Sockets sockets = new Sockets(network);
    private final Transport here = sockets.open();
    private final Transport hereToo = sockets.sibling(here);
    private final Transport there = sockets.open();

    private Endpoint outside(Nat nat, int port) {
        return Endpoint.of(nat.address().address(), port);
    }

    @Test
    void a_session_is_forgotten_when_nothing_was_sent_for_the_timeout() {
        Nat nat = network.nat(NatType.SYMMETRIC);
        Transport inner = sockets.open(nat);
        Endpoint first = sockets.seen(inner, here);
        network.run(ALMOST);
        assertThat(sockets.seen(inner, here)).as("in time").isEqualTo(first);
        network.run(ALMOST);
        assertThat(nat.sessions()).isEqualTo(1);
        network.run(LITTLE);
        assertThat(nat.sessions()).isZero();
        assertThat(sockets.reaches(here, first, inner)).isFalse();
        assertThat(sockets.seen(inner, here)).isNotEqualTo(first);
    }

    @Test
    void what_arrives_from_whom_the_host_has_sent_to_refreshes_too() {
        Transport inner = sockets.open(network.nat(NatType.PORT_RESTRICTED.timeout(Duration.ofSeconds(30))));
        Endpoint outside = sockets.seen(inner, here);
        sockets.send(inner, there.localAddress());
        for (int i = 0; i < 5; i++) {
            network.run(Duration.ofSeconds(28));
            assertThat(sockets.reaches(here, outside, inner)).isTrue();
        }
        assertThat(sockets.reaches(there, outside, inner)).as("silent").isFalse();
    }

    @Test
    void a_stranger_keeps_no_port_open() {
        Transport inner = sockets.open(network.nat(NatType.FULL_CONE));
        Endpoint outside = sockets.seen(inner, here);
        network.run(ALMOST.dividedBy(2));
        assertThat(sockets.reaches(there, outside, inner)).isTrue();
        network.run(ALMOST.dividedBy(2).plus(LITTLE));
        assertThat(sockets.reaches(hereToo, outside, inner))
                .as("the mapping is over")
                .isFalse();
        assertThat(sockets.reaches(there, outside, inner))
                .as("his session is not")
                .isTrue();
        network.run(ALMOST.dividedBy(2));
        assertThat(sockets.reaches(there, outside, inner))
                .as("nor was it refreshed")
                .isFalse();
    }

    @Test
    void a_filter_by_address_forgets_the_address_with_its_last_session() {
        Transport inner = sockets.open(network.nat(NatType.ADDRESS_RESTRICTED));
        Endpoint outside = sockets.seen(inner, here);
        sockets.send(inner, there.localAddress());
        network.run(ALMOST.dividedBy(2));
        sockets.send(inner, hereToo.localAddress());
        network.run(ALMOST.dividedBy(2).plus(LITTLE));
        assertThat(sockets.reaches(there, outside, inner)).isFalse();
        assertThat(sockets.reaches(here, outside, inner)).isTrue();
    }

    @Test
    void the_session_that_is_idle_for_longest_makes_room() {
        Nat nat = network.nat(NatType.SYMMETRIC.size(3));
        Transport inner = sockets.open(nat);
        List<Transport> others = new ArrayList<>();
        List<Endpoint> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(sockets.open());
            seen.add(sockets.seen(inner, others.get(i)));
        }
        sockets.send(others.get(0), seen.get(0));
        sockets.send(inner, here.localAddress());
        assertThat(nat.sessions()).isEqualTo(3);
        assertThat(sockets.reaches(others.get(0), seen.get(0), inner)).isTrue();
        assertThat(sockets.reaches(others.get(1), seen.get(1), inner)).isFalse();
        assertThat(sockets.reaches(others.get(2), seen.get(2), inner)).isTrue();
    }

    @Test
    void neither_inner_hosts_nor_strangers_can_fill_it_beyond_its_size() {
        Nat nat =
                network.nat(NatType.SYMMETRIC.size(500).tracksUnknown(true).filtering(Filtering.ENDPOINT_INDEPENDENT));
        Transport inner = sockets.open(nat);
        Endpoint outside = sockets.seen(inner, here);
        for (int port = 1; port <= 2_000; port++) {
            sockets.sendNow(inner, Endpoint.of(there.localAddress().address(), port));
            sockets.sendNow(there, outside(nat, port));
            sockets.sendNow(there, outside);
        }
        sockets.settle();
        assertThat(nat.sessions()).isEqualTo(500);
    }

    @Test
    void hundreds_of_siblings_have_ports_of_their_own() {
        Nat nat = network.nat(NatType.PORT_RESTRICTED);
        Transport first = sockets.open(nat);
        Transport second = sockets.open(nat);
        for (Transport socket : List.of(first, second)) {
            for (int i = 0; i < 256; i++) {
                sockets.sendNow(sockets.sibling(socket), here.localAddress());
            }
        }
        sockets.settle();
        assertThat(sockets.received(here)).hasSize(512).doesNotHaveDuplicates();
        assertThat(nat.sessions()).isEqualTo(512);
    }

    @Test
    void a_reboot_forgets_everything() {
        Nat nat = network.nat(NatType.FULL_CONE);
        Transport inner = sockets.open(nat);
        Endpoint outside = sockets.seen(inner, here);
        Endpoint mapped = nat.map(Endpoint.of(inner.localAddress().address(), 5_000));
        nat.reboot();
        assertThat(nat.sessions()).isZero();
        assertThat(sockets.reaches(here, outside, inner)).isFalse();
        assertThat(sockets.seen(inner, here)).isEqualTo(outside);
        assertThat(sockets.reaches(here, outside, inner)).isTrue();
        assertThat(nat.map(inner.localAddress())).isEqualTo(outside).isNotEqualTo(mapped);
    }

    @Test
    void after_a_move_nobody_is_at_the_old_address() {
        Nat nat = network.nat(NatType.FULL_CONE);
        Transport inner = sockets.open(nat);
        Endpoint old = sockets.seen(inner, here);
        sockets.sendNow(here, old);
        nat.move();
        long before = network.traffic().unreachable();
        sockets.settle();
        assertThat(network.traffic().unreachable()).as("under way").isEqualTo(before + 1);
        Endpoint now = sockets.seen(inner, here);
        assertThat(now).isEqualTo(outside(nat, 3282)).isNotEqualTo(old);
        assertThat(sockets.reaches(here, now, inner)).isTrue();
        assertThat(sockets.reaches(here, old, inner)).isFalse();
        assertThat(sockets.seen(sockets.open(network.nat(NatType.FULL_CONE)), here))
                .isNotIn(old, now);
        assertThatThrownBy(network.nat(NatType.FIREWALL)::move)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no address of its own");
    }

    @Test
    void a_mapping_that_was_asked_for_is_open_for_all_and_lasts() {
        Nat nat = network.nat(NatType.SYMMETRIC);
        Transport inner = sockets.open(nat);
        Endpoint mapped = nat.map(inner.localAddress());
        assertThat(mapped).isEqualTo(outside(nat, 3282)).isEqualTo(nat.map(inner.localAddress()));
        network.run(Duration.ofHours(1));
        assertThat(sockets.reaches(there, mapped, inner)).isTrue();
        assertThat(sockets.seen(inner, here)).as("the other way too").isEqualTo(mapped);
        Transport neighbour = sockets.open(nat);
        assertThat(nat.map(neighbour.localAddress())).isNotEqualTo(mapped);
        for (String elsewhere : List.of("192.168.77.2:3282", "10.0.0.1:3282", "192.168.0.2:0")) {
            assertThatThrownBy(() -> nat.map(Endpoint.parse(elsewhere)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Not an endpoint behind Nat[10.128.0.0:0], in 192.168.0.0/24: " + elsewhere);
        }
    }

    @Test
    void a_pinhole_lets_everybody_through_a_firewall() {
        Nat firewall = network.nat(NatType.FIREWALL);
        Transport inner = sockets.open(firewall);
        assertThat(sockets.reaches(here, inner.localAddress(), inner)).isFalse();
        assertThat(firewall.map(inner.localAddress())).isEqualTo(inner.localAddress());
        assertThat(sockets.reaches(here, inner.localAddress(), inner)).isTrue();
    }

    @Test
    void an_early_datagram_closes_the_door_of_a_router_that_takes_it_for_its_own() {
        for (boolean trap : new boolean[] {false, true}) {
            Nat nat = network.nat(NatType.PORT_RESTRICTED.tracksUnknown(trap));
            Transport inner = sockets.open(nat);
            Endpoint outside = sockets.seen(inner, here);
            assertThat(sockets.reaches(there, outside, inner)).as("early").isFalse();
            Endpoint other = sockets.seen(inner, there);
            assertThat(other.equals(outside)).isEqualTo(!trap);
            assertThat(sockets.reaches(there, outside, inner)).isEqualTo(!trap);
            assertThat(sockets.reaches(there, other, inner)).isTrue();
            assertThat(sockets.seen(inner, here)).isEqualTo(outside);
            assertThat(sockets.seen(inner, hereToo)).isEqualTo(outside);
        }
    }

    @Test
    void the_early_datagram_is_forgotten_too() {
        Transport inner = sockets.open(network.nat(NatType.PORT_RESTRICTED.tracksUnknown(true)));
        Endpoint outside = sockets.seen(inner, here);
        sockets.send(there, outside);
        network.run(ALMOST.dividedBy(2));
        sockets.send(there, outside);
        network.run(ALMOST.dividedBy(2).plus(LITTLE));
        sockets.send(inner, here.localAddress());
        assertThat(sockets.seen(inner, there)).as("refreshed").isNotEqualTo(outside);
        network.run(ALMOST.plus(LITTLE));
        assertThat(sockets.seen(inner, there)).isEqualTo(sockets.seen(inner, here));
    }
}

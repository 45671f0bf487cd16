package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is behind which NAT, and on which way they meet. */
class NatNetworksTest {
    private static final NatType CARRIER = NatType.PORT_RESTRICTED.lan("100.64.0.0/10");

    private final SimulatedNetwork network = SimulatedNetwork.seeded(5).build();
    private final Sockets sockets = new Sockets(network);
    private final Transport here = sockets.open();

    @Test
    void neighbours_reach_each_other_directly_and_at_once() {
        for (NatType type : List.of(NatType.UDP_BLOCKED, NatType.SYMMETRIC, NatType.FIREWALL)) {
            Nat nat = network.nat(type);
            Transport one = sockets.open(nat);
            Transport other = sockets.open(nat);
            sockets.sendNow(one, other.localAddress());
            network.run(Duration.ofNanos(100_000));
            assertThat(sockets.received(other)).as("%s", type).containsExactly(one.localAddress());
            assertThat(nat.sessions()).isZero();
            assertThat(sockets.reaches(one, one.localAddress(), one)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neighbours_meet_outside_if_there_is_a_hairpin(boolean hairpin) {
        for (NatType type : List.of(NatType.PORT_RESTRICTED, NatType.SYMMETRIC)) {
            Nat nat = network.nat(type.hairpin(hairpin));
            Transport one = sockets.open(nat);
            Transport other = sockets.open(nat);
            Endpoint ofOne = sockets.seen(one, here);
            Endpoint ofOther = sockets.seen(other, here);
            assertThat(sockets.reaches(one, ofOther, other)).as("filtered").isFalse();
            sockets.sendNow(other, ofOne);
            boolean independent = type.equals(NatType.PORT_RESTRICTED);
            assertThat(sockets.reaches(one, ofOther, other)).isEqualTo(hairpin && independent);
            if (hairpin && independent) {
                assertThat(sockets.received(other)).containsExactly(ofOne);
                assertThat(sockets.received(one)).containsExactly(ofOther);
            }
        }
    }

    @Test
    void two_lans_may_have_the_same_addresses() {
        NatType type = NatType.FULL_CONE.lan("192.168.1.0/24");
        Transport one = sockets.open(network.nat(type));
        Transport other = sockets.open(network.nat(type));
        assertThat(one.localAddress()).isEqualTo(other.localAddress()).isEqualTo(Endpoint.parse("192.168.1.2:3282"));
        Endpoint ofOther = sockets.seen(other, here);
        assertThat(sockets.reaches(one, ofOther, other)).isTrue();
        assertThat(sockets.lastSource(other)).isEqualTo(sockets.seen(one, here));
        assertThat(sockets.reaches(one, other.localAddress(), other))
                .as("that is its own address")
                .isFalse();
        assertThat(sockets.received(one)).containsExactly(one.localAddress());
    }

    @Test
    void private_addresses_lead_nowhere_outside_of_their_lan() {
        Transport inner = sockets.open(network.nat(NatType.FULL_CONE));
        Transport other = sockets.open(network.nat(NatType.FULL_CONE));
        assertThat(sockets.reaches(here, inner.localAddress(), inner)).isFalse();
        assertThat(sockets.reaches(other, inner.localAddress(), inner)).isFalse();
        assertThat(sockets.reaches(inner, Endpoint.parse("192.168.0.77:3282"), inner))
                .isFalse();
        assertThat(sockets.reaches(here, Endpoint.parse("10.0.0.2:3282"), inner))
                .as("by its number")
                .isFalse();
        assertThat(network.traffic().unreachable()).isEqualTo(4);
    }

    @Test
    void a_datagram_passes_one_nat_after_the_other() {
        Nat carrier = network.nat(CARRIER);
        Nat home = network.nat(NatType.SYMMETRIC, carrier);
        Transport inner = sockets.open(home);
        Transport neighbour = sockets.open(carrier);
        assertThat(home.address()).isEqualTo(Endpoint.parse("100.64.0.2:0"));
        Endpoint outside = sockets.seen(inner, here);
        assertThat(outside).isEqualTo(Endpoint.of(carrier.address().address(), outside.port()));
        assertThat(sockets.seen(inner, neighbour))
                .isEqualTo(Endpoint.of(
                        home.address().address(), sockets.lastSource(neighbour).port()));
        assertThat(sockets.reaches(here, outside, inner)).isTrue();
        assertThat(carrier.hosts())
                .extracting(SimulatedHost::endpoint)
                .containsExactly(inner.localAddress(), neighbour.localAddress());
        Endpoint mapped = carrier.map(home.map(inner.localAddress()));
        assertThat(sockets.reaches(sockets.open(), mapped, inner)).isTrue();
        home.move();
        assertThat(home.address()).isEqualTo(Endpoint.parse("100.64.0.4:0"));
        assertThat(sockets.reaches(here, outside, inner)).isFalse();
        assertThat(sockets.reaches(here, sockets.seen(inner, here), inner)).isTrue();
    }

    @Test
    void homes_of_one_carrier_meet_at_its_outside_if_it_has_a_hairpin() {
        for (boolean hairpin : new boolean[] {true, false}) {
            Nat carrier = network.nat(CARRIER.hairpin(hairpin));
            Transport one = sockets.open(network.nat(NatType.PORT_RESTRICTED, carrier));
            Transport other = sockets.open(network.nat(NatType.PORT_RESTRICTED, carrier));
            assertThat(NatPunchingTest.punched(sockets, here, one, other)).isEqualTo(hairpin);
        }
    }

    @Test
    void firewalls_and_nats_stand_behind_each_other_in_any_order() {
        Nat wall = network.nat(NatType.FIREWALL);
        Nat home = network.nat(NatType.FULL_CONE, wall);
        Nat innerWall = network.nat(NatType.FIREWALL, home);
        Transport besideHome = sockets.open(wall);
        Transport inHome = sockets.open(home);
        Transport innermost = sockets.open(innerWall);
        assertThat(innermost.localAddress()).isEqualTo(Endpoint.parse("192.168.1.3:3282"));
        Endpoint outside = sockets.seen(innermost, here);
        assertThat(outside).isEqualTo(Endpoint.of(home.address().address(), 3282));
        assertThat(sockets.reaches(here, outside, innermost)).isTrue();
        assertThat(sockets.reaches(sockets.open(), outside, innermost))
                .as("the outer wall")
                .isFalse();
        assertThat(sockets.reaches(besideHome, outside, innermost))
                .as("the inner wall")
                .isFalse();
        assertThat(sockets.reaches(inHome, innermost.localAddress(), innermost))
                .as("the inner wall")
                .isFalse();
        assertThat(sockets.reaches(innermost, inHome.localAddress(), inHome)).isTrue();
        assertThat(sockets.reaches(inHome, innermost.localAddress(), innermost)).isTrue();
        assertThat(sockets.seen(innermost, besideHome)).isEqualTo(outside);
        assertThat(sockets.reaches(besideHome, outside, innermost)).isTrue();
    }

    @Test
    void a_nat_behind_firewalls_moves_to_another_public_address() {
        Nat home = network.nat(NatType.FULL_CONE, network.nat(NatType.FIREWALL, network.nat(NatType.FIREWALL)));
        Transport inner = sockets.open(home);
        Endpoint before = sockets.seen(inner, here);
        assertThat(sockets.reaches(here, before, inner)).isTrue();
        home.move();
        Endpoint after = sockets.seen(inner, here);
        assertThat(after.address()).isEqualTo(home.address().address()).isNotEqualTo(before.address());
        assertThat(sockets.reaches(here, before, inner)).isFalse();
        assertThat(sockets.reaches(here, after, inner)).isTrue();
    }

    @Test
    void all_behind_a_nat_are_at_one_place_in_the_world() {
        SimulatedNetwork world = SimulatedNetwork.seeded(6)
                .latency(Latency.coordinates(Duration.ofMillis(90), Duration.ofMillis(1), 0))
                .build();
        Sockets places = new Sockets(world);
        Transport observer = places.open();
        Nat nat = world.nat(NatType.FULL_CONE);
        long first = nanos(places, places.open(nat), observer);
        assertThat(nanos(places, places.open(nat), observer)).isEqualTo(first);
        nat.move();
        Transport third = places.open(nat);
        assertThat(nanos(places, third, observer)).isEqualTo(first);
        assertThat(nanos(places, observer, third, places.seen(third, observer))).isEqualTo(first);
        assertThat(nanos(places, places.open(world.nat(NatType.FULL_CONE)), observer))
                .isNotEqualTo(first);
    }

    private static long nanos(Sockets sockets, Transport from, Transport to) {
        return nanos(sockets, from, to, to.localAddress());
    }

    private static long nanos(Sockets sockets, Transport from, Transport to, Endpoint address) {
        long start = sockets.network.nanoTime();
        int before = sockets.received(to).size();
        sockets.sendNow(from, address);
        assertThat(sockets.network.runUntil(() -> sockets.received(to).size() > before, Duration.ofSeconds(1)))
                .isTrue();
        return sockets.network.nanoTime() - start;
    }

    @Test
    void partitions_holds_and_links_know_the_host_behind_a_nat() {
        Nat nat = network.nat(NatType.FULL_CONE);
        SimulatedHost host = network.host(nat);
        Transport inner = sockets.open(host);
        Transport neighbour = sockets.open(nat);
        Endpoint outside = sockets.seen(inner, here);
        Endpoint ofNeighbour = sockets.seen(neighbour, here);

        Partition partition = network.faults().isolate(host);
        assertThat(sockets.reaches(here, outside, inner)).isFalse();
        assertThat(sockets.reaches(inner, here.localAddress(), here)).isFalse();
        assertThat(sockets.reaches(neighbour, inner.localAddress(), inner)).isFalse();
        assertThat(sockets.reaches(here, ofNeighbour, neighbour)).isTrue();
        assertThat(network.traffic().cut()).isEqualTo(3);
        partition.heal();
        Partition cut = network.faults().partition(nat.hosts());
        assertThat(sockets.reaches(here, outside, inner)).isFalse();
        assertThat(sockets.reaches(neighbour, inner.localAddress(), inner)).isTrue();
        cut.heal();

        Hold hold = network.faults().hold(held -> held.to().equals(inner.localAddress()));
        assertThat(sockets.reaches(here, outside, inner)).isFalse();
        assertThat(hold.held()).extracting(Held::from).containsExactly(here.localAddress());
        hold.heal();
        sockets.settle();
        assertThat(sockets.received(inner)).endsWith(neighbour.localAddress(), here.localAddress());

        network.link(host, Link.of(Latency.constant(Duration.ofMillis(1))).withLoss(1));
        assertThat(sockets.reaches(here, outside, inner)).isFalse();
        assertThat(sockets.reaches(inner, here.localAddress(), here)).isFalse();
        assertThat(sockets.reaches(here, ofNeighbour, neighbour)).isTrue();
        assertThat(network.traffic().lost()).isEqualTo(2);
    }

    @Test
    void warm_tables_and_oracles_leave_out_those_behind_nats() {
        SimulatedHost outside = network.host();
        SimulatedHost inside = network.host(network.nat(NatType.FULL_CONE));
        SimulatedHost walled = network.host(network.nat(NatType.FIREWALL));
        assertThat(walled.endpoint()).isEqualTo(Endpoint.parse("10.0.0.4:3282"));
        assertThat(outside.contacts()).hasSize(1).doesNotContain(inside.contact());
        assertThat(inside.contacts()).hasSize(2).contains(outside.contact());
        assertThat(inside.id()).isNotEqualTo(outside.id());
        assertThat(inside.random().nextLong()).isNotEqualTo(walled.random().nextLong());
        inside.renew();
        assertThat(inside.endpoint()).isEqualTo(Endpoint.parse("192.168.0.2:3282"));
    }

    @Test
    void what_cannot_be_is_named() {
        Nat home = network.nat(NatType.PORT_RESTRICTED.lan("172.16.0.0/29"));
        for (int i = 0; i < 5; i++) {
            network.host(home);
        }
        assertThatThrownBy(() -> network.host(home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("172.16.0.0/29 is full");
        int hosts = network.hosts().size();
        assertThat(network.host().number()).as("it was no host").isEqualTo(hosts + 1);
        Nat carrier = network.nat(CARRIER);
        assertThatThrownBy(() -> network.nat(CARRIER, carrier))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot contain its address outside, 100.64.0.");
        assertThatThrownBy(network.nat(NatType.FIREWALL)::address).hasMessageContaining("no address of its own");
        network.close();
        assertThatThrownBy(() -> network.nat(CARRIER)).hasMessage("The network is closed");
        assertThatThrownBy(() -> network.host(carrier)).hasMessage("The network is closed");
    }

    @Test
    void addresses_of_nats_are_not_those_of_hosts() {
        Medium medium = new Medium(
                new Kernel(1, 1),
                AddressPlan.PRIVATE,
                new RealBytes(),
                Link.of(Latency.constant(Duration.ZERO)),
                WarmStart.EXACT);
        Population population = medium.population();
        medium.addHost(null);
        population.requireRoom((1 << 24) - 2);
        assertThatThrownBy(() -> population.requireRoom((1 << 24) - 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A network has at most 16777215 hosts, the departed included, not 16777216");
        medium.nats().add(NatType.SYMMETRIC, null);
        population.requireRoom((1 << 23) - 3);
        assertThatThrownBy(() -> population.requireRoom((1 << 23) - 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "A network has at most 8388606 hosts, the departed included, beside the 1 addresses of NATs,"
                                + " not 8388607");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messages_and_other_bytes_pass(boolean byReference) {
        SimulatedNetworkBuilder builder = SimulatedNetwork.seeded(9).loss(0.2);
        SimulatedNetwork mixed = byReference ? builder.byReference().build() : builder.build();
        SimulatedHost outside = mixed.host();
        SimulatedHost inside = mixed.host(mixed.nat(NatType.SYMMETRIC, mixed.nat(CARRIER)));
        new EchoNode(outside);
        EchoNode node = new EchoNode(inside);
        Sockets bare = new Sockets(mixed);
        Transport observer = bare.open();
        for (int i = 0; i < 20; i++) {
            bare.sendNow(inside.transport(), observer.localAddress());
            bare.sendNow(inside.transport(), outside.endpoint());
            Bytes value = Bytes.of(new byte[i]);
            assertThat(mixed.await(node.ask(outside.endpoint(), value)).value()).isEqualTo(value);
        }
        assertThat(bare.received(observer)).isNotEmpty();
        assertThat(mixed.traffic().kinds()).containsEntry("unknown", 40L).containsKeys("reply", "request ping");
    }

    @Test
    void the_same_seed_gives_the_same_trace_in_either_fidelity() {
        List<String> runs = new ArrayList<>();
        for (boolean byReference : new boolean[] {false, true, false}) {
            SimulatedNetworkBuilder builder = SimulatedNetwork.seeded(7)
                    .link(Link.of(Latency.wan())
                            .withLoss(0.1)
                            .withDuplication(0.1)
                            .withBandwidth(9_000, 9_000, 500));
            SimulatedNetwork run = byReference ? builder.byReference().build() : builder.build();
            punch(run);
            runs.add(run + ", " + run.traffic());
        }
        assertThat(runs).allMatch(runs.get(0)::equals);
        assertThat(runs.get(0)).as("on every platform").contains("trace 62c4a4a0c912ea77");
        SimulatedNetwork other = SimulatedNetwork.seeded(8).build();
        punch(other);
        assertThat(runs.get(0)).doesNotContain(Long.toHexString(other.traceHash()));
    }

    private static void punch(SimulatedNetwork network) {
        Sockets sockets = new Sockets(network);
        Transport observer = sockets.open();
        Nat carrier = network.nat(NatType.SYMMETRIC_ADDRESS.lan("100.64.0.0/10").hairpin(true));
        List<Transport> all = new ArrayList<>();
        for (NatType type : List.of(NatType.SYMMETRIC, NatType.FULL_CONE, NatType.SYMMETRIC_SEQUENTIAL)) {
            all.add(sockets.open(network.nat(type.tracksUnknown(true))));
            all.add(sockets.open(network.nat(type, carrier)));
        }
        for (int round = 0; round < 10; round++) {
            all.forEach(socket -> sockets.sendNow(socket, observer.localAddress()));
            network.run(Duration.ofMillis(500));
            // Each sends to all who have been seen, and to all who have sent to it.
            List<Endpoint> seen = List.copyOf(sockets.received(observer));
            for (Transport socket : all) {
                seen.subList(Math.max(0, seen.size() - 6), seen.size()).forEach(to -> sockets.sendNow(socket, to));
                List.copyOf(sockets.received(socket)).stream().limit(5).forEach(to -> sockets.sendNow(socket, to));
            }
            network.run(Duration.ofSeconds(10));
        }
    }
}

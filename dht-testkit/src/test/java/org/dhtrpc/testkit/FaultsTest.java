package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(12)
            .link(Link.of(Latency.constant(Duration.ofMillis(100))))
            .build();
    private final Faults faults = network.faults();
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();

    @BeforeEach
    void four_hosts() {
        for (char name = 'a'; name <= 'd'; name++) {
            host(name);
        }
    }

    private void host(char name) {
        SimulatedHost host = network.host();
        hosts.add(host);
        host.transport().open((from, datagram) -> passed.add((char) datagram.get() + "" + name));
    }

    private void send(int from, int to) {
        hosts.get(from)
                .transport()
                .send(
                        hosts.get(to).endpoint(),
                        ByteBuffer.allocate(1).put((byte) ('a' + from)).flip());
    }

    /** Which host's datagrams arrive at which other now. */
    private List<String> passing() {
        passed.clear();
        for (int from = 0; from < hosts.size(); from++) {
            for (int to = 0; to < hosts.size(); to++) {
                if (from != to) {
                    send(from, to);
                }
            }
        }
        network.run(Duration.ofMillis(100));
        return List.copyOf(passed);
    }

    private List<SimulatedHost> hosts(int... numbers) {
        List<SimulatedHost> chosen = new ArrayList<>();
        for (int number : numbers) {
            chosen.add(hosts.get(number));
        }
        return chosen;
    }

    @Test
    void groups_are_parted_from_each_other_and_from_the_rest() {
        Partition partition = faults.partition(hosts(0, 1), hosts(2));
        assertThat(passing()).containsExactly("ab", "ba");
        assertThat(network.traffic().cut()).isEqualTo(10);
        host('e');
        assertThat(passing()).containsExactly("ab", "ba", "de", "ed");
        partition.heal();
        partition.heal();
        assertThat(passing()).hasSize(20);
    }

    @Test
    void one_group_is_parted_from_all_others() {
        faults.partition(hosts(1, 3));
        assertThat(passing()).containsExactly("ac", "bd", "ca", "db");
    }

    @Test
    void an_isolated_host_still_reaches_itself() {
        Partition partition = faults.isolate(hosts.get(0));
        assertThat(passing()).containsExactly("bc", "bd", "cb", "cd", "db", "dc");
        passed.clear();
        send(0, 0);
        network.run(SECOND);
        assertThat(passed).containsExactly("aa");
        partition.heal();
        assertThat(passing()).hasSize(12);
    }

    @Test
    void a_cut_is_one_way() {
        faults.cut(hosts.get(0), hosts.get(1));
        assertThat(passing()).hasSize(11).doesNotContain("ab");
        faults.cut(hosts(2, 3), hosts(0, 2, 3));
        assertThat(passing()).containsExactly("ac", "ad", "ba", "bc", "bd", "cb", "db");
        passed.clear();
        send(2, 2);
        network.run(SECOND);
        assertThat(passed).as("to itself").containsExactly("cc");
    }

    @Test
    void several_faults_hold_at_once_and_are_healed_one_by_one_or_together() {
        Partition first = faults.partition(hosts(0, 1));
        Partition second = faults.partition(hosts(1, 2));
        assertThat(passing()).isEmpty();
        first.heal();
        assertThat(passing()).containsExactly("ad", "bc", "cb", "da");
        faults.isolate(hosts.get(3));
        second.flapping(SECOND, SECOND);
        faults.heal();
        assertThat(passing()).hasSize(12);
    }

    @Test
    void a_partition_swallows_what_is_under_way_when_it_begins_and_gives_nothing_back() {
        send(0, 1);
        network.run(Duration.ofMillis(50));
        Partition partition = faults.isolate(hosts.get(1));
        send(0, 1);
        network.run(Duration.ofMillis(49));
        assertThat(network.traffic().cut()).as("sent meanwhile").isEqualTo(1);
        network.run(Duration.ofMillis(1));
        assertThat(network.traffic().cut()).as("under way before").isEqualTo(2);
        partition.heal();
        network.run(SECOND);
        assertThat(passed).isEmpty();
    }

    @Test
    void a_flapping_partition_comes_and_goes() {
        network.run(SECOND);
        Partition partition = faults.isolate(hosts.get(0)).flapping(SECOND, Duration.ofSeconds(2));
        List<Integer> passing = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            network.run(Duration.ofMillis(400));
            passing.add(passing().size());
            network.run(Duration.ofMillis(500));
        }
        assertThat(passing).containsExactly(6, 12, 12, 6, 12, 12, 6, 12, 12);
        partition.heal();
        network.run(Duration.ofMillis(400));
        assertThat(passing()).hasSize(12);
    }

    @Test
    void what_is_no_host_belongs_to_the_rest() {
        faults.partition(hosts(0));
        Transport outside = hosts.get(1).transport();
        outside.send(Endpoint.parse("192.0.2.1:1"), ByteBuffer.allocate(1));
        hosts.get(0).transport().send(Endpoint.parse("192.0.2.1:1"), ByteBuffer.allocate(1));
        network.run(SECOND);
        assertThat(network.traffic().unreachable()).isEqualTo(1);
        assertThat(network.traffic().cut()).isEqualTo(1);
    }

    @Test
    void a_fault_changes_the_luck_of_no_other_datagram() {
        assertThat(deliveredBetweenOthers(true))
                .isEqualTo(deliveredBetweenOthers(false))
                .isNotEmpty();
    }

    private static List<Long> deliveredBetweenOthers(boolean cut) {
        Link link = Link.of(Latency.wan()).withLoss(0.2).withBursts(SECOND, SECOND, 0.5);
        SimulatedNetwork network = SimulatedNetwork.seeded(5).link(link).build();
        SimulatedHost a = network.host();
        SimulatedHost b = network.host();
        SimulatedHost c = network.host();
        List<Long> times = new ArrayList<>();
        b.transport().open((from, datagram) -> times.add(network.nanoTime()));
        if (cut) {
            network.faults().isolate(c);
        }
        for (int i = 0; i < 100; i++) {
            a.transport().send(c.endpoint(), ByteBuffer.allocate(1));
            a.transport().send(b.endpoint(), ByteBuffer.allocate(1));
            network.run(Duration.ofMillis(50));
        }
        return times;
    }

    @Test
    void values_out_of_range_are_named() {
        assertThatThrownBy(() -> faults.partition(hosts(0, 1), hosts(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SimulatedHost[10.0.0.2:3282] is in two groups");
        Partition partition = faults.partition(hosts(0, 0));
        assertThatThrownBy(() -> partition.flapping(SECOND, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not PT0S");
    }
}

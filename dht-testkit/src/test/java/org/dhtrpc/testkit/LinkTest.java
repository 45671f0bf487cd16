package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Link PLAIN = Link.of(Latency.uniform(Duration.ofMillis(10), Duration.ofMillis(50)));

    /** Sends numbered datagrams, one a millisecond, and notes when each arrives, as often as it does. */
    private static Map<Integer, List<Long>> arrivals(Link link, int count) {
        SimulatedNetwork network = SimulatedNetwork.seeded(8).link(link).build();
        Transport sender = network.host().transport();
        Transport target = network.host().transport();
        Map<Integer, List<Long>> times = new TreeMap<>();
        target.open((from, datagram) -> times.computeIfAbsent(datagram.getInt(), key -> new ArrayList<>())
                .add(network.nanoTime()));
        for (int i = 0; i < count; i++) {
            sender.send(target.localAddress(), ByteBuffer.allocate(4).putInt(i).flip());
            network.run(Duration.ofMillis(1));
        }
        network.run(SECOND);
        return times;
    }

    private static Traffic traffic(Link link, int count) {
        SimulatedNetwork network = SimulatedNetwork.seeded(8).link(link).build();
        Transport sender = network.host().transport();
        SimulatedHost target = network.host();
        target.transport().open((from, datagram) -> {});
        for (int i = 0; i < count; i++) {
            sender.send(target.endpoint(), ByteBuffer.allocate(100));
            network.run(Duration.ofMillis(1));
        }
        network.run(SECOND);
        return network.traffic();
    }

    @Test
    void no_mishap_changes_the_delays_that_datagrams_have_without_it() {
        List<Long> plain = times(PLAIN);
        assertThat(plain).hasSize(200);
        for (Link losing : List.of(PLAIN.withLoss(0.3), PLAIN.withBursts(SECOND, SECOND, 0.5))) {
            assertThat(plain).containsAll(times(losing)).isNotEqualTo(times(losing));
        }
        assertThat(times(PLAIN.withDuplication(0.3))).containsAll(plain).isNotEqualTo(plain);
        assertThat(times(PLAIN.withCorruption(0.3))).isEqualTo(plain);
        assertThat(times(PLAIN.withLoss(0.3).withDuplication(1))).containsAll(times(PLAIN.withLoss(0.3)));
    }

    /** When 200 datagrams arrive, whatever they say, sorted. */
    private static List<Long> times(Link link) {
        return arrivals(link, 200).values().stream()
                .flatMap(List::stream)
                .sorted()
                .toList();
    }

    @Test
    void mishaps_draw_from_streams_of_their_own() {
        Link all = PLAIN.withLoss(0.2)
                .withBursts(SECOND, SECOND, 0.9)
                .withDuplication(0.2)
                .withReordering(0.2, SECOND)
                .withCorruption(0.2);
        Traffic together = traffic(all, 2_000);
        Traffic moreLoss = traffic(all.withLoss(0.4), 2_000);
        assertThat(moreLoss.lost()).isGreaterThan(together.lost());
        assertThat(traffic(all.withReordering(0, SECOND), 2_000)).isEqualTo(together);
        assertThat(traffic(all.withDuplication(0), 2_000).corrupted()).isEqualTo(together.corrupted());
        assertThat(traffic(all.withCorruption(0), 2_000).duplicated()).isEqualTo(together.duplicated());
    }

    @Test
    void who_is_corrupted_or_late_does_not_depend_on_what_else_is_drawn() {
        Link corrupting = PLAIN.withCorruption(0.2);
        assertThat(traffic(corrupting.withBursts(SECOND, SECOND, 0), 2_000)).isEqualTo(traffic(corrupting, 2_000));
        Duration minute = Duration.ofMinutes(1);
        Link drawsOne = Link.of(Latency.parse("constant:20ms")).withReordering(0.2, minute);
        Link drawsTwo = Link.of(Latency.parse("lognormal:20ms,21ms")).withReordering(0.2, minute);
        assertThat(arrivals(drawsTwo, 500).keySet())
                .isEqualTo(arrivals(drawsOne, 500).keySet());
    }

    @Test
    void bursts_lose_their_share_and_come_in_a_row() {
        // One in five of the time is bad, and nine in ten are lost then.
        Link link = PLAIN.withBursts(Duration.ofMillis(400), Duration.ofMillis(100), 0.9);
        Map<Integer, List<Long>> arrived = arrivals(link, 100_000);
        assertThat(100_000 - arrived.size()).isCloseTo(18_000, within(1_000));
        int both = 0;
        for (int i = 1; i < 100_000; i++) {
            both += !arrived.containsKey(i) && !arrived.containsKey(i - 1) ? 1 : 0;
        }
        // After one that was lost the next, a millisecond later, is lost too: 0.9 of e^(-1/80) of the time and a bit.
        assertThat(both / (100_000.0 - arrived.size())).isCloseTo(0.89, within(0.01));
    }

    @Test
    void spells_belong_to_the_sender_and_pass_while_it_is_silent() {
        Link link = PLAIN.withBursts(SECOND, SECOND, 1);
        SimulatedNetwork network = SimulatedNetwork.seeded(3).link(link).build();
        SimulatedHost target = network.host();
        List<Long> lost = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            SimulatedHost sender = network.host();
            sender.transport().send(target.endpoint(), ByteBuffer.allocate(1));
            long first = network.traffic().lost();
            sender.transport().send(target.endpoint(), ByteBuffer.allocate(1));
            long same = network.traffic().lost() - first;
            network.run(Duration.ofMinutes(1));
            sender.transport().send(target.endpoint(), ByteBuffer.allocate(1));
            lost.add(first - lost.stream().mapToLong(Long::longValue).sum());
            lost.add(same);
            lost.add(network.traffic().lost() - first - same);
        }
        int equalAtOnce = 0;
        int equalLater = 0;
        int bad = 0;
        for (int i = 0; i < 600; i += 3) {
            equalAtOnce += lost.get(i).equals(lost.get(i + 1)) ? 1 : 0;
            equalLater += lost.get(i).equals(lost.get(i + 2)) ? 1 : 0;
            bad += lost.get(i).intValue();
        }
        assertThat(equalAtOnce).as("the state stands at one instant").isEqualTo(200);
        assertThat(equalLater).as("and is forgotten after a minute").isBetween(70, 130);
        assertThat(bad).isBetween(70, 130);
    }

    @Test
    void a_duplicated_datagram_arrives_twice_with_two_delays() {
        Map<Integer, List<Long>> arrived = arrivals(PLAIN.withDuplication(0.25), 10_000);
        assertThat(arrived).hasSize(10_000);
        long twice =
                arrived.values().stream().filter(times -> times.size() == 2).count();
        assertThat(twice).isBetween(2_350L, 2_650L);
        assertThat(arrived.values().stream().filter(times -> times.size() == 2))
                .allMatch(times -> !times.get(0).equals(times.get(1)));
        assertThat(traffic(PLAIN.withDuplication(1), 10)).satisfies(traffic -> {
            assertThat(traffic.sent()).isEqualTo(10);
            assertThat(traffic.duplicated()).isEqualTo(10);
            assertThat(traffic.delivered()).isEqualTo(20);
        });
    }

    @Test
    void reordered_datagrams_are_overtaken() {
        Link constant = Link.of(Latency.constant(Duration.ofMillis(10)));
        Map<Integer, List<Long>> arrived = arrivals(constant.withReordering(0.1, SECOND), 10_000);
        assertThat(arrived).hasSize(10_000);
        long late = arrived.entrySet().stream()
                .mapToLong(entry -> entry.getValue().get(0) - entry.getKey() * 1_000_000L)
                .peek(delay -> assertThat(delay).isBetween(10_000_000L, 1_010_000_000L))
                .filter(delay -> delay > 10_000_000)
                .count();
        assertThat(late).isBetween(900L, 1_100L);
    }

    @Test
    void a_datagram_above_the_mtu_never_arrives() {
        assertThat(traffic(PLAIN.withMtu(100), 5).delivered()).isEqualTo(5);
        assertThat(traffic(PLAIN.withMtu(99), 5)).satisfies(traffic -> {
            assertThat(traffic.tooLarge()).isEqualTo(5);
            assertThat(traffic.delivered()).isZero();
            assertThat(traffic.lost()).isZero();
        });
    }

    @Test
    void corruption_flips_bits_and_leaves_the_size() {
        SimulatedNetwork network =
                SimulatedNetwork.seeded(8).link(PLAIN.withCorruption(1)).build();
        Transport sender = network.host().transport();
        SimulatedHost target = network.host();
        List<Bytes> received = new ArrayList<>();
        target.transport().open((from, datagram) -> received.add(Bytes.copyOf(datagram)));
        for (int i = 0; i < 100; i++) {
            sender.send(target.endpoint(), ByteBuffer.allocate(50));
        }
        sender.send(target.endpoint(), ByteBuffer.allocate(0));
        network.run(SECOND);
        assertThat(received).hasSize(101).doesNotHaveDuplicates();
        assertThat(received)
                .filteredOn(bytes -> bytes.size() == 50)
                .hasSize(100)
                .allSatisfy(bytes -> {
                    int flipped = 0;
                    for (int i = 0; i < 50; i++) {
                        flipped += Integer.bitCount(bytes.get(i) & 0xFF);
                    }
                    assertThat(flipped).isBetween(0, 8);
                });
    }

    @Test
    void what_is_corrupted_is_malformed_in_both_fidelities_though_it_could_be_read() {
        for (SimulatedNetworkBuilder builder :
                List.of(SimulatedNetwork.seeded(4), SimulatedNetwork.seeded(4).byReference())) {
            SimulatedNetwork network = builder.link(PLAIN.withCorruption(0.5)).build();
            SimulatedHost here = network.host();
            SimulatedHost there = network.host();
            Codec codec = there.codec(new ToyCodec());
            List<String> read = new ArrayList<>();
            there.transport().open((from, datagram) -> {
                try {
                    Message message = codec.decode(datagram);
                    read.add("read");
                    assertThat(message.value()).isEqualTo(Bytes.of(new byte[1_000]));
                } catch (MalformedMessageException e) {
                    read.add("malformed");
                }
            });
            Codec theirs = here.codec(new ToyCodec());
            for (int i = 0; i < 200; i++) {
                ByteBuffer buffer = ByteBuffer.allocate(1_100);
                theirs.encode(ToyCodec.ping(i, Bytes.of(new byte[1_000])), buffer);
                here.transport().send(there.endpoint(), buffer.flip());
            }
            network.run(SECOND);
            assertThat(read).hasSize(200);
            assertThat(read.stream().filter("malformed"::equals).count())
                    .isEqualTo(network.traffic().corrupted())
                    .isBetween(80L, 120L);
        }
    }

    @Test
    void a_link_can_be_replaced_and_have_exceptions() {
        SimulatedNetwork network = SimulatedNetwork.seeded(8).build();
        SimulatedHost a = network.host();
        SimulatedHost b = network.host();
        SimulatedHost c = network.host();
        Link broken = PLAIN.withLoss(1);
        network.link(a, b, broken);
        assertThat(passes(network, List.of(a, b, c))).containsExactly("ac", "ba", "bc", "ca", "cb");
        network.link(c, broken);
        assertThat(passes(network, List.of(a, b, c))).containsExactly("ba");
        network.link(a, c, PLAIN);
        assertThat(passes(network, List.of(a, b, c))).containsExactly("ac", "ba");
        network.link(a, b, null);
        network.link(c, (Link) null);
        network.link(broken);
        assertThat(passes(network, List.of(a, b, c))).containsExactly("ac");
        network.link(b, PLAIN);
        assertThat(passes(network, List.of(a, b, c))).containsExactly("ab", "ac", "ba", "bc", "cb");
    }

    private static List<String> passes(SimulatedNetwork network, List<SimulatedHost> hosts) {
        List<String> passed = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            for (int j = 0; j < hosts.size(); j++) {
                long lost = network.traffic().lost();
                if (i != j) {
                    hosts.get(i).transport().send(hosts.get(j).endpoint(), ByteBuffer.allocate(1));
                    if (network.traffic().lost() == lost) {
                        passed.add("" + (char) ('a' + i) + (char) ('a' + j));
                    }
                }
            }
        }
        return passed;
    }

    @Test
    void values_out_of_range_are_named() {
        assertThatThrownBy(() -> PLAIN.withLoss(1.5)).hasMessage("A probability is from 0 to 1, not 1.5");
        assertThatThrownBy(() -> PLAIN.withDuplication(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PLAIN.withCorruption(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PLAIN.withReordering(0.5, Duration.ofMinutes(2)))
                .hasMessageContaining("not PT2M");
        assertThatThrownBy(() -> PLAIN.withBursts(SECOND, SECOND, 2)).hasMessageContaining("not 2.0");
        assertThatThrownBy(() -> PLAIN.withBursts(SECOND, Duration.ZERO, 1)).hasMessageContaining("not PT0S");
        assertThatThrownBy(() -> PLAIN.withMtu(-1)).hasMessage("An MTU is 0 or more bytes, not -1");
    }

    @Test
    void traffic_is_counted_by_kind() {
        SimulatedNetwork network = SimulatedNetwork.seeded(8).build();
        EchoNode here = new EchoNode(network.host());
        SimulatedHost there = network.host();
        EchoNode echo = new EchoNode(there);
        assertThat(echo).isNotNull();
        network.await(here.ask(there.endpoint(), Bytes.EMPTY));
        there.transport().send(there.endpoint(), ByteBuffer.allocate(1).limit(0));
        assertThat(network.traffic().kinds()).isEqualTo(Map.of("reply", 1L, "request ping", 1L, "unknown", 1L));
    }
}

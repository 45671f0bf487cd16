package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

class SimulatedHostTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(31).build();
    private final SimulatedHost host = network.host();
    private final SimulatedHost other = network.host();
    private final Transport transport = host.transport();
    private final EventLoop loop = transport.loop();
    private final List<String> happened = new ArrayList<>();

    private void note(String what) {
        happened.add(what + " at " + network.elapsed().toSeconds());
    }

    private void timer(int seconds, String what) {
        loop.schedule(Duration.ofSeconds(seconds).toNanos(), () -> note(what));
    }

    private void send(SimulatedHost from, SimulatedHost to, int value) {
        from.transport()
                .send(to.endpoint(), ByteBuffer.allocate(1).put((byte) value).flip());
    }

    private void openBoth() {
        transport.open((from, datagram) -> note("received " + datagram.get()));
        other.transport().open((from, datagram) -> note("other received " + datagram.get()));
    }

    @Test
    void on_a_paused_host_nothing_happens_and_later_all_of_it_in_its_order() {
        openBoth();
        timer(3, "timer b");
        timer(1, "timer a");
        EventLoop.Timer cancelled = loop.schedule(SECOND.toNanos(), () -> note("never"));
        host.pause();
        host.pause();
        loop.execute(() -> note("task"));
        other.transport().loop().execute(() -> note("other's task"));
        network.run(Duration.ofSeconds(2));
        send(other, host, 1);
        send(host, other, 2);
        network.run(Duration.ofSeconds(8));
        assertThat(happened).containsExactly("other's task at 0", "other received 2 at 2");
        happened.clear();
        cancelled.cancel();
        loop.execute(() -> note("task after the pause"));
        host.resume();
        host.resume();
        network.run(SECOND);
        assertThat(happened)
                .containsExactly(
                        "task at 10",
                        "timer a at 10",
                        "received 1 at 10",
                        "timer b at 10",
                        "task after the pause at 10");
        timer(20, "timer c");
        network.run(Duration.ofSeconds(20));
        assertThat(happened).last().isEqualTo("timer c at 20");
    }

    @Test
    void a_host_that_is_paused_again_while_it_catches_up_keeps_the_rest() {
        host.pause();
        loop.execute(() -> {
            note("first");
            host.pause();
        });
        loop.execute(() -> note("second"));
        network.run(SECOND);
        host.resume();
        network.run(SECOND);
        assertThat(happened).containsExactly("first at 1");
        host.resume();
        network.run(SECOND);
        assertThat(happened).containsExactly("first at 1", "second at 2");
    }

    @Test
    void a_task_that_fails_when_its_host_catches_up_harms_no_other() {
        host.pause();
        loop.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        loop.execute(() -> note("second"));
        network.run(SECOND);
        host.resume();
        assertThatThrownBy(() -> network.run(SECOND)).hasRootCauseMessage("on purpose");
        network.run(SECOND);
        assertThat(happened).containsExactly("second at 1");
    }

    @Test
    void a_crash_drops_what_the_node_had_to_do_and_what_was_to_come() {
        openBoth();
        timer(1, "timer");
        loop.execute(() -> note("task"));
        send(other, host, 1);
        send(host, other, 2);
        host.crash();
        loop.execute(() -> note("later task"));
        timer(2, "later timer");
        send(other, host, 3);
        network.run(Duration.ofSeconds(5));
        assertThat(happened).as("what it had sent before arrives").containsExactly("other received 2 at 0");
        assertThat(network.traffic().unreachable()).isEqualTo(2);
    }

    @Test
    void a_crash_of_a_paused_host_drops_what_waited_there() {
        openBoth();
        host.pause();
        loop.execute(() -> note("task"));
        send(other, host, 1);
        network.run(SECOND);
        host.crash();
        host.resume();
        host.transport().open((from, datagram) -> note("successor received " + datagram.get()));
        send(other, host, 2);
        network.run(SECOND);
        assertThat(happened).containsExactly("successor received 2 at 1");
        assertThat(network.traffic().unreachable()).isEqualTo(1);
    }

    @Test
    void what_crashes_is_told_and_can_send_nothing_any_more() {
        Transport sibling = network.await(transport.sibling());
        List<String> told = new ArrayList<>();
        transport.open(new Told(told, "transport", sibling));
        sibling.open(new Told(told, "sibling", transport));
        host.crash();
        host.crash();
        network.run(SECOND);
        assertThat(told).containsExactly("transport", "sibling");
        assertThat(network.traffic().sent()).isZero();
        assertThat(host.transport()).isNotSameAs(transport);
        assertThat(host.transport().localAddress()).isEqualTo(host.endpoint());
        assertThat(host.transport().loop()).isNotSameAs(loop);
        assertThat(transport.loop()).as("always the same").isSameAs(loop);
        assertThat(network.await(host.transport().sibling()).loop())
                .isSameAs(host.transport().loop());
    }

    private record Told(List<String> told, String name, Transport another) implements Transport.Receiver {
        @Override
        public void receive(Endpoint from, ByteBuffer datagram) {}

        @Override
        public void closed() {
            told.add(name);
            another.send(Endpoint.parse("10.0.0.2:3282"), ByteBuffer.allocate(1));
            another.loop().execute(() -> told.add("after the end"));
        }
    }

    @Test
    void after_a_restart_a_host_is_the_same_or_a_stranger() {
        Key id = host.id();
        long first = host.random().nextLong();
        host.crash();
        assertThat(host.id()).isEqualTo(id);
        assertThat(host.random().nextLong()).as("goes on").isNotEqualTo(first);
        host.renew();
        assertThat(host.id()).isNotEqualTo(id);
        Key second = host.id();
        host.renew();
        assertThat(host.id()).isNotIn(id, second);
        assertThat(other.id())
                .as("others are not touched")
                .isEqualTo(secondHost(SimulatedNetwork.seeded(31).build()).id());
        SimulatedHost again = SimulatedNetwork.seeded(31).build().host();
        again.renew();
        assertThat(again.id()).isEqualTo(second);
    }

    private static SimulatedHost secondHost(SimulatedNetwork network) {
        network.host();
        return network.host();
    }

    @Test
    void a_host_with_an_open_socket_is_not_renewed() {
        assertThatThrownBy(host::renew)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SimulatedHost[10.0.0.1:3282] has a transport that is not closed; close it or crash first");
        transport.close();
        host.renew();
    }

    @Test
    void a_host_with_its_transport_and_loop_takes_few_bytes() {
        int count = 100_000;
        List<Transport> transports = new ArrayList<>(count);
        long before = heap();
        for (int i = 0; i < count; i++) {
            transports.add(network.host().transport());
        }
        long bytes = (heap() - before) / count;
        assertThat(transports).hasSize(count);
        assertThat(bytes).as("bytes per host").isBetween(100L, 350L);
    }

    @Test
    void talking_to_all_others_takes_no_memory_for_each_of_them() {
        int count = 400;
        SimulatedNetwork network = SimulatedNetwork.seeded(1)
                .link(Link.of(Latency.wan())
                        .withLoss(0.1)
                        .withBursts(SECOND, SECOND, 0.5)
                        .withDuplication(0.1)
                        .withReordering(0.1, SECOND)
                        .withCorruption(0.1)
                        .withBandwidth(1_000_000, 1_000_000, 100_000))
                .build();
        List<SimulatedHost> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add(network.host());
            hosts.get(i).transport().open((from, datagram) -> {});
        }
        network.faults().partition(hosts.subList(0, count / 2));
        ByteBuffer datagram = ByteBuffer.allocate(20);
        long before = heap();
        for (SimulatedHost from : hosts) {
            for (SimulatedHost to : hosts) {
                from.transport().send(to.endpoint(), datagram.clear());
            }
            network.run(SECOND);
        }
        long bytes = (heap() - before) / count / count;
        assertThat(network.traffic().delivered()).isGreaterThan(count * count / 4);
        assertThat(bytes).as("bytes per pair").isLessThan(4);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.junit.jupiter.api.Test;

class SimulatedTransportTest extends TransportContract {
    // One latency, so that no datagram of the contract overtakes another.
    private final SimulatedNetwork network = SimulatedNetwork.seeded(11)
            .latency(Duration.ofMillis(10), Duration.ofMillis(10))
            .build();
    private final Map<Endpoint, SimulatedHost> hosts = new HashMap<>();
    private final Set<Transport> bound = new HashSet<>();
    private final SimulatedHost here = network.host();
    private final SimulatedHost there = network.host();
    private final Transport sender = here.transport();
    private final Transport target = there.transport();
    private final List<Bytes> received = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    @Override
    protected Transport bind(InetAddress host) {
        SimulatedHost machine = network.host();
        hosts.put(machine.endpoint(), machine);
        bound.add(machine.transport());
        return machine.transport();
    }

    @Override
    protected boolean simulated() {
        return true;
    }

    @Override
    protected boolean ipv6() {
        return false;
    }

    @Override
    protected void await(BooleanSupplier condition) {
        Crank.turn(network, condition);
    }

    @Override
    protected boolean isFree(Endpoint address) {
        SimulatedHost machine = hosts.get(address);
        // A host whose socket is closed makes another.
        return machine == null || !bound.contains(machine.transport());
    }

    private void openTarget() {
        target.open((from, datagram) -> received.add(Bytes.copyOf(datagram)));
    }

    private void send(String text) {
        sender.send(target.localAddress(), Bytes.utf8(text).toByteBuffer());
    }

    private void run() {
        network.run(Duration.ofSeconds(1));
    }

    private void assertTraffic(long sent, long unreachable, long delivered) {
        Traffic traffic = network.traffic();
        assertThat(List.of(traffic.sent(), traffic.unreachable(), traffic.delivered()))
                .containsExactly(sent, unreachable, delivered);
    }

    @Test
    void t1_theAddressIsKnownBeforeOpen() {
        assertThat(sender.localAddress())
                .isEqualTo(Endpoint.parse("10.0.0.1:3282"))
                .isEqualTo(here.endpoint());
        assertThat(target.localAddress()).isEqualTo(Endpoint.parse("10.0.0.2:3282"));
        assertThat(sender.loop()).isSameAs(sender.loop()).isNotSameAs(target.loop());
    }

    @Test
    void t2_aSecondOpenIsRefused() {
        openTarget();
        assertThatThrownBy(this::openTarget)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("10.0.0.2:3282 is open already");
        target.close();
        assertThatThrownBy(this::openTarget)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("10.0.0.2:3282 is closed already");
    }

    @Test
    void t4_aReceivedBufferIsBorrowedAndHoldsNothingElse() {
        List<ByteBuffer> kept = new ArrayList<>();
        target.open((from, datagram) -> kept.add(datagram));
        send("first");
        run();
        send("later");
        run();
        assertThat(kept.get(0).capacity()).isEqualTo(5);
        assertThat(Bytes.copyOf(kept.get(0))).isEqualTo(Bytes.utf8("later"));
    }

    @Test
    void t6_datagramsToNobodyVanish() {
        sender.send(Endpoint.parse("10.0.0.2:1"), ByteBuffer.allocate(1));
        sender.send(Endpoint.parse("192.0.2.1:3282"), ByteBuffer.allocate(1));
        sender.send(Endpoint.parse("[2001:db8::1]:3282"), ByteBuffer.allocate(1));
        sender.send(Endpoint.parse("0.0.0.0:0"), ByteBuffer.allocate(1));
        send("to one that is not open");
        run();
        assertTraffic(5, 5, 0);
    }

    @Test
    void t7_aDatagramThatIsTooLargeThrowsAtTheCall() {
        openTarget();
        sender.send(target.localAddress(), ByteBuffer.allocate(1_472));
        ByteBuffer tooLarge = ByteBuffer.allocate(1_473);
        assertThatThrownBy(() -> sender.send(target.localAddress(), tooLarge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1472 bytes, not 1473");
        run();
        assertThat(received).containsExactly(Bytes.of(new byte[1_472]));
        assertThat(sender.maxPayload()).isEqualTo(1_472);
    }

    @Test
    void t8_aReceiverThatThrowsIsReportedAndDoesNotStopTheNextDelivery() {
        target.open((from, datagram) -> {
            received.add(Bytes.copyOf(datagram));
            if (received.size() == 1) {
                throw new IllegalStateException("on purpose");
            }
        });
        send("a");
        send("b");
        assertThatThrownBy(this::run).isInstanceOf(SimulationException.class).hasRootCauseMessage("on purpose");
        run();
        assertThat(received).hasSize(2);
    }

    @Test
    void t11_afterCloseNothingIsReceivedOrSent() {
        openTarget();
        send("under way");
        target.close();
        target.close();
        ByteBuffer dropped = ByteBuffer.allocate(3);
        target.send(sender.localAddress(), dropped);
        assertThat(dropped.hasRemaining()).isFalse();
        run();
        assertThat(received).isEmpty();
        assertTraffic(1, 1, 0);
    }

    @Test
    void t12_afterCloseTheHostHasANewSocketAtTheSameAddress() {
        openTarget();
        assertThat(there.transport()).isSameAs(target);
        target.close();
        Transport successor = there.transport();
        successor.open((from, datagram) -> received.add(Bytes.copyOf(datagram)));
        target.close();
        send("hello");
        run();
        assertThat(successor).isNotSameAs(target);
        assertThat(received).containsExactly(Bytes.utf8("hello"));
    }

    @Test
    void aSiblingIsAnotherPortOfTheSameHost() {
        Transport sibling = network.await(sender.sibling());
        Transport another = network.await(sibling.sibling());
        assertThat(sibling.localAddress()).isEqualTo(Endpoint.parse("10.0.0.1:49152"));
        assertThat(another.localAddress()).isEqualTo(Endpoint.parse("10.0.0.1:49153"));
        assertThat(sibling.loop()).isSameAs(sender.loop());
        target.open((from, datagram) -> target.send(from, datagram));
        sibling.open((from, datagram) -> received.add(Bytes.copyOf(datagram)));
        sibling.send(target.localAddress(), Bytes.utf8("ping").toByteBuffer());
        run();
        assertThat(received).containsExactly(Bytes.utf8("ping"));
    }

    @Test
    void t17_closingTheNetworkTellsAllReceiversThatAreOpen() {
        sender.open(new Told("sender"));
        target.open(new Told("target"));
        network.host().transport();
        network.close();
        network.close();
        assertThat(ended).containsExactly("sender", "target");
    }

    @Test
    void t17_aReceiverThatThrowsWhenItIsToldKeepsNobodyFromClosing() {
        sender.open(new Told("sender") {
            @Override
            public void closed() {
                super.closed();
                // Without a stack trace, which would fill the log of the build.
                throw new Error("thrown on purpose by a test", null, false, false) {};
            }
        });
        target.open(new Told("target"));
        network.close();
        assertThat(ended).containsExactly("sender", "target");
    }

    @Test
    void t17_aReceiverMayCloseWhatIsClosed() {
        sender.open(new Told("sender") {
            @Override
            public void closed() {
                super.closed();
                sender.close();
                target.close();
                sender.send(target.localAddress(), ByteBuffer.allocate(1));
            }
        });
        target.open(new Told("target"));
        network.close();
        assertThat(ended).containsExactly("sender", "target");
    }

    private class Told implements Transport.Receiver {
        private final String name;

        Told(String name) {
            this.name = name;
        }

        @Override
        public void receive(Endpoint from, ByteBuffer datagram) {}

        @Override
        public void closed() {
            ended.add(name);
        }
    }

    @Test
    void aClosedTransportHasNoSiblings() {
        sender.close();
        assertThatThrownBy(() -> network.await(sender.sibling()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("10.0.0.1:3282 is closed");
    }

    @Test
    void siblingsRunThroughAllPortsAndSkipThoseInUse() {
        Transport first = network.await(sender.sibling());
        for (int i = 0; i < 65_535 - 49_152; i++) {
            network.await(sender.sibling()).close();
        }
        assertThat(network.await(sender.sibling()).localAddress().port()).isEqualTo(49_153);
        assertThat(first.localAddress().port()).isEqualTo(49_152);
    }
}

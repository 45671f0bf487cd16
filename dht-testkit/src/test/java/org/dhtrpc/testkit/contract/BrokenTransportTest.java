package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.Crank;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each of these transports is broken in one way, and fails the rule that it breaks and those which follow from it. They
 * are simulated, so that what never comes is not waited for.
 */
class BrokenTransportTest {
    private static UnaryOperator<Transport> fault = sound -> sound;

    static Stream<Arguments> transports() {
        return Stream.of(
                broken("is sound", sound -> sound, ""),
                broken("has port 0 until it is opened", PortZero::new, "T1"),
                broken("is opened any number of times", OpenedTwice::new, "T17 T2"),
                broken("drops what is empty", DropsEmpty::new, "T3"),
                broken("cuts what is long", CutsLong::new, "T3"),
                broken("sends from the caller's buffer later", SendsLater::new, "T4"),
                broken("leaves the position where it was", LeavesPosition::new, "T4"),
                broken("lends the byte order that the receiver before left", KeepsOrder::new, "T4"),
                broken("has another loop each time", OtherLoop::new, "T16 T5"),
                broken("throws where nothing can be reached", Throws::new, "T4 T6"),
                broken("drops what is too large", DropsLarge::new, "T7"),
                broken("ends with the first receiver that throws", EndsWithThrow::new, "T8"),
                broken("does not send inside a receive", NotInside::new, "T9"),
                broken("receives on after close", ReceivesOn::new, "T11 T12 T16 T2"),
                broken("keeps its port", KeepsPort::new, "T12 T16"),
                broken("reports another port", OtherPort::new, "T13 T9"),
                broken("loses one in twenty under load", Loses::new, "T14"),
                broken("has a sibling on another loop", OtherSibling::new, "T16"),
                broken("tells nobody of the end", TellsNobody::new, "T17"),
                broken("tells twice", TellsTwice::new, "T17"),
                broken("passes on what the receiver throws at the end", PassesOn::new, "T17"));
    }

    private static Arguments broken(String how, UnaryOperator<Transport> fault, String rules) {
        return arguments(how, fault, rules);
    }

    @ParameterizedTest(name = "a transport that {0} fails {2}")
    @MethodSource("transports")
    void fails(String how, UnaryOperator<Transport> fault, String rules) {
        BrokenTransportTest.fault = fault;
        assertThat(Verdict.of(Simulated.class)).isEqualTo(rules);
    }

    @Broken
    static class Simulated extends TransportContract {
        private final SimulatedNetwork network = SimulatedNetwork.seeded(1)
                .latency(Duration.ofMillis(10), Duration.ofMillis(10))
                .build();
        private final Map<Endpoint, SimulatedHost> hosts = new HashMap<>();
        private final Set<Transport> bound = new HashSet<>();

        @Override
        protected Transport bind(InetAddress host) {
            SimulatedHost machine = network.host();
            hosts.put(machine.endpoint(), machine);
            bound.add(machine.transport());
            return fault.apply(machine.transport());
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
            return machine == null || !bound.contains(machine.transport());
        }
    }

    private static final class PortZero extends Decorated {
        private boolean open;

        PortZero(Transport real) {
            super(real);
        }

        @Override
        public void open(Receiver receiver) {
            open = true;
            super.open(receiver);
        }

        @Override
        public Endpoint localAddress() {
            return open ? real.localAddress() : Endpoint.of(real.localAddress().address(), 0);
        }
    }

    private static final class OpenedTwice extends Decorated {
        private boolean open;

        OpenedTwice(Transport real) {
            super(real);
        }

        @Override
        public void open(Receiver receiver) {
            if (!open) {
                super.open(receiver);
            }
            open = true;
        }
    }

    private static final class DropsEmpty extends Decorated {
        DropsEmpty(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (datagram.hasRemaining()) {
                super.send(to, datagram);
            }
        }
    }

    private static final class CutsLong extends Decorated {
        CutsLong(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            receiver.receive(from, datagram.limit(Math.min(datagram.limit(), 1_000)));
        }
    }

    private static final class SendsLater extends Decorated {
        SendsLater(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (datagram.remaining() > maxPayload()) {
                super.send(to, datagram);
            }
            ByteBuffer kept = datagram.duplicate();
            datagram.position(datagram.limit());
            loop().execute(() -> super.send(to, kept));
        }
    }

    private static final class LeavesPosition extends Decorated {
        LeavesPosition(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            super.send(to, datagram.duplicate());
        }
    }

    private static final class KeepsOrder extends Decorated {
        private ByteOrder order = ByteOrder.BIG_ENDIAN;

        KeepsOrder(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            receiver.receive(from, datagram.order(order));
            order = datagram.order();
        }
    }

    private static final class OtherLoop extends Decorated {
        OtherLoop(Transport real) {
            super(real);
        }

        @Override
        public EventLoop loop() {
            return new DecoratedLoop(super.loop());
        }
    }

    private static final class Throws extends Decorated {
        Throws(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (to.port() == 0) {
                throw new IllegalArgumentException("Nobody has port 0");
            }
            super.send(to, datagram);
        }
    }

    private static final class DropsLarge extends Decorated {
        DropsLarge(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (datagram.remaining() <= maxPayload()) {
                super.send(to, datagram);
            }
        }
    }

    private static final class EndsWithThrow extends Decorated {
        private boolean threw;

        EndsWithThrow(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            if (!threw) {
                threw = true;
                receiver.receive(from, datagram);
                threw = false;
            }
        }
    }

    private static final class NotInside extends Decorated {
        private boolean inside;

        NotInside(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            inside = true;
            try {
                receiver.receive(from, datagram);
            } finally {
                inside = false;
            }
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (!inside) {
                super.send(to, datagram);
            }
        }
    }

    private static final class ReceivesOn extends Decorated {
        private @Nullable Receiver receiver;

        ReceivesOn(Transport real) {
            super(real);
        }

        @Override
        public void open(Receiver receiver) {
            super.open(receiver);
            this.receiver = receiver;
        }

        @Override
        public void close() {
            if (receiver != null) {
                try {
                    receiver.closed();
                } catch (Boom onPurpose) {
                    // As it should be.
                }
            }
            receiver = null;
        }
    }

    private static final class KeepsPort extends Decorated {
        private @Nullable Receiver receiver;
        private boolean closed;

        KeepsPort(Transport real) {
            super(real);
        }

        @Override
        public void open(Receiver receiver) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            super.open(receiver);
            this.receiver = receiver;
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            if (!closed) {
                receiver.receive(from, datagram);
            }
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            if (closed) {
                datagram.position(datagram.limit());
            } else {
                super.send(to, datagram);
            }
        }

        @Override
        public void close() {
            closed = true;
            if (receiver != null) {
                try {
                    receiver.closed();
                } catch (Boom onPurpose) {
                    // As it should be.
                }
            }
            receiver = null;
        }
    }

    private static final class OtherPort extends Decorated {
        OtherPort(Transport real) {
            super(real);
        }

        @Override
        void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
            receiver.receive(Endpoint.of(from.address(), from.port() + 1), datagram);
        }
    }

    private static final class Loses extends Decorated {
        private int sent;

        Loses(Transport real) {
            super(real);
        }

        @Override
        public void send(Endpoint to, ByteBuffer datagram) {
            sent++;
            if (sent < 1_000 || sent % 20 > 0) {
                super.send(to, datagram);
            }
        }
    }

    private static final class OtherSibling extends Decorated {
        OtherSibling(Transport real) {
            super(real);
        }

        @Override
        public CompletionStage<Transport> sibling() {
            return super.sibling().thenApply(OtherLoop::new);
        }
    }

    private static final class TellsNobody extends Decorated {
        TellsNobody(Transport real) {
            super(real);
        }

        @Override
        void closed(Receiver receiver) {}
    }

    private static final class TellsTwice extends Decorated {
        TellsTwice(Transport real) {
            super(real);
        }

        @Override
        void closed(Receiver receiver) {
            receiver.closed();
            receiver.closed();
        }
    }

    private static final class PassesOn extends Decorated {
        private @Nullable Receiver receiver;

        PassesOn(Transport real) {
            super(real);
        }

        @Override
        public void open(Receiver receiver) {
            super.open(receiver);
            this.receiver = receiver;
        }

        @Override
        void closed(Receiver receiver) {}

        @Override
        public void close() {
            super.close();
            Receiver last = receiver;
            receiver = null;
            if (last != null) {
                last.closed();
            }
        }
    }
}

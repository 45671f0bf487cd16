package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MappingLifetimeTest {
    private static final long HOUR = 3_600_000_000_000L;

    private static final class Node implements FakeNetwork.Receiver {
        private final FakeNetwork network;
        private final FakeNetwork.Host host;
        private final Transactions transactions;
        private final MappingLifetime lifetime;
        private boolean ended;
        private @Nullable Duration measured;

        Node(FakeNetwork network, FakeNat nat, RandomGenerator random) {
            this.network = network;
            host = network.host("192.168.1.2:3282", nat);
            host.receiver = this;
            transactions = new Transactions(host.timers, host.outbox);
            lifetime = new MappingLifetime(host.timers, host.outbox, transactions, random);
        }

        @Nullable
        Duration measure(Endpoint server, int most) {
            lifetime.begin(network.now, server, Duration.ofSeconds(most), (at, found) -> {
                ended = true;
                measured = found;
            });
            network.run(HOUR, () -> ended);
            assertThat(ended).isTrue();
            assertThat(host.open).isZero();
            assertThat(lifetime.running()).isFalse();
            return measured;
        }

        @Override
        public void opened(long now, int socket, Endpoint local) {
            lifetime.opened(now, socket);
        }

        @Override
        public void notOpened(long now, int socket) {
            lifetime.notOpened(now, socket);
        }

        @Override
        public void receive(long now, int socket, Endpoint from, byte[] datagram) {
            StunMessage message = StunMessage.read(ByteBuffer.wrap(datagram));
            if (message != null && !transactions.receive(now, socket, from, message)) {
                lifetime.receive(now, socket, from, message);
            }
        }
    }

    private static FakeNat nat(RandomGenerator random, Mapping mapping, int seconds) {
        FakeNat nat = new FakeNat(
                mapping,
                Filtering.ADDRESS_AND_PORT_DEPENDENT,
                Allocation.RANDOM,
                0,
                Endpoint.parse("198.18.7.7:0"),
                random);
        nat.lifetime = seconds * 1_000_000_000L;
        return nat;
    }

    private static @Nullable Duration measured(
            RandomGenerator random, Mapping mapping, int seconds, int most, double loss) {
        FakeNetwork network = new FakeNetwork(random, loss);
        Endpoint server = network.server("203.0.113.1:3282", null).address;
        return new Node(network, nat(random, mapping, seconds), random).measure(server, most);
    }

    @Test
    void a_lifetime_is_measured() {
        Seeded.rounds(3, random -> {
            for (Mapping mapping : new Mapping[] {Mapping.ENDPOINT_INDEPENDENT, Mapping.ADDRESS_AND_PORT_DEPENDENT}) {
                assertThat(measured(random, mapping, 32, 300, 0)).isEqualTo(Duration.ofSeconds(30));
                assertThat(measured(random, mapping, 125, 300, 0)).isEqualTo(Duration.ofMinutes(2));
                assertThat(measured(random, mapping, 5, 300, 0)).isEqualTo(Duration.ZERO);
            }
        });
    }

    @Test
    void nobody_waits_longer_than_is_allowed() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Endpoint server = network.server("203.0.113.1:3282", null).address;
            Node node = new Node(network, nat(random, Mapping.ENDPOINT_INDEPENDENT, 1_000), random);
            long begun = network.now;
            assertThat(node.measure(server, 40)).isEqualTo(Duration.ofSeconds(40));
            assertThat(network.now - begun).isLessThan(41_000_000_000L);
            assertThat(node.host.sentTo).hasSizeLessThan(20);
        });
    }

    @Test
    void lost_datagrams_do_not_shorten_it() {
        Seeded.rounds(
                20,
                random -> assertThat(measured(random, Mapping.ENDPOINT_INDEPENDENT, 62, 240, 0.1))
                        .isEqualTo(Duration.ofMinutes(1)));
    }

    @Test
    void a_server_that_cannot_answer_to_another_port_tells_nothing() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Endpoint server = network.plainServer("203.0.113.1:3282").address;
            long begun = network.now;
            Node node = new Node(network, nat(random, Mapping.ENDPOINT_INDEPENDENT, 1_000), random);
            assertThat(node.measure(server, 300)).isNull();
            assertThat(network.now - begun).isLessThan(1_000_000_000L);
        });
    }

    @Test
    void where_nobody_answers_nothing_is_known() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Node node = new Node(network, nat(random, Mapping.ENDPOINT_INDEPENDENT, 1_000), random);
            assertThat(node.measure(Endpoint.parse("203.0.113.1:3282"), 300)).isNull();
        });
    }

    @Test
    void without_sockets_nothing_is_known() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Endpoint server = network.server("203.0.113.1:3282", null).address;
            Node node = new Node(network, nat(random, Mapping.ENDPOINT_INDEPENDENT, 1_000), random);
            node.host.opensSockets = false;
            assertThat(node.measure(server, 300)).isNull();
        });
    }
}

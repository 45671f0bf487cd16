package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierTest {
    private static final Endpoint PUBLIC = Endpoint.parse("198.18.7.7:0");
    private static final String[] SERVERS = {"203.0.113.1:3282", "198.51.100.1:3282", "192.0.2.1:3282"};
    private static final long LONG = 20_000_000_000L;

    /** The kinds of the laboratory. */
    enum Kind {
        OPEN(Mapping.NONE, Filtering.ENDPOINT_INDEPENDENT, Allocation.PRESERVED, 0),
        FIREWALL(Mapping.NONE, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.PRESERVED, 0),
        FULL_CONE(Mapping.ENDPOINT_INDEPENDENT, Filtering.ENDPOINT_INDEPENDENT, Allocation.PRESERVED, 0),
        ADDRESS_RESTRICTED(Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_DEPENDENT, Allocation.PRESERVED, 0),
        PORT_RESTRICTED(Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.PRESERVED, 0),
        PORT_RESTRICTED_RANDOM(
                Mapping.ENDPOINT_INDEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.RANDOM, 0),
        SYMMETRIC(Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.RANDOM, 0),
        SYMMETRIC_SEQUENTIAL(
                Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.SEQUENTIAL, 1),
        SYMMETRIC_DOWN(
                Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.SEQUENTIAL, -2),
        SYMMETRIC_BY_ADDRESS(Mapping.ADDRESS_DEPENDENT, Filtering.ADDRESS_AND_PORT_DEPENDENT, Allocation.RANDOM, 0),
        SYMMETRIC_BY_ADDRESS_BOTH(Mapping.ADDRESS_DEPENDENT, Filtering.ADDRESS_DEPENDENT, Allocation.RANDOM, 0),
        SYMMETRIC_UNFILTERED(Mapping.ADDRESS_AND_PORT_DEPENDENT, Filtering.ENDPOINT_INDEPENDENT, Allocation.RANDOM, 0);

        private final Mapping mapping;
        private final Filtering filtering;
        private final Allocation allocation;
        private final int step;

        Kind(Mapping mapping, Filtering filtering, Allocation allocation, int step) {
            this.mapping = mapping;
            this.filtering = filtering;
            this.allocation = allocation;
            this.step = step;
        }

        FakeNat nat(RandomGenerator random) {
            return new FakeNat(mapping, filtering, allocation, step, PUBLIC, random);
        }
    }

    private static final class Node implements FakeNetwork.Receiver {
        private final FakeNetwork network;
        private final FakeNetwork.Host host;
        private final Transactions transactions;
        private final Classifier classifier;
        private final long begun;
        private boolean ended;
        private @Nullable NatProfile profile;

        Node(FakeNetwork network, FakeNat nat, RandomGenerator random) {
            this.network = network;
            host = network.host(nat.mapping == Mapping.NONE ? "198.18.7.7:3282" : "192.168.1.2:3282", nat);
            host.receiver = this;
            transactions = new Transactions(host.timers, host.outbox);
            classifier = new Classifier(host.timers, host.outbox, transactions, random);
            begun = network.now;
        }

        @Nullable
        NatProfile classify(List<Endpoint> helpers) {
            classifier.begin(network.now, helpers, host.address, (at, found) -> {
                ended = true;
                profile = found;
            });
            network.run(LONG, () -> ended);
            assertThat(ended).isTrue();
            return profile;
        }

        long millis() {
            return (network.now - begun) / 1_000_000;
        }

        @Override
        public void opened(long now, int socket, Endpoint local) {
            assertThat(classifier.opened(now, socket, local)).isTrue();
        }

        @Override
        public void notOpened(long now, int socket) {
            assertThat(classifier.notOpened(now, socket)).isTrue();
        }

        @Override
        public void receive(long now, int socket, Endpoint from, byte[] datagram) {
            StunMessage message = StunMessage.read(ByteBuffer.wrap(datagram));
            if (message != null && !transactions.receive(now, socket, from, message)) {
                classifier.receive(now, socket, from, message);
            }
        }
    }

    private static List<Endpoint> servers(FakeNetwork network, int count) {
        List<Endpoint> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(network.server(SERVERS[i], null).address);
        }
        return servers;
    }

    private static void check(Kind kind, @Nullable NatProfile profile) {
        assertThat(profile).isNotNull();
        assertThat(profile.mapping()).isEqualTo(kind.mapping);
        assertThat(profile.filtering()).isEqualTo(kind.filtering);
        assertThat(profile.allocation()).isEqualTo(kind.allocation);
        assertThat(profile.step()).isEqualTo(kind.step);
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_is_told_in_a_few_round_trips(Kind kind) {
        Seeded.rounds(20, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Node node = new Node(network, kind.nat(random), random);
            check(kind, node.classify(servers(network, 3)));
            assertThat(node.millis()).isLessThan(900);
            assertThat(node.host.sentTo).hasSizeLessThan(60);
            assertThat(node.host.open).isZero();
            System.out.println(kind + " " + node.millis() + " " + node.host.sentTo.size());
        });
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_is_told_with_two_servers(Kind kind) {
        Seeded.rounds(20, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            check(kind, new Node(network, kind.nat(random), random).classify(servers(network, 2)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_is_told_where_a_fifth_is_lost(Kind kind) {
        int[] wrong = {0, 0};
        Seeded.rounds(100, random -> {
            FakeNetwork network = new FakeNetwork(random, 0.2);
            Node node = new Node(network, kind.nat(random), random);
            NatProfile profile = node.classify(servers(network, 3));
            wrong[1] = Math.max(wrong[1], node.host.sentTo.size());
            try {
                check(kind, profile);
            } catch (AssertionError e) {
                System.out.println(kind + " " + profile);
                wrong[0]++;
            }
        });
        System.out.println(kind + " wrong " + wrong[0] + " most " + wrong[1]);
        assertThat(wrong[0]).isLessThanOrEqualTo(3);
    }

    @Test
    void where_nobody_answers_it_is_blocked() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            network.blocked = true;
            Node node = new Node(network, Kind.OPEN.nat(random), random);
            assertThat(node.classify(servers(network, 3))).isNull();
            assertThat(node.millis()).isLessThan(4_000);
            assertThat(node.host.open).isZero();
        });
    }
}

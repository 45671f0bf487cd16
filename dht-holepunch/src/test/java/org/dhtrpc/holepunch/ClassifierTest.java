package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

        boolean is(@Nullable NatProfile profile) {
            return profile != null
                    && profile.mapping() == mapping
                    && profile.filtering() == filtering
                    && profile.allocation() == allocation
                    && profile.step() == step;
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

        NatProfile classify(List<Endpoint> helpers) {
            return Objects.requireNonNull(classifyOrNot(helpers));
        }

        @Nullable
        NatProfile classifyOrNot(List<Endpoint> helpers) {
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
            classifier.opened(now, socket, local);
        }

        @Override
        public void notOpened(long now, int socket) {
            classifier.notOpened(now, socket);
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

    private static void check(Kind kind, NatProfile profile) {
        assertThat(profile.mapping()).isEqualTo(kind.mapping);
        assertThat(profile.filtering()).isEqualTo(kind.filtering);
        assertThat(profile.allocation()).isEqualTo(kind.allocation);
        assertThat(profile.step()).isEqualTo(kind.step);
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_is_told_in_a_few_round_trips(Kind kind) {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Node node = new Node(network, kind.nat(random), random);
            check(kind, node.classify(servers(network, 3)));
            assertThat(node.millis()).isLessThan(900);
            assertThat(node.host.sentTo).hasSizeLessThan(60);
            assertThat(node.host.open).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_is_told_with_two_servers(Kind kind) {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            check(kind, new Node(network, kind.nat(random), random).classify(servers(network, 2)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_is_told_where_a_fifth_is_lost(Kind kind) {
        int[] wrong = {0};
        Seeded.rounds(200, random -> {
            FakeNetwork network = new FakeNetwork(random, 0.2);
            Node node = new Node(network, kind.nat(random), random);
            NatProfile profile = node.classifyOrNot(servers(network, 3));
            assertThat(node.host.sentTo).hasSizeLessThan(60);
            assertThat(node.millis()).isLessThan(6_000);
            wrong[0] += kind.is(profile) ? 0 : 1;
        });
        assertThat(wrong[0]).isLessThanOrEqualTo(12);
    }

    @Test
    void where_nobody_answers_it_is_blocked() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            network.blocked = true;
            Node node = new Node(network, Kind.OPEN.nat(random), random);
            assertThat(node.classifyOrNot(servers(network, 3))).isNull();
            assertThat(node.millis()).isLessThan(2_500);
            assertThat(node.host.open).isZero();
        });
    }

    @Test
    void without_servers_nothing_is_known() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            assertThat(new Node(network, Kind.OPEN.nat(random), random).classifyOrNot(List.of()))
                    .isNull();
        });
    }

    @ParameterizedTest
    @EnumSource
    void one_server_gives_what_it_can(Kind kind) {
        Seeded.rounds(5, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            NatProfile profile = new Node(network, kind.nat(random), random).classify(servers(network, 1));
            assertThat(profile.mapping())
                    .isEqualTo(
                            kind == Kind.PORT_RESTRICTED_RANDOM || kind.mapping == Mapping.ADDRESS_DEPENDENT
                                    ? Mapping.UNKNOWN
                                    : kind.mapping);
            boolean anybody = kind.filtering == Filtering.ENDPOINT_INDEPENDENT && kind != Kind.OPEN;
            assertThat(profile.filtering()).isEqualTo(anybody ? Filtering.ADDRESS_DEPENDENT : kind.filtering);
            assertThat(profile.allocation()).isEqualTo(kind.allocation);
        });
    }

    @Test
    void servers_that_are_dead_are_done_without() {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            List<Endpoint> helpers =
                    new ArrayList<>(List.of(Endpoint.parse("203.0.113.99:1"), Endpoint.parse("203.0.113.98:1")));
            helpers.addAll(servers(network, 2));
            Node node = new Node(network, Kind.FULL_CONE.nat(random), random);
            check(Kind.FULL_CONE, node.classify(helpers));
            assertThat(node.millis()).isLessThan(1_000);
        });
    }

    @ParameterizedTest
    @EnumSource
    void servers_that_only_the_main_socket_reaches_are_done_without(Kind kind) {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            FakeNetwork.Host one = network.server("203.0.113.99:1", null);
            FakeNetwork.Host other = network.server("198.51.100.98:1", null);
            one.guarded = true;
            other.guarded = true;
            List<Endpoint> helpers = new ArrayList<>(List.of(one.address, other.address));
            helpers.addAll(servers(network, 2));
            Node node = new Node(network, kind.nat(random), random);
            check(kind, node.classify(helpers));
            assertThat(node.millis()).isLessThan(1_300);
        });
    }

    @Test
    void a_neighbour_does_not_make_us_think_that_there_is_no_nat() {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            FakeNat nat = Kind.PORT_RESTRICTED.nat(random);
            Node node = new Node(network, nat, random);
            FakeNetwork.Host neighbour = network.server("192.168.1.3:3282", null);
            nat.neighbours.add(neighbour.address);
            List<Endpoint> helpers = new ArrayList<>(List.of(neighbour.address));
            helpers.addAll(servers(network, 2));
            check(Kind.PORT_RESTRICTED, node.classify(helpers));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nor_do_two_of_them(int servers) {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            FakeNat nat = Kind.PORT_RESTRICTED.nat(random);
            Node node = new Node(network, nat, random);
            nat.neighbours.add(network.server("192.168.1.3:3282", null).address);
            nat.neighbours.add(network.server("192.168.1.4:3282", null).address);
            List<Endpoint> helpers = new ArrayList<>(nat.neighbours);
            helpers.addAll(servers(network, servers));
            check(Kind.PORT_RESTRICTED, node.classify(helpers));
        });
    }

    @Test
    void a_liar_among_three_is_outvoted() {
        Seeded.rounds(10, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            List<Endpoint> helpers = servers(network, 2);
            helpers.add(network.liar(SERVERS[2], Endpoint.parse("6.6.6.6:666")).address);
            Node node = new Node(network, Kind.PORT_RESTRICTED.nat(random), random);
            NatProfile profile = node.classify(helpers);
            check(Kind.PORT_RESTRICTED, profile);
            assertThat(profile.publicAddress()).isEqualTo(Endpoint.of(PUBLIC.address(), 3282));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL_CONE", "PORT_RESTRICTED"})
    void hairpin_is_told(Kind kind) {
        Seeded.rounds(10, random -> {
            for (boolean hairpin : new boolean[] {true, false}) {
                FakeNetwork network = new FakeNetwork(random, 0);
                FakeNat nat = kind.nat(random);
                nat.hairpin = hairpin;
                NatProfile profile = new Node(network, nat, random).classify(servers(network, 3));
                check(kind, profile);
                assertThat(profile.hairpin()).isEqualTo(hairpin ? Answer.YES : Answer.NO);
            }
        });
    }

    @Test
    void others_behind_the_nat_take_ports_too_and_the_range_ends() {
        Seeded.rounds(30, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            FakeNat nat = Kind.SYMMETRIC_SEQUENTIAL.nat(random);
            nat.next = 24_095 - random.nextInt(12);
            nat.othersTake = 0.2;
            check(Kind.SYMMETRIC_SEQUENTIAL, new Node(network, nat, random).classify(servers(network, 3)));
        });
    }

    @Test
    void without_further_sockets_the_main_one_tells_of_the_mapping() {
        Seeded.rounds(1, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            Node node = new Node(network, Kind.SYMMETRIC.nat(random), random);
            node.host.opensSockets = false;
            NatProfile profile = node.classify(servers(network, 3));
            assertThat(profile.mapping()).isEqualTo(Mapping.ADDRESS_AND_PORT_DEPENDENT);
            assertThat(profile.filtering()).isEqualTo(Filtering.UNKNOWN);
            assertThat(profile.allocation()).isEqualTo(Allocation.UNKNOWN);
        });
    }

    @Test
    void servers_of_RFC_8489_alone_tell_of_the_mapping() {
        Seeded.rounds(5, random -> {
            FakeNetwork network = new FakeNetwork(random, 0);
            List<Endpoint> helpers = new ArrayList<>();
            for (String server : SERVERS) {
                helpers.add(network.plainServer(server).address);
            }
            NatProfile profile = new Node(network, Kind.FULL_CONE.nat(random), random).classify(helpers);
            assertThat(profile.mapping()).isEqualTo(Mapping.ENDPOINT_INDEPENDENT);
            assertThat(profile.filtering()).isEqualTo(Filtering.UNKNOWN);
            assertThat(profile.allocation()).isEqualTo(Allocation.PRESERVED);
        });
    }

    @Test
    void given_up_it_leaves_nothing() {
        Seeded.rounds(20, random -> {
            FakeNetwork network = new FakeNetwork(random, 0.1);
            Node node = new Node(network, Kind.SYMMETRIC.nat(random), random);
            List<Endpoint> servers = servers(network, 3);
            node.classifier.begin(network.now, servers, node.host.address, (at, found) -> node.ended = true);
            network.run(random.nextLong(300_000_000L), () -> node.ended);
            node.classifier.close();
            int sent = node.host.sentTo.size();
            network.run(LONG, () -> false);
            assertThat(node.ended).isFalse();
            assertThat(node.host.open).isZero();
            // What asks already, asks on; nobody listens.
            assertThat(node.transactions.size()).isZero();
            assertThat(node.host.sentTo.size() - sent).isLessThan(40);
            node.ended = false;
            check(Kind.SYMMETRIC, node.classify(servers));
        });
    }
}

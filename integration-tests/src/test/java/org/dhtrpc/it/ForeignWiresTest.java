package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryResult;
import org.dhtrpc.codec.dhtrpc.AddressIds;
import org.dhtrpc.codec.dhtrpc.DhtRpc1Codec;
import org.dhtrpc.codec.dhtrpc.DhtRpc6Codec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks that speak the wires of npm dht-rpc; against the packages themselves there is ./interop-test. */
class ForeignWiresTest {
    private static final DhtRpc6Codec SIX = new DhtRpc6Codec();

    private SimulatedNetwork network = SimulatedNetwork.seeded(6).build();

    @AfterEach
    void close() {
        network.close();
    }

    static List<Codec> codecs() {
        return List.of(SIX, new DhtRpc1Codec());
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void what_is_stored_is_on_the_nearest_and_found_though_datagrams_get_lost(Codec codec) {
        network = SimulatedNetwork.seeded(6).loss(0.02).build();
        Endpoint bootstrap = node(network.host(), codec).ephemeral(true).build().localAddress();
        List<KeyValueNode> nodes = new ArrayList<>();
        network.start(100, host -> {
            KeyValueNode node = new KeyValueNode(
                    node(host, codec).ephemeral(false).bootstrap(bootstrap).build());
            nodes.add(node);
            return node.dht;
        });
        nodes.forEach(node -> network.await(SimulatedStore.joins(node.dht)));
        network.run(Duration.ofMinutes(1));
        assertThat(nodes).allSatisfy(node -> assertThat(node.dht.ephemeral()).isFalse());

        Dht client =
                node(network.host(), codec).ephemeral(true).bootstrap(bootstrap).build();
        for (int i = 0; i < 10; i++) {
            Bytes value = Bytes.utf8("value " + i);
            network.await(client.closest(KeyValueNode.store(value)).results());
            assertThat(KeyValueNode.holders(nodes, value))
                    .as("%s", network)
                    .isEqualTo(Set.copyOf(KeyValueNode.nearest(nodes, Key.hashOf(value))));
            assertThat(network.await(client.query(KeyValueNode.lookup(value)).results()))
                    .extracting(QueryResult::value)
                    .contains(value);
        }
    }

    @Test
    void ids_follow_from_addresses_where_the_wire_wants_it() {
        Dht first = bootstrapper();
        Dht second = started(node(network.host(), SIX).ephemeral(false).bootstrap(first.localAddress()));

        assertThat(first.id()).isEqualTo(idAt(first.localAddress()));
        assertThat(second.id()).isEqualTo(idAt(second.localAddress()));
        assertThat(second.publicAddress()).isEqualTo(second.localAddress());
        assertThat(network.await(first.contacts())).hasSize(1);
    }

    @Test
    void a_node_behind_a_firewall_stays_ephemeral_and_takes_part_all_the_same() {
        Dht first = bootstrapper();
        KeyValueNode store = new KeyValueNode(
                started(node(network.host(), SIX).ephemeral(false).bootstrap(first.localAddress())));
        SimulatedHost host = network.host();
        List<DhtEvent> events = new ArrayList<>();
        Dht behind = node(host, SIX, new Firewall(host.transport()))
                .ephemeral(false)
                .bootstrap(first.localAddress())
                .build();
        behind.onEvent(events::add);
        network.await(behind.ready());

        assertThat(behind.ephemeral()).isTrue();
        assertThat(events).hasAtLeastOneElementOfType(DhtEvent.StaysEphemeral.class);
        assertThat(network.await(first.contacts())).hasSize(1);

        Bytes value = Bytes.utf8("from behind");
        network.await(behind.closest(KeyValueNode.store(value)).results());
        assertThat(store.holds(value)).isTrue();
        assertThat(network.await(behind.query(KeyValueNode.lookup(value)).results()))
                .extracting(QueryResult::value)
                .contains(value);
    }

    @Test
    void on_the_seeds_wire_a_node_behind_a_firewall_is_reached_by_a_ping_that_another_passes_on() {
        DhtRpc1Codec seeds = new DhtRpc1Codec();
        Dht first = node(network.host(), seeds).build();
        SimulatedHost host = network.host();
        Dht behind = node(host, seeds, new Firewall(host.transport()))
                .bootstrap(first.localAddress())
                .build();
        network.await(behind.ready());
        Dht client = started(node(network.host(), seeds).bootstrap(first.localAddress()));
        List<DhtEvent> events = new ArrayList<>();
        first.onEvent(events::add);

        assertThat(network.await(client.holepunch(behind.localAddress(), first.localAddress())))
                .satisfies(punched -> {
                    assertThat(punched.endpoint()).isEqualTo(behind.localAddress());
                    assertThat(punched.path()).isEqualTo("relayed ping");
                });
        assertThat(events).contains(new DhtEvent.PingRelayed(client.localAddress(), behind.localAddress()));
        assertThat(network.await(client.ping(behind.localAddress())).from()).isEqualTo(behind.localAddress());
        HolePuncher useless = (peer, referrer) -> CompletableFuture.failedStage(new IllegalStateException("no path"));
        Dht other = started(node(network.host(), seeds).holePuncher(useless).bootstrap(first.localAddress()));
        assertThat(network.await(other.holepunch(behind.localAddress(), first.localAddress()))
                        .path())
                .as("where the hole puncher finds no path")
                .isEqualTo("relayed ping");
        Endpoint nobody = Endpoint.parse("10.9.9.9:9");
        assertThatThrownBy(() -> network.await(client.holepunch(nobody, first.localAddress())))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(DhtException.Reason.PUNCH_FAILED));
    }

    @Test
    void an_adaptive_node_is_listed_after_twenty_minutes() {
        Dht first = bootstrapper();
        Dht adaptive = started(node(network.host(), SIX).bootstrap(first.localAddress()));
        network.run(Duration.ofMinutes(19));
        assertThat(adaptive.ephemeral()).isTrue();
        assertThat(network.await(first.contacts())).isEmpty();

        network.run(Duration.ofMinutes(2));
        assertThat(adaptive.ephemeral()).isFalse();
        assertThat(adaptive.id()).isEqualTo(idAt(adaptive.localAddress()));
        assertThat(network.await(first.contacts())).hasSize(1);
    }

    private Dht bootstrapper() {
        SimulatedHost host = network.host();
        String address = host.endpoint().toString();
        int colon = address.lastIndexOf(':');
        return DhtNode.bootstrapper(address.substring(0, colon), host.endpoint().port())
                .transport(host.transport())
                .codec(SIX)
                .random(host.random())
                .build();
    }

    private Dht started(NodeBuilder builder) {
        Dht node = builder.build();
        network.await(node.ready());
        return node;
    }

    private static Key idAt(Endpoint endpoint) {
        return AddressIds.INSTANCE.create(new SplittableRandom(0), endpoint);
    }

    private static NodeBuilder node(SimulatedHost host, Codec codec) {
        return node(host, codec, host.transport());
    }

    private static NodeBuilder node(SimulatedHost host, Codec codec, Transport transport) {
        return DhtNode.builder().transport(transport).codec(host.codec(codec)).random(host.random());
    }
}

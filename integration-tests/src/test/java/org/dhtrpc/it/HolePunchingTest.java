package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.holepunch.PunchException;
import org.dhtrpc.holepunch.PunchException.Failure;
import org.dhtrpc.holepunch.PunchOptions;
import org.dhtrpc.holepunch.PunchResult;
import org.dhtrpc.holepunch.PunchStats;
import org.dhtrpc.holepunch.PunchingTransport;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole nodes behind NATs, with the module that reaches them, in a network of others. */
class HolePunchingTest {
    private static final Bytes VALUE = Bytes.utf8("what only the hidden node has");
    private static final Key TARGET = Key.hashOf(VALUE);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(5)
            .latency(Duration.ofMillis(15), Duration.ofMillis(25))
            .build();
    private final Map<Dht, PunchingTransport> sockets = new LinkedHashMap<>();
    private final List<Dht> open = new ArrayList<>();

    @BeforeEach
    void formation() {
        for (int i = 0; i < 24; i++) {
            open.add(node(network.host()));
        }
        open.forEach(node -> network.await(node.ready()));
    }

    @AfterEach
    void close() {
        network.close();
    }

    private Dht node(SimulatedHost host) {
        PunchingTransport socket = PunchingTransport.over(host.transport(), PunchOptions.simulated(host.random()));
        Dht node = SimulatedStore.node(host)
                .transport(socket)
                .holePuncher(socket)
                .bootstrap(Endpoint.parse("10.0.0.1:3282"))
                .build();
        sockets.put(node, socket);
        return node;
    }

    private Dht behind(NatType type) {
        return behind(network.nat(type));
    }

    private Dht behind(Nat nat) {
        Dht node = node(network.host(nat));
        node.onQuery("have", query -> VALUE);
        network.await(node.ready());
        network.run(Duration.ofMinutes(1));
        return node;
    }

    private Endpoint referrer() {
        return open.get(0).localAddress();
    }

    private Endpoint where(Dht node) {
        return network.await(node.ping(referrer())).address();
    }

    private Punched punch(Dht from, Dht to) {
        return network.await(from.holepunch(where(to), referrer()));
    }

    private Bytes ask(Dht from, Endpoint to) {
        return network.await(from.request(to, Query.of("have", TARGET))).value();
    }

    @Test
    void a_query_that_must_pass_through_a_hidden_holder_of_the_value_finds_it_with_punching_and_not_without() {
        Dht hidden = behind(NatType.PORT_RESTRICTED);
        Dht client = behind(NatType.PORT_RESTRICTED);
        Query query = Query.of("have", hidden.id()).punchPatience(Duration.ofSeconds(3));

        assertThat(values(client, query.holepunching(false))).doesNotContain(VALUE);
        assertThat(values(client, query)).contains(VALUE);
    }

    private List<Bytes> values(Dht client, Query query) {
        return network.await(client.query(query).results()).stream()
                .map(QueryResult::value)
                .toList();
    }

    @Test
    void two_hidden_nodes_meet_by_a_node_that_both_know_and_the_result_says_how() {
        Dht ada = behind(NatType.PORT_RESTRICTED);
        Dht bob = behind(NatType.SYMMETRIC);

        Punched punched = punch(ada, bob);
        assertThat(punched).isInstanceOfSatisfying(PunchResult.class, result -> {
            assertThat(result.local().kind()).isEqualTo("port-restricted cone");
            assertThat(result.remote().kind()).isEqualTo("symmetric");
            assertThat(result.kind()).isEqualTo(PunchResult.Path.BIRTHDAY);
        });
        assertThat(ask(ada, punched.endpoint())).isEqualTo(VALUE);
        PunchStats stats = network.await(sockets.get(ada).stats());
        assertThat(stats.succeeded()).isPositive();
        assertThat(stats.paths()).isPositive();
    }

    @Test
    void where_nothing_else_helps_the_referrer_relays_and_cannot_read() {
        Dht ada = behind(NatType.SYMMETRIC);
        Dht bob = behind(NatType.SYMMETRIC);

        Punched punched = punch(ada, bob);
        assertThat(punched.path()).isEqualTo("relayed");
        assertThat(ask(ada, punched.endpoint())).isEqualTo(VALUE);
        assertThat(network.await(sockets.get(open.get(0)).stats()).relayedBytes())
                .isPositive();
    }

    @Test
    void a_path_is_found_again_after_a_router_was_rebooted_or_has_moved() {
        Nat nat = network.nat(NatType.PORT_RESTRICTED);
        Dht ada = behind(nat);
        Dht bob = behind(NatType.SYMMETRIC);
        Endpoint path = punch(ada, bob).endpoint();

        nat.reboot();
        assertThat(foundAgain(ada, path)).isTrue();
        nat.move();
        assertThat(foundAgain(ada, path)).isTrue();
    }

    /** Asks for half a minute, as somebody does who uses the path. */
    private boolean foundAgain(Dht ada, Endpoint path) {
        for (int i = 0; i < 20; i++) {
            network.run(Duration.ofSeconds(2));
            try {
                return ask(ada, path).equals(VALUE);
            } catch (RuntimeException lost) {
                // Not yet.
            }
        }
        return false;
    }

    @Test
    void a_referrer_that_does_not_know_the_peer_says_so_in_a_round_trip() {
        Dht ada = behind(NatType.PORT_RESTRICTED);
        punch(ada, behind(NatType.FULL_CONE));
        Duration before = network.elapsed();
        assertThatThrownBy(() -> network.await(ada.holepunch(Endpoint.parse("10.128.77.77:1"), referrer())))
                .isInstanceOfSatisfying(
                        PunchException.class,
                        failure -> assertThat(failure.failure()).isEqualTo(Failure.PEER_UNKNOWN));
        assertThat(network.elapsed().minus(before)).isLessThan(Duration.ofMillis(60));
    }
}

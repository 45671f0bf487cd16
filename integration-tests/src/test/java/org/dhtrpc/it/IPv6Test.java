package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.await;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.transport.nio.NioTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The other address family, alone and beside the first. */
class IPv6Test {
    private static final Bytes VALUE = Bytes.utf8("value");

    private final Loopback network = new Loopback();

    @AfterEach
    void close() {
        network.close();
    }

    private Dht start(String host, Endpoint... bootstrap) {
        return start(host, builder -> builder.bootstrap(bootstrap));
    }

    private Dht start(String host, UnaryOperator<org.dhtrpc.node.NodeBuilder> options) {
        return network.start(NioTransport.bind(network.loop(), host, 0), options);
    }

    @Test
    void thirty_nodes_on_the_loopback_address_of_IPv6_store_and_find() {
        Endpoint bootstrap = start("::1", builder -> builder.ephemeral(true)).localAddress();
        assertThat(bootstrap).hasToString("[0:0:0:0:0:0:0:1]:" + bootstrap.port());
        List<KeyValueNode> store = stores(30, "::1", bootstrap);
        Dht writer = start("::1", builder -> builder.ephemeral(true).bootstrap("[::1]:" + bootstrap.port()));

        List<QueryResult> commits =
                await(writer.closest(KeyValueNode.store(VALUE)).results());
        assertThat(commits)
                .hasSize(KeyValueNode.REPLICAS)
                .allSatisfy(commit -> assertThat(commit.from().isIPv4()).isFalse());

        Dht reader = start("::1", bootstrap);
        assertThat(await(reader.query(KeyValueNode.lookup(VALUE)).first(result -> VALUE.equals(result.value()))))
                .isPresent();
        assertThat(KeyValueNode.holders(store, VALUE)).hasSize(KeyValueNode.REPLICAS);
        assertThat(await(reader.ping(bootstrap)).address()).isEqualTo(reader.localAddress());
    }

    @Test
    void a_socket_on_any_address_talks_to_both_families() {
        Dht dual = start("::");
        int port = dual.localAddress().port();
        dual.onQuery("echo", query -> query.value());
        Dht four = start(Loopback.HOST);
        Dht six = start("::1");
        List.of(four, six).forEach(node -> node.onQuery("echo", query -> query.value()));
        Query echo = Query.of("echo", dual.id()).value(VALUE);

        // Each sees the other as it is addressed: nowhere an IPv4 address in the form of IPv6.
        assertThat(await(four.ping(Endpoint.parse("127.0.0.1:" + port))).address())
                .isEqualTo(four.localAddress());
        assertThat(await(six.ping(Endpoint.parse("[::1]:" + port))).address()).isEqualTo(six.localAddress());
        assertThat(await(dual.ping(four.localAddress())).address()).isEqualTo(Endpoint.parse("127.0.0.1:" + port));
        assertThat(await(dual.ping(six.localAddress())).address()).isEqualTo(Endpoint.parse("[::1]:" + port));
        assertThat(await(dual.request(four.localAddress(), echo)).value()).isEqualTo(VALUE);
        assertThat(await(dual.request(six.localAddress(), echo)).value()).isEqualTo(VALUE);
        assertThat(await(four.request(":" + port, echo)).value()).isEqualTo(VALUE);
        assertThat(await(six.request("[::1]:" + port, echo)).value()).isEqualTo(VALUE);
    }

    @Test
    void nodes_of_one_family_skip_candidates_of_the_other_and_a_dual_node_reaches_all() {
        Dht dual = start("::", builder -> builder.ephemeral(true));
        Endpoint four = Endpoint.parse("127.0.0.1:" + dual.localAddress().port());
        Endpoint six = Endpoint.parse("[::1]:" + dual.localAddress().port());
        List<KeyValueNode> fours = stores(6, Loopback.HOST, four);
        List<KeyValueNode> sixes = stores(6, "::1", six);
        List<KeyValueNode> all = new ArrayList<>(fours);
        all.addAll(sixes);

        Dht ofFour = start(Loopback.HOST, builder -> builder.ephemeral(true).bootstrap(four));
        QueryStream narrow = ofFour.closest(KeyValueNode.store(VALUE));
        assertThat(await(narrow.results()))
                .hasSameSizeAs(fours)
                .allSatisfy(result -> assertThat(result.from().isIPv4()).isTrue());
        QuerySummary summary = await(narrow.summary());
        assertThat(summary.failures()).isZero();

        Dht ofBoth = start("::", builder -> builder.ephemeral(true).bootstrap(four, six));
        await(ofBoth.ready());
        assertThat(await(ofBoth.closest(KeyValueNode.store(VALUE)).results())).hasSameSizeAs(all);
        assertThat(KeyValueNode.holders(all, VALUE)).hasSameSizeAs(all);
    }

    private List<KeyValueNode> stores(int count, String host, Endpoint bootstrap) {
        List<KeyValueNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new KeyValueNode(start(host, bootstrap)));
        }
        nodes.forEach(node -> await(node.dht.ready()));
        return nodes;
    }
}

package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.HOST;
import static org.dhtrpc.it.Loopback.await;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.QueryResult;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.netty.NettyIo;
import org.dhtrpc.transport.netty.NettyLoops;
import org.dhtrpc.transport.netty.NettyTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One network of nodes with every transport there is: which one a node has makes no difference to the others. */
class MixedTransportsTest {
    private final Loopback network = new Loopback();
    private final List<NettyLoops> groups = Arrays.stream(NettyIo.values())
            .filter(NettyIo::available)
            .map(io -> NettyLoops.start(io, 1))
            .toList();

    @AfterEach
    void close() {
        network.close();
        groups.forEach(NettyLoops::close);
    }

    @Test
    void what_is_stored_by_a_node_of_each_kind_is_found_by_one_of_each() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        List<KeyValueNode> nodes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sockets().forEach(socket -> nodes.add(new KeyValueNode(node(socket, bootstrap))));
        }
        nodes.forEach(node -> await(node.dht.ready()));
        List<Dht> clients =
                sockets().stream().map(socket -> node(socket, bootstrap)).toList();
        for (Dht writer : clients) {
            Bytes value = Bytes.utf8("by " + writer.localAddress());
            assertThat(await(writer.closest(KeyValueNode.store(value)).results()))
                    .hasSize(Math.min(KeyValueNode.REPLICAS, nodes.size()));
            for (Dht reader : clients) {
                assertThat(await(reader.query(KeyValueNode.lookup(value)).results()))
                        .extracting(QueryResult::value)
                        .contains(value);
            }
        }
    }

    private Dht node(Transport socket, Endpoint bootstrap) {
        return network.start(socket, builder -> builder.bootstrap(bootstrap));
    }

    /** One of each kind. */
    private List<Transport> sockets() {
        List<Transport> sockets = new ArrayList<>(List.of(network.socket()));
        groups.forEach(group -> sockets.add(NettyTransport.bind(group, HOST, 0)));
        return sockets;
    }
}

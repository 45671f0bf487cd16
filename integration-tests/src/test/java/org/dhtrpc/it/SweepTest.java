package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.junit.SimulationTest;
import org.dhtrpc.testkit.junit.Simulations;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The production node under the JUnit extension: whatever the seed, and the same twice. */
class SweepTest {
    @RegisterExtension
    static final Simulations simulations = Simulations.of(host -> DhtNode.builder()
                    .transport(host.transport())
                    .codec(host.codec(new MsgpackCodec()))
                    .random(host.random())
                    .id(host.id())
                    .bootstrap("10.0.0.1:3282")
                    .build())
            .on(seed -> SimulatedNetwork.seeded(seed).loss(0.05));

    @SimulationTest(nodes = 50, seeds = 3, twice = true)
    void every_node_finds_another(SimulatedNetwork network, List<Dht> nodes) {
        nodes.forEach(node -> network.await(node.ready()));
        for (int i = 0; i < nodes.size(); i++) {
            Key target = nodes.get((i + 7) % nodes.size()).id();
            var search = nodes.get(i).findNode(target);
            network.await(search.results());
            assertThat(network.await(search.summary()).closest().get(0).id()).isEqualTo(target);
        }
    }
}

package org.dhtrpc.examples.simulations;

// readme:start
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.*;
import org.dhtrpc.testkit.*;
import org.dhtrpc.testkit.junit.*;
import org.junit.jupiter.api.extension.RegisterExtension;

class TenThousandNodesTest {
    @RegisterExtension
    static final Simulations simulations = Simulations.of(host -> {
        NodeBuilder node = DhtNode.builder().transport(host.transport()).codec(host.codec(new MsgpackCodec()));
        node.random(host.random()).id(host.id()).verifiedContacts(host.contacts());
        return node.build();
    });

    @SimulationTest(nodes = 10_000)
    void lookups_find_the_nearest(SimulatedNetwork network) {
        assertThat(new Survey(network).lookups(300).run()).hasRecall(1).hasRequestsPerLookup(34);
    }
}
// readme:end

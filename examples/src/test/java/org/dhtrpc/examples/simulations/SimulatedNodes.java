package org.dhtrpc.examples.simulations;

import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.testkit.SimulatedHost;

/** Production nodes on simulated hosts. */
final class SimulatedNodes {
    private SimulatedNodes() {}

    /** What makes a node deterministic. */
    static NodeBuilder on(SimulatedHost host) {
        return DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(new MsgpackCodec()))
                .random(host.random())
                .id(host.id());
    }

    /** A node that is there at once, with a table that is filled; or one that joins, if a scenario has it come later. */
    static Dht warm(SimulatedHost host) {
        return on(host)
                .ephemeral(host.nat() != null)
                .verifiedContacts(host.contacts())
                .savedContacts(host.savedContacts())
                .bootstrap(host.bootstrap().toArray(Endpoint[]::new))
                .build();
    }
}

package org.dhtrpc.it;

import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.scenario.Laboratory;

/** Where scenarios are run with nodes of this project. */
final class Laboratories {
    private Laboratories() {}

    static Laboratory msgpack() {
        return Laboratory.of(Laboratories::node).codec(MsgpackCodec::new);
    }

    static Dht node(SimulatedHost host) {
        return SimulatedStore.node(host)
                .ephemeral(host.nat() != null)
                .verifiedContacts(host.contacts())
                .savedContacts(host.savedContacts())
                .bootstrap(host.bootstrap().toArray(Endpoint[]::new))
                .build();
    }
}

package org.dhtrpc.it;

import java.util.function.UnaryOperator;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.scenario.Laboratory;

/** Where scenarios are run with nodes of this project. */
final class Laboratories {
    private Laboratories() {}

    static Laboratory msgpack() {
        return Laboratory.of(Laboratories::node).codec(MsgpackCodec::new);
    }

    static Dht node(SimulatedHost host) {
        return node(host, UnaryOperator.identity());
    }

    /** One whose codec is not what it should be. */
    static Dht node(SimulatedHost host, UnaryOperator<Codec> defect) {
        return SimulatedStore.node(host)
                .codec(defect.apply(host.codec(new MsgpackCodec())))
                .ephemeral(host.nat() != null)
                .verifiedContacts(host.contacts())
                .savedContacts(host.savedContacts())
                .bootstrap(host.bootstrap().toArray(Endpoint[]::new))
                .build();
    }
}

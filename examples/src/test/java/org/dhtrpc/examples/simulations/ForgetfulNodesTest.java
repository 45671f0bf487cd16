package org.dhtrpc.examples.simulations;

// readme:start
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dhtrpc.*;
import org.dhtrpc.message.*;
import org.dhtrpc.testkit.*;
import org.junit.jupiter.api.Test;

class ForgetfulNodesTest {
    /** Takes whatever it is given to store, says so, and throws it away. */
    static final class Forgetful implements Adversary {
        int forgotten;

        @Override
        public void received(Foothold host, Endpoint from, Message message) {
            if (message instanceof Request store && store.commit()) {
                forgotten++;
                Key id = host.host().id();
                host.send(from, new Reply(store.transaction(), id, from, null, null, ErrorCode.NONE, null));
            } else {
                host.deliver(from, message);
            }
        }
    }

    @Test
    void a_value_is_found_though_every_second_node_forgets_it() {
        SimulatedNetwork network = SimulatedNetwork.seeded(1).build();
        List<Dht> nodes = network.start(100, SimulatedNodes::warm);
        nodes.forEach(SimulatedNodes::storing);
        Forgetful forgetful = new Forgetful();
        network.hosts().stream().filter(host -> host.number() % 2 == 0).forEach(host -> host.capture(forgetful));

        Bytes value = Bytes.utf8("hello");
        Key key = Key.hashOf(value);
        network.await(nodes.get(0).closest(Query.of("put", key).value(value)).results());
        assertThat(forgetful.forgotten).isBetween(1, 19);
        assertThat(SimulatedNodes.finds(network, nodes.get(99), key, value)).isTrue();
    }
}
// readme:end

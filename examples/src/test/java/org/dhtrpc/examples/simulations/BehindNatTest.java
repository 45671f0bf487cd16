package org.dhtrpc.examples.simulations;

// readme:start
import static org.assertj.core.api.Assertions.*;

import java.util.List;
import org.dhtrpc.*;
import org.dhtrpc.testkit.*;
import org.junit.jupiter.api.Test;

class BehindNatTest {
    private final SimulatedNetwork network = SimulatedNetwork.seeded(1).build();
    private final List<Dht> open = network.start(30, SimulatedNodes::warm);

    @Test
    void a_home_asks_whom_it_likes_and_is_reached_by_whom_it_has_asked() {
        Nat router = network.nat(NatType.PORT_RESTRICTED);
        SimulatedHost laptop = network.host(router); // 192.168.0.2
        Dht inside = network.start(laptop, SimulatedNodes::warm);
        Survey survey = new Survey(network).searchers(List.of(inside)).lookups(20);
        assertThat(survey.run().recall()).isEqualTo(1);

        Endpoint outside =
                network.await(inside.ping(open.get(0).localAddress())).address();
        assertThat(outside.address()).isEqualTo(router.address().address());
        network.await(open.get(0).ping(outside));

        router.reboot(); // and has forgotten whom it let in
        assertThatThrownBy(() -> network.await(open.get(0).ping(outside))).isInstanceOf(DhtException.class);
        assertThat(network.traffic().filtered()).isPositive();
    }
}
// readme:end

package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.Laboratory.Peer;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.junit.jupiter.api.Test;

class WitnessesTest {
    @Test
    void helpers_that_were_not_there_at_first_are_asked_again() {
        try (Laboratory lab = new Laboratory(1, 0, 0)) {
            Nat nat = lab.network.nat(NatType.PORT_RESTRICTED);
            SimulatedHost host = lab.network.host(nat);
            List<Endpoint> helpers = List.of(Endpoint.parse("10.0.0.2:3282"), Endpoint.parse("10.0.0.3:3282"));
            Peer peer =
                    new Peer(host, nat, PunchOptions.simulated(host.random()).helpers(helpers));
            lab.network.run(Duration.ofSeconds(20));
            assertThat(lab.network.await(peer.transport.profile()).mapping()).isEqualTo(Mapping.UNKNOWN);

            for (Endpoint helper : helpers) {
                SimulatedHost late = lab.network.host();
                Peer started = new Peer(late, null, PunchOptions.simulated(late.random()));
                assertThat(started.transport.localAddress()).isEqualTo(helper);
            }
            lab.network.run(Duration.ofMinutes(1));
            assertThat(lab.network.await(peer.transport.profile()).mapping()).isEqualTo(Mapping.ENDPOINT_INDEPENDENT);
        }
    }
}

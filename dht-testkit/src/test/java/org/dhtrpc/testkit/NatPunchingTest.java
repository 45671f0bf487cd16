package org.dhtrpc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What plain hole punching gives between two NATs: the same as between two of Linux. */
class NatPunchingTest {
    private static final Map<String, NatType> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("full cone", NatType.FULL_CONE);
        TYPES.put("address-restricted", NatType.ADDRESS_RESTRICTED);
        TYPES.put("port-restricted", NatType.PORT_RESTRICTED);
        TYPES.put("symmetric", NatType.SYMMETRIC);
        TYPES.put("firewall", NatType.FIREWALL);
    }

    @Test
    void plain_punching_opens_the_pairs_that_it_opens_in_the_field() {
        assertThat(table(SimulatedNetwork.seeded(1).build()))
                .containsExactly(
                        "full cone: open open open open open",
                        "address-restricted: open open open open open",
                        "port-restricted: open open open closed open",
                        "symmetric: open open closed closed closed",
                        "firewall: open open open closed open");
    }

    private static List<String> table(SimulatedNetwork network) {
        Sockets sockets = new Sockets(network);
        Transport observer = sockets.open();
        List<String> table = new ArrayList<>();
        TYPES.forEach((name, here) -> {
            StringBuilder row = new StringBuilder(name + ":");
            for (NatType there : TYPES.values()) {
                Transport a = sockets.open(network.nat(here));
                Transport b = sockets.open(network.nat(there));
                row.append(punched(sockets, observer, a, b) ? " open" : " closed");
            }
            table.add(row.toString());
        });
        return table;
    }

    @ParameterizedTest
    @CsvSource({"0, true, true", "100, true, false", "100, false, true"})
    void routers_that_take_unknown_datagrams_for_their_own_have_to_be_punched_at_once(
            int late, boolean trap, boolean open) {
        SimulatedNetwork network = SimulatedNetwork.seeded(2)
                .latency(Latency.constant(Duration.ofMillis(20)))
                .build();
        Sockets sockets = new Sockets(network);
        Transport observer = sockets.open();
        NatType type = NatType.PORT_RESTRICTED.tracksUnknown(trap);
        Transport a = sockets.open(network.nat(type));
        Transport b = sockets.open(network.nat(type));
        Endpoint toA = sockets.seen(a, observer);
        Endpoint toB = sockets.seen(b, observer);
        sockets.sendNow(a, toB);
        network.run(Duration.ofMillis(late));
        for (int round = 0; round < 5; round++) {
            sockets.sendNow(b, toA);
            sockets.sendNow(a, toB);
            network.run(Duration.ofMillis(100));
        }
        assertThat(sockets.received(a).contains(toB)).isEqualTo(open);
        assertThat(sockets.received(b).contains(toA)).isEqualTo(open);
    }

    /** Both send to where the observer saw the other, and then to where the other's datagrams come from. */
    static boolean punched(Sockets sockets, Transport observer, Transport a, Transport b) {
        Endpoint toB = sockets.seen(b, observer);
        Endpoint toA = sockets.seen(a, observer);
        int before = sockets.received(a).size() + sockets.received(b).size();
        for (int round = 0; round < 3; round++) {
            sockets.sendNow(a, toB);
            sockets.sendNow(b, toA);
            sockets.network.run(Duration.ofMillis(100));
            toB = sockets.received(a).isEmpty() ? toB : sockets.lastSource(a);
            toA = sockets.received(b).isEmpty() ? toA : sockets.lastSource(b);
        }
        return sockets.received(a).size() + sockets.received(b).size() > before
                && sockets.reaches(a, toB, b)
                && sockets.reaches(b, toA, a);
    }
}

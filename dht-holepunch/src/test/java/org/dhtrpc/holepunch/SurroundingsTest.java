package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dhtrpc.holepunch.Laboratory.Peer;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.NatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Traps on the way, and networks inside of networks. */
class SurroundingsTest {
    private static PunchResult connects(Laboratory lab, Peer from, Peer to) {
        lab.network.run(Duration.ofSeconds(4));
        Object outcome = lab.punch(from, to, lab.referrer(0));
        assertThat(outcome).isInstanceOf(PunchResult.class);
        PunchResult result = (PunchResult) outcome;
        assertThat(lab.converse(from, result.endpoint(), to))
                .as(result.toString())
                .isTrue();
        return result;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 5, 20, 80})
    void a_router_that_takes_early_packets_for_its_own(long millis) {
        for (int seed = 0; seed < 5; seed++) {
            for (NatType other : new NatType[] {NatType.PORT_RESTRICTED, NatType.PORT_RESTRICTED.tracksUnknown(true)}) {
                try (Laboratory lab = new Laboratory(seed, 0, 3)) {
                    lab.network.link(Link.of(Latency.constant(Duration.ofMillis(millis))));
                    Peer from = lab.peer(NatType.PORT_RESTRICTED.tracksUnknown(true));
                    Peer to = lab.peer(other);
                    assertThat(connects(lab, from, to).kind()).isEqualTo(Path.PUNCHED);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"pr,true", "pr,false", "sym,true", "sym,false", "fc,false", "seq,false"})
    void two_hosts_behind_one_router(String kind, boolean hairpin) {
        try (Laboratory lab = new Laboratory(1, 0, 3)) {
            Nat nat = lab.network.nat(Kinds.of(kind).hairpin(hairpin));
            PunchResult result = connects(lab, lab.peer(nat, options -> options), lab.peer(nat, options -> options));
            assertThat(result.kind()).isIn(Path.LAN, hairpin ? Path.PUNCHED : Path.LAN);
        }
    }

    @Test
    void equal_private_addresses_in_two_homes_of_one_provider() {
        try (Laboratory lab = new Laboratory(1, 0, 3)) {
            Nat provider = lab.network.nat(NatType.FULL_CONE.hairpin(true).lan("100.64.0.0/16"));
            NatType home = NatType.PORT_RESTRICTED.lan("192.168.1.0/24");
            Nat one = lab.network.nat(home, provider);
            Nat two = lab.network.nat(home, provider);
            // The first one's second host is at the address that the other end has in its own home.
            Peer from = lab.peer(one, options -> options);
            lab.peer(two, options -> options);
            Peer to = lab.peer(two, options -> options);
            Peer wrong = lab.peer(one, options -> options);
            assertThat(wrong.transport.localAddress()).isEqualTo(to.transport.localAddress());
            PunchResult result = connects(lab, from, to);
            assertThat(result.kind()).isEqualTo(Path.PUNCHED);
            assertThat(wrong.received).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void two_customers_of_one_provider(boolean hairpin) {
        try (Laboratory lab = new Laboratory(1, 0, 3)) {
            Nat provider =
                    lab.network.nat(NatType.PORT_RESTRICTED.hairpin(hairpin).lan("100.64.0.0/16"));
            Peer from = lab.peer(lab.network.nat(NatType.PORT_RESTRICTED, provider), options -> options);
            Peer to = lab.peer(lab.network.nat(NatType.PORT_RESTRICTED, provider), options -> options);
            assertThat(connects(lab, from, to).kind()).isEqualTo(hairpin ? Path.PUNCHED : Path.RELAYED);
        }
    }

    @Test
    void a_customer_of_a_provider_with_random_ports_and_somebody_at_home() {
        Map<Path, Integer> ways = new TreeMap<>();
        IntStream.range(0, 3).forEach(seed -> {
            try (Laboratory lab = new Laboratory(seed, 0, 3)) {
                Nat provider = lab.network.nat(NatType.SYMMETRIC.lan("100.64.0.0/16"));
                Peer from = lab.peer(lab.network.nat(NatType.PORT_RESTRICTED, provider), options -> options);
                ways.merge(
                        connects(lab, from, lab.peer(NatType.PORT_RESTRICTED)).kind(), 1, Integer::sum);
            }
        });
        assertThat(ways).isEqualTo(Map.of(Path.BIRTHDAY, 3));
    }
}

package org.dhtrpc.testkit.adversary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Request;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Tap;
import org.dhtrpc.testkit.ToyCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What attackers send, without nodes; what becomes of nodes is tested where there are any. */
class PuppetsTest {
    private static final Key KEY = Key.hashOf(Bytes.utf8("key"));

    private final SimulatedNetwork network = SimulatedNetwork.seeded(4).build();
    private final Endpoint victim = network.host().endpoint();
    private final List<Endpoint> others =
            List.of(Endpoint.parse("10.9.0.1:1"), Endpoint.parse("10.9.0.2:2"), Endpoint.parse("10.9.0.3:3"));
    private final List<Message> sent = new ArrayList<>();
    private final List<Endpoint> destinations = new ArrayList<>();

    PuppetsTest() {
        network.tap(new Tap() {
            @Override
            public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
                sent.add(message);
                destinations.add(to);
            }
        });
    }

    @AfterEach
    void close() {
        network.close();
    }

    private SimulatedHost puppet(Adversary adversary) {
        SimulatedHost host = network.host();
        host.capture(adversary, new ToyCodec());
        return host;
    }

    @Test
    void a_flood_keeps_its_rate_waits_while_its_host_does_and_ends_when_that_is_released() {
        Flood flood = new Flood(victim, 10, Command.PING, null);
        SimulatedHost host = puppet(flood);
        network.run(Duration.ofMillis(999));
        assertThat(flood.sent()).isEqualTo(10);
        assertThat(destinations).containsOnly(victim);
        host.pause();
        network.run(Duration.ofSeconds(1));
        assertThat(flood.sent()).isEqualTo(10);
        host.resume();
        network.run(Duration.ofSeconds(1));
        assertThat(flood.sent()).isEqualTo(30);
        host.release();
        network.run(Duration.ofSeconds(5));
        assertThat(sent).hasSize(30);
        assertThat(flood.sent()).isEqualTo(30);
    }

    @Test
    void a_reflection_asks_all_in_turn() {
        puppet(new Reflection(victim, others, 6, Command.PING, null));
        network.run(Duration.ofMillis(999));
        assertThat(destinations)
                .containsExactly(
                        others.get(0), others.get(1), others.get(2), others.get(0), others.get(1), others.get(2));
        assertThat(sent).allMatch(message -> message instanceof Request && message.sender() == null);
    }

    @Test
    void guesses_have_as_many_bits_as_the_wire() {
        SpoofedReplies spoofed = new SpoofedReplies(victim, others, 1_000, 16);
        puppet(spoofed);
        network.run(Duration.ofMillis(999));
        assertThat(spoofed.sent()).isEqualTo(1_000);
        assertThat(sent).allMatch(message -> message.transaction() >>> 16 == 0);
        assertThat(sent.stream().map(Message::transaction).distinct().count()).isGreaterThan(900);
    }

    @Test
    void ids_share_what_they_shall_and_differ() {
        Function<Foothold, Key> near = Sybils.sharing(64, KEY);
        List<Key> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            puppet(new Adversary() {
                @Override
                public void begin(Foothold host) {
                    ids.add(near.apply(host));
                }
            });
        }
        assertThat(ids).allMatch(id -> KEY.commonPrefix(id) >= 64);
        assertThat(new HashSet<>(ids)).hasSize(100);
        assertThat(Inventions.near(KEY, 20, null, network.hosts().get(0).random()))
                .hasSize(20)
                .allMatch(contact -> KEY.commonPrefix(contact.id()) >= 40);
    }

    @Test
    void an_eclipse_has_puppets_for_each_bucket_in_turn() {
        Eclipse eclipse = new Eclipse(victim, KEY, 3);
        for (int i = 0; i < 7; i++) {
            network.host().capture(eclipse, new ToyCodec());
        }
        assertThat(eclipse.ids().stream().map(KEY::commonPrefix)).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void nonsense_is_refused_by_its_name() {
        for (double rate : new double[] {0, -1, 1_000_001, Double.NaN}) {
            assertRefused(
                    () -> new Flood(victim, rate, Command.PING, null),
                    "A rate is more than 0 and at most 1000000 a second, not " + rate);
        }
        assertRefused(() -> new Reflection(victim, List.of(), 1, Command.PING, null), "A reflection needs nodes");
        assertRefused(() -> new SpoofedReplies(victim, others, 1, 65), "transactions of 1 to 64 bits, not 3 and 65");
        assertRefused(() -> new SpoofedReplies(victim, List.of(), 1, 64), "not 0 and 64");
        assertRefused(() -> new Eclipse(victim, KEY, 0), "A table has 1 to 256 buckets, not 0");
        assertRefused(() -> Sybils.sharing(256, KEY), "An id shares 0 to 255 bits with a key, not 256");
        assertRefused(() -> new SlowDrips(Duration.ofMillis(-1)), "A delay is 0 to 365 days, not PT-0.001S");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(words);
    }
}

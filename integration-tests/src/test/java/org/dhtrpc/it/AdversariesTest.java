package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Rejection;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Oracle;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.Tap;
import org.dhtrpc.testkit.adversary.BlackHoles;
import org.dhtrpc.testkit.adversary.Eclipse;
import org.dhtrpc.testkit.adversary.Flood;
import org.dhtrpc.testkit.adversary.Reflection;
import org.dhtrpc.testkit.adversary.SlowDrips;
import org.dhtrpc.testkit.adversary.SpoofedReplies;
import org.dhtrpc.testkit.adversary.TokenReplay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the attackers of the testkit achieve against production nodes; liars and sybils have tests of their own. */
class AdversariesTest {
    private static final int NODES = 300;

    private SimulatedNetwork network =
            SimulatedNetwork.seeded(1).publicAddresses().byReference().build();
    private final List<Dht> good = new ArrayList<>();

    @AfterEach
    void close() {
        network.close();
    }

    private static Dht warm(SimulatedHost host) {
        return SimulatedStore.node(host).verifiedContacts(host.contacts()).build();
    }

    private void start(int count) {
        good.addAll(network.start(count, AdversariesTest::warm));
    }

    /** Every fifth host is in the hands of an adversary. */
    private void start(Adversary adversary) {
        network.start(NODES, host -> {
            Dht node = warm(host);
            if (host.number() % 5 == 0) {
                host.capture(adversary);
            } else {
                good.add(node);
            }
            return node;
        });
    }

    private void puppets(int count, Adversary adversary) {
        for (int i = 0; i < count; i++) {
            network.host().capture(adversary, new MsgpackCodec());
        }
    }

    private Survey survey() {
        return new Survey(network)
                .searchers(good)
                .truth(Oracle.of(good))
                .lookups(100)
                .atOnce(10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void black_holes_cost_time_but_nobody_is_missed(boolean pings) {
        start(pings ? new BlackHoles() : BlackHoles.silent());
        assertThat(survey().run()).hasRecall(0.99).hasLatencyP99(Duration.ofSeconds(4));
    }

    @Test
    void a_lookup_does_not_wait_for_those_who_answer_just_before_the_time_out() {
        start(new SlowDrips());
        assertThat(survey().run()).hasRecall(0.99).hasLatencyP99(Duration.ofSeconds(4));
    }

    @Test
    void puppets_around_a_node_that_is_settled_get_the_places_that_are_free_and_nobody_elses() {
        start(NODES);
        Dht victim = warm(network.host());
        List<Key> before = contacts(victim);
        Eclipse eclipse = surround(victim);
        assertThat(contacts(victim)).containsAll(before);
        assertThat(honest(victim, eclipse)).hasSameElementsAs(before);
        // They have the near places, which are nobody's, and so are among the nearest to what is looked for there.
        assertThat(contacts(victim)).hasSizeGreaterThan(3 * before.size());
        assertThat(survey().searchers(List.of(victim)).run()).hasSuccess(0.99).hasRecall(0.85);
    }

    @Test
    void puppets_that_wait_for_a_node_to_start_eclipse_it() {
        start(NODES);
        Endpoint bootstrap = good.get(0).localAddress();
        Dht victim = SimulatedStore.node(network.host()).bootstrap(bootstrap).build();
        Eclipse eclipse = surround(victim);
        // Not a promise but a fact: docs/simulation.md tells it. Whoever mends it may say so here and there.
        assertThat(honest(victim, eclipse)).hasSizeLessThan(10);
        assertThat(survey().searchers(List.of(victim)).run().recall()).isLessThan(0.7);
    }

    /** Sets as many upon a node as it has places in its farthest 16 buckets, and waits until they are settled. */
    private Eclipse surround(Dht victim) {
        Eclipse eclipse = new Eclipse(victim.localAddress(), victim.id(), 16);
        puppets(320, eclipse);
        network.run(Duration.ofMinutes(2));
        return eclipse;
    }

    private List<Key> honest(Dht node, Eclipse eclipse) {
        Set<Key> puppets = new HashSet<>(eclipse.ids());
        return contacts(node).stream().filter(id -> !puppets.contains(id)).toList();
    }

    private List<Key> contacts(Dht node) {
        return network.await(node.contacts()).stream()
                .map(known -> known.contact().id())
                .toList();
    }

    @Test
    void no_spoofed_reply_counts() {
        start(NODES);
        Dht victim = good.get(0);
        SpoofedReplies spoofed = new SpoofedReplies(
                victim.localAddress(), good.stream().map(Dht::localAddress).toList(), 1_000, 64);
        puppets(2, spoofed);
        assertThat(survey().searchers(List.of(victim)).run()).hasRecall(0.999);
        network.run(Duration.ofSeconds(1));
        long rejected = network.await(victim.stats()).rejected().getOrDefault(Rejection.UNEXPECTED_REPLY, 0L);
        assertThat(spoofed.sent()).isGreaterThan(1_000);
        assertThat(rejected).isBetween(spoofed.sent() - 1_000, spoofed.sent());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3_600})
    void a_token_is_good_for_whom_it_was_given_to_and_not_for_long(long seconds) {
        Bytes value = Bytes.utf8("loot");
        KeyValueNode victim = new KeyValueNode(warm(network.host()));
        TokenReplay replay = new TokenReplay(
                victim.dht.localAddress(),
                KeyValueNode.store(value).command(),
                Key.hashOf(value),
                value,
                Duration.ofSeconds(seconds));
        puppets(3, replay);
        network.run(Duration.ofSeconds(seconds + 1));
        boolean fresh = seconds == 1;
        assertThat(List.of(replay.stolen(), replay.old(), replay.refused()))
                .isEqualTo(List.of(0, fresh ? 1 : 0, fresh ? 2 : 3));
        assertThat(victim.holds(value)).isEqualTo(fresh);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_flood_is_cut_off_where_addresses_are_public(boolean publicAddresses) {
        if (!publicAddresses) {
            network.close();
            network = SimulatedNetwork.seeded(1).byReference().build();
        }
        start(NODES);
        Dht victim = good.get(0);
        Flood flood = new Flood(victim.localAddress(), 2_000, Command.FIND_NODE, Key.ZERO);
        puppets(1, flood);
        assertThat(survey().run()).hasRecall(0.999);
        network.run(Duration.ofSeconds(5));
        long refused = network.await(victim.stats()).rejected().getOrDefault(Rejection.TOO_MANY_REQUESTS, 0L);
        // 100 a second, and 500 at once to begin with.
        assertThat(flood.sent()).isGreaterThan(10_000);
        assertThat(refused > flood.sent() / 2).isEqualTo(publicAddresses);
    }

    @Test
    void nobody_gets_more_by_a_reflection_than_three_times_what_it_costs() {
        start(NODES);
        Endpoint victim = network.host().endpoint();
        long[] bytes = new long[2];
        network.tap(new Tap() {
            @Override
            public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
                bytes[0] += from.captured() ? size : 0;
                bytes[1] += to.equals(victim) ? size : 0;
            }
        });
        Reflection reflection = new Reflection(
                victim, good.stream().map(Dht::localAddress).toList(), 1_000, Command.FIND_NODE, Key.ZERO);
        puppets(1, reflection);
        network.run(Duration.ofSeconds(10));
        assertThat(reflection.sent()).isGreaterThan(9_000);
        assertThat(bytes[1]).isBetween(bytes[0], 3 * bytes[0]);
    }
}

package org.dhtrpc.it;

import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every fifth node names, in each of its replies, twenty nodes that are not there, nearer to the target than all others. */
class LiarsTest {
    private static final long SEED = 1;
    private static final int K = 20;

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(SEED).byReference().build();
    private final RandomGenerator random = new java.util.Random(SEED);
    private final List<Dht> honest = new ArrayList<>();
    private final List<LyingCodec> liars = new ArrayList<>();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void lookups_find_the_nearest_though_every_fifth_node_begins_to_name_twenty_invented_ones() {
        network.start(1_000, host -> node(host, null, node -> node.verifiedContacts(host.contacts())));
        assertThat(survey()).as("all honest").hasRecall(0.999);

        liars.forEach(liar -> liar.lie = this::scattered);
        assertHolds(survey(), "invented at random addresses");

        liars.forEach(liar -> liar.lie = this::atOneAddress);
        assertHolds(survey(), "invented at one address");
    }

    @Test
    void nodes_join_and_find_the_nearest_though_every_fifth_has_lied_from_the_start() {
        Endpoint bootstrap =
                SimulatedStore.node(network.host()).ephemeral(true).build().localAddress();
        network.start(200, host -> node(host, this::scattered, node -> node.bootstrap(bootstrap)))
                .forEach(node -> network.await(node.ready()));
        assertHolds(survey(), "invented from the start");
    }

    private Figures survey() {
        return new Survey(network).searchers(honest).lookups(100).atOnce(10).run();
    }

    private static void assertHolds(Figures figures, String what) {
        // Without a limit for each referrer they are more than a hundred requests, and many lookups end at the limit of
        // all.
        assertThat(figures).as(what).hasRecall(0.99).hasRequestsPerLookup(65);
    }

    private Dht node(
            SimulatedHost host, @Nullable Function<Key, List<Contact>> lie, UnaryOperator<NodeBuilder> settings) {
        LyingCodec codec = new LyingCodec(host.codec(new MsgpackCodec()));
        Dht node = settings.apply(SimulatedStore.node(host).codec(codec)).build();
        if ((honest.size() + liars.size()) % 5 == 0) {
            codec.lie = lie;
            liars.add(codec);
        } else {
            honest.add(node);
        }
        return node;
    }

    private List<Contact> scattered(Key target) {
        return invented(
                target,
                i -> Endpoint.of(
                        new byte[] {(byte) 172, 16, (byte) random.nextInt(256), (byte) random.nextInt(256)},
                        1_024 + random.nextInt(60_000)));
    }

    private List<Contact> atOneAddress(Key target) {
        return invented(target, i -> Endpoint.of(new byte[] {(byte) 198, 51, 100, 7}, 2_000 + i));
    }

    private List<Contact> invented(Key target, Function<Integer, Endpoint> where) {
        return IntStream.range(0, K)
                .mapToObj(i -> new Contact(target.randomInBucket(40 + random.nextInt(200), random), where.apply(i)))
                .toList();
    }
}

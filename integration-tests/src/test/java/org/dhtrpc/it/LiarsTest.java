package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Test;

/** Every fifth node names, in each of its replies, twenty nodes that are not there, nearer to the target than all others. */
class LiarsTest {
    private static final long SEED = 1;
    private static final int LOOKUPS = 100;
    private static final int K = 20;

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(SEED).byReference().build();
    private final RandomGenerator random = new java.util.Random(SEED);
    private final List<Dht> honest = new ArrayList<>();
    private final List<LyingCodec> liars = new ArrayList<>();
    private final List<Contact> live = new ArrayList<>();

    /** What lookups find, and what they cost. */
    private record Figures(double recall, double requests, double millis) {
        @Override
        public String toString() {
            return String.format("recall %.4f, %.1f requests and %.0f ms each", recall, requests, millis);
        }
    }

    @Test
    void lookups_find_the_nearest_though_every_fifth_node_begins_to_name_twenty_invented_ones() {
        start(1_000, false);
        Figures truth = measure("All honest");
        assertThat(truth.recall).as("%s, %s", truth, network).isGreaterThanOrEqualTo(0.999);

        liars.forEach(liar -> liar.lie = this::scattered);
        assertHolds(measure("Invented at random addresses"));

        liars.forEach(liar -> liar.lie = this::atOneAddress);
        assertHolds(measure("Invented at one address"));
    }

    @Test
    void nodes_join_and_find_the_nearest_though_every_fifth_has_lied_from_the_start() {
        start(300, true);
        assertHolds(measure("Invented from the start"));
    }

    private void assertHolds(Figures figures) {
        assertThat(figures.recall).as("%s, %s", figures, network).isGreaterThanOrEqualTo(0.99);
        // Without a limit for each referrer they are more than a hundred, and many lookups end at the limit of all.
        assertThat(figures.requests).as("%s, %s", figures, network).isLessThan(50);
    }

    private void start(int count, boolean lying) {
        Endpoint bootstrap =
                SimulatedStore.node(network.host()).ephemeral(true).build().localAddress();
        List<Dht> nodes = network.start(count, host -> node(host, bootstrap, lying));
        nodes.forEach(node -> network.await(node.ready()));
    }

    private Dht node(SimulatedHost host, Endpoint bootstrap, boolean lying) {
        LyingCodec codec = new LyingCodec(host.codec(new MsgpackCodec()));
        Dht node = SimulatedStore.node(host).codec(codec).bootstrap(bootstrap).build();
        if (live.size() % 5 == 0) {
            codec.lie = lying ? this::scattered : null;
            liars.add(codec);
        } else {
            honest.add(node);
        }
        live.add(new Contact(node.id(), node.localAddress()));
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
        return Stream.iterate(0, i -> i + 1)
                .limit(K)
                .map(i -> new Contact(target.randomInBucket(40 + random.nextInt(200), random), where.apply(i)))
                .toList();
    }

    private Figures measure(String what) {
        double recall = 0;
        double requests = 0;
        double millis = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            Dht from = honest.get(random.nextInt(honest.size()));
            Key target = Key.random(random);
            QueryStream search = from.findNode(target);
            network.await(search.results());
            QuerySummary summary = network.await(search.summary());
            Set<Contact> found = new HashSet<>(summary.closest());
            recall += nearest(from, target).filter(found::contains).count() / (double) K / LOOKUPS;
            requests += summary.requests() / (double) LOOKUPS;
            millis += summary.elapsed().toNanos() / 1e6 / LOOKUPS;
        }
        Figures figures = new Figures(recall, requests, millis);
        System.out.println(what + ": " + figures + "; " + network);
        return figures;
    }

    /** The nodes that are truly nearest to a target, but for the one that looks for them. */
    private Stream<Contact> nearest(Dht from, Key target) {
        return live.stream()
                .filter(contact -> !contact.id().equals(from.id()))
                .sorted(Comparator.comparing(contact -> target.distance(contact.id())))
                .limit(K);
    }
}

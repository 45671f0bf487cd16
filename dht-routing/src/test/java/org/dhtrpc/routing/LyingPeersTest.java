package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that name nodes which are not there. */
class LyingPeersTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));

    private static Peer[] peers(Key target, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(distance -> Peer.at(target, distance))
                .toArray(Peer[]::new);
    }

    /** Where a query went that finds whoever is nearest. */
    private static Set<Endpoint> asked(Bench bench) {
        int before = bench.requests().size();
        bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(10));
        List<Request> requests = bench.requests();
        Set<Endpoint> asked = new HashSet<>();
        requests.subList(before, requests.size()).forEach(request -> asked.add(request.to()));
        return asked;
    }

    private static long invented(Set<Endpoint> asked, Peer... invented) {
        return IntStream.range(0, invented.length)
                .filter(i -> asked.contains(invented[i].endpoint))
                .count();
    }

    @Test
    void of_twenty_invented_nodes_that_are_nearer_than_all_others_three_are_asked() {
        Peer[] invented = peers(TARGET, 1, 20);
        Peer[] live = peers(TARGET, 21, 40);
        Peer liar = Peer.at(TARGET, 1_000).naming(invented);
        Peer guide = Peer.at(TARGET, 1_001).naming(live);
        Bench bench = Bench.setup().knows(liar, guide).build().with(liar, guide).with(live);
        Set<Endpoint> asked = asked(bench);
        assertThat(invented(asked, invented)).isEqualTo(3);
        assertThat(invented(asked, live)).isEqualTo(20);
    }

    @Test
    void all_whom_a_bootstrap_node_names_are_asked() {
        Peer[] unreachable = peers(TARGET, 1, 20);
        Peer bootstrap = Peer.at(TARGET, 1_000).naming(unreachable);
        Peer[] live = peers(TARGET, 21, 40);
        Peer guide = Peer.at(TARGET, 1_001).naming(live);
        Bench bench = Bench.setup().knows(guide).build().with(bootstrap, guide).with(live);
        bench.bootstrap(bootstrap);
        bench.run(Duration.ofSeconds(10));
        assertThat(invented(asked(bench), unreachable)).isEqualTo(20);
    }

    @Test
    void who_joins_asks_three_of_those_that_a_liar_names_though_it_tells_the_liar_too() {
        Peer[] invented = peers(Bench.ID, 1, 5);
        Peer liar = Peer.at(Bench.ID, 100).naming(invented);
        Peer[] honest = peers(Bench.ID, 101, 104);
        Peer bootstrap = Peer.at(Bench.ID, 1_000).naming(liar).naming(honest);
        Bench bench = Bench.setup().k(5).build().with(bootstrap, liar).with(honest);
        bench.bootstrap(bootstrap);
        for (int i = 0; i < 1_000 && bench.joined.isEmpty(); i++) {
            bench.runMillis(10);
        }
        assertThat(bench.joined).isNotEmpty();
        Set<Endpoint> asked = new HashSet<>();
        bench.requests().forEach(request -> asked.add(request.to()));
        assertThat(invented(asked, honest)).isEqualTo(4);
        assertThat(invented(asked, invented)).isEqualTo(3);
    }

    private static List<Contact> nearest(List<Peer> all, Key to, int count) {
        return new ArrayList<>(all.stream()
                .map(Peer::contact)
                .sorted(Comparator.comparing(contact -> to.distance(contact.id())))
                .limit(count)
                .toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void in_a_random_network_where_a_fifth_lies_the_nearest_are_found(long seed) {
        Random random = new Random(seed);
        List<Peer> all = new ArrayList<>();
        random.ints(1, 1 << 20).distinct().limit(400).forEach(distance -> all.add(Peer.at(TARGET, distance)));
        Set<Endpoint> nowhere = new HashSet<>();
        for (Peer peer : all) {
            boolean lies = random.nextInt(5) == 0;
            for (int i = 0; i < 20; i++) {
                Peer nobody = Peer.at(TARGET, (1 << 21) + random.nextInt(1 << 20));
                Contact invented = new Contact(Peer.key(TARGET, random.nextInt(1 << 10)), nobody.endpoint);
                Peer another = all.get(random.nextInt(all.size()));
                peer.names.add(lies ? invented : another.contact());
                nowhere.add(invented.endpoint());
            }
            if (!lies) {
                List<Contact> nearest = nearest(all, peer.id, 15);
                nearest.addAll(peer.names.subList(15, 20));
                peer.names = nearest;
            }
        }
        List<Peer> known = new ArrayList<>(all);
        Collections.shuffle(known, random);
        Bench bench = Bench.setup()
                .knows(known.subList(0, 20).toArray(Peer[]::new))
                .build()
                .with(all.toArray(Peer[]::new));
        long query = bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(30));
        QuerySummary summary = bench.end(query).summary();
        assertThat(summary.closest()).isEqualTo(nearest(all, TARGET, 20));
        assertThat(bench.requests().stream().map(Request::to).distinct().filter(nowhere::contains))
                .hasSizeLessThan(60);
    }
}

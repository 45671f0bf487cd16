package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.junit.jupiter.api.Test;

/** Where many are gone at once, a search goes on with our own contacts. */
class ReserveTest {
    private static final Key TARGET = Key.hashOf(Peer.token(4));
    private static final int K = 20;

    private final List<Peer> peers = new ArrayList<>();

    /** So many that all know each other, nearest to the target first. */
    private Bench bench(int count) {
        for (int i = 1; i <= count; i++) {
            peers.add(new Peer(Key.hashOf(Peer.token(i)), Peer.endpoint(i)));
        }
        peers.sort(Comparator.comparing(peer -> TARGET.distance(peer.id)));
        List<Contact> all = peers.stream().map(Peer::contact).toList();
        peers.forEach(peer -> peer.knows = all);
        Peer[] network = peers.toArray(Peer[]::new);
        return Bench.setup().knows(network).build().with(network);
    }

    private static Query find() {
        return Query.of(Command.FIND_NODE, TARGET);
    }

    @Test
    void if_the_20_nearest_are_gone_those_behind_them_are_found() {
        Bench bench = bench(40);
        int known = bench.contacts().size();
        peers.subList(0, K).forEach(peer -> peer.dead = true);
        long query = bench.begin(find(), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(30));

        List<Contact> alive = peers.subList(K, 40).stream()
                .map(Peer::contact)
                .filter(bench.contacts()::contains)
                .toList();
        assertThat(known).isGreaterThan(K);
        assertThat(alive).isNotEmpty();
        assertThat(bench.end(query).summary().closest()).containsAll(alive);
    }

    @Test
    void while_enough_answer_nobody_of_them_is_asked() {
        Bench bench = bench(40);
        long query = bench.begin(find(), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(30));

        assertThat(bench.end(query).summary().closest())
                .containsExactlyElementsOf(
                        peers.subList(0, K).stream().map(Peer::contact).toList());
        assertThat(peers.subList(K, 40))
                .allSatisfy(peer -> assertThat(peer.asked).isEmpty());
    }

    @Test
    void in_a_network_smaller_than_k_it_ends() {
        Bench bench = bench(7);
        long query = bench.begin(find(), Long.MAX_VALUE);
        bench.run(Duration.ofSeconds(30));

        assertThat(bench.end(query).summary().closest()).hasSize(7);
        assertThat(bench.end(query).summary().requests()).isEqualTo(7);
    }
}

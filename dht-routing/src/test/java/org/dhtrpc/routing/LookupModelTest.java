package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.Test;

class LookupModelTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));
    private static final int K = 8;
    private static final int PEERS = 60;

    @Test
    void in_random_networks_with_dead_slow_and_refusing_nodes_it_finds_the_k_nearest_that_are_live() {
        Seeded.rounds(100, random -> {
            List<Peer> peers = peers(random);
            List<Peer> live = peers.stream().filter(LookupModelTest::takesPart).toList();
            acquaint(peers, live, random);
            Peer known = live.get(random.nextInt(live.size()));
            Bench bench = Bench.setup()
                    .k(K)
                    .concurrency(1 + random.nextInt(12))
                    .knows(known)
                    .build();
            bench.with(peers.toArray(Peer[]::new));
            long query = bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
            bench.run(Duration.ofSeconds(70));
            List<Contact> expected = live.stream().limit(K).map(Peer::contact).toList();
            assertThat(bench.end(query).summary().closest()).isEqualTo(expected);
        });
    }

    private static boolean takesPart(Peer peer) {
        return !peer.dead && peer.listed && peer.error == ErrorCode.NONE;
    }

    /** Nearest first; one at least is live. */
    private static List<Peer> peers(RandomGenerator random) {
        List<Peer> peers = new ArrayList<>();
        int faults = random.nextInt(4);
        for (int i = 1; i <= PEERS; i++) {
            Peer peer = Peer.at(TARGET, 1 + i * 7);
            peer.latency = Duration.ofMillis(1 + random.nextInt(random.nextInt(5) == 0 ? 300 : 60));
            if (random.nextInt(4) < faults && i != PEERS / 2) {
                switch (random.nextInt(4)) {
                    case 0 -> peer.listed = false;
                    case 1 -> peer.error = ErrorCode.OVERLOADED;
                    default -> peer.dead = true;
                }
            }
            peers.add(peer);
        }
        return peers;
    }

    /** Each of the live knows the next on either side, so that there is a way to all; the rest of its k is chance. */
    private static void acquaint(List<Peer> peers, List<Peer> live, RandomGenerator random) {
        for (int i = 0; i < live.size(); i++) {
            Peer peer = live.get(i);
            peer.naming(live.get(Math.max(0, i - 1)), live.get(Math.min(live.size() - 1, i + 1)));
            while (peer.names.size() < 2 + random.nextInt(K - 1)) {
                peer.naming(peers.get(random.nextInt(peers.size())));
            }
            peer.names.sort(Comparator.comparing(contact -> TARGET.distance(contact.id())));
        }
    }
}

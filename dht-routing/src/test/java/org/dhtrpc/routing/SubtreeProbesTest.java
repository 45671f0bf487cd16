package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** Everybody knows everybody here, and still names only the 20 nearest to what is asked for. */
class SubtreeProbesTest {
    private static final Key TARGET = Key.hashOf(Peer.token(1));

    private final Peer[] peers = IntStream.rangeClosed(1, 40)
            .mapToObj(distance -> Peer.at(TARGET, distance))
            .toArray(Peer[]::new);

    private Bench bench() {
        List<Contact> all = Arrays.stream(peers).map(Peer::contact).toList();
        for (Peer peer : peers) {
            peer.knows = all;
        }
        return Bench.setup().knows(peers[39]).build().with(peers);
    }

    private void kill(int... distances) {
        for (int distance : distances) {
            peers[distance - 1].dead = true;
        }
    }

    private List<Contact> nearestAlive() {
        return Arrays.stream(peers)
                .filter(peer -> !peer.dead)
                .limit(20)
                .map(Peer::contact)
                .toList();
    }

    private static long find(Bench bench) {
        return bench.begin(Query.of(Command.FIND_NODE, TARGET), Long.MAX_VALUE);
    }

    private static List<Request> probes(Bench bench) {
        List<Request> probes = new ArrayList<>(bench.requests());
        probes.removeIf(request -> request.target() == null || TARGET.equals(request.target()));
        return probes;
    }

    @Test
    void those_who_take_the_places_of_the_dead_are_found_though_nobody_named_them_at_first() {
        kill(3, 5, 17);
        Bench bench = bench();
        long query = find(bench);
        bench.run(Duration.ofSeconds(20));

        assertThat(bench.end(query).summary().closest()).isEqualTo(nearestAlive());
        assertThat(bench.end(query).summary().requests())
                .isEqualTo(bench.requests().stream()
                        .filter(request -> request.target() != null)
                        .map(Request::transaction)
                        .distinct()
                        .count());
    }

    @Test
    void the_subtree_in_which_the_replies_were_cut_off_is_asked_about_alone() {
        kill(3);
        Bench bench = bench();
        find(bench);
        bench.run(Duration.ofSeconds(20));

        // Distance 16 has the bit set that 1 to 15 have not; 20 and 21 are behind it.
        assertThat(probes(bench)).isNotEmpty().extracting(Request::target).containsOnly(Peer.key(TARGET, 16));
    }

    @Test
    void while_all_are_alive_nobody_is_probed() {
        Bench bench = bench();
        find(bench);
        bench.run(Duration.ofSeconds(20));

        assertThat(probes(bench)).isEmpty();
    }

    @Test
    void where_no_reply_was_cut_off_nobody_is_probed() {
        Peer[] few = Arrays.copyOf(peers, 19);
        few[3].dead = true;
        for (Peer peer : few) {
            peer.knows = Arrays.stream(few).map(Peer::contact).toList();
        }
        Bench bench = Bench.setup().knows(few[18]).build().with(few);
        find(bench);
        bench.run(Duration.ofSeconds(20));

        assertThat(probes(bench)).isEmpty();
    }

    @Test
    void however_many_die_the_probes_have_a_bound() {
        kill(IntStream.rangeClosed(1, 30).toArray());
        Bench bench = bench();
        find(bench);
        bench.run(Duration.ofSeconds(60));

        // Two rounds, two to a subtree; distances of 1 to 40 lie in six subtrees.
        assertThat(probes(bench).stream().map(Request::transaction).distinct()).hasSizeBetween(1, 24);
    }

    @Test
    void those_who_claim_the_targets_own_id_are_in_no_subtree() {
        Peer dead = new Peer(TARGET, Peer.endpoint(1));
        Peer alive = new Peer(TARGET, Peer.endpoint(2));
        Peer known = Peer.at(TARGET, 3).naming(dead, alive);
        dead.dead = true;
        Bench bench = Bench.setup().k(2).knows(known).build().with(dead, alive, known);
        long query = find(bench);
        bench.run(Duration.ofSeconds(20));

        assertThat(bench.end(query).summary().closest()).containsExactly(alive.contact(), known.contact());
    }

    @Test
    void a_query_that_is_cancelled_meanwhile_leaves_no_probe_behind() {
        kill(3);
        Bench bench = bench();
        long query = find(bench);
        while (probes(bench).isEmpty()) {
            bench.runMillis(1);
        }
        bench.machine.cancel(bench.now, query, new DhtException(Reason.CANCELLED, "enough"));
        int sent = bench.requests().size();
        bench.run(Duration.ofSeconds(10));

        assertThat(bench.requests().size() - sent).as("sent again").isZero();
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtState;
import org.dhtrpc.message.Request;
import org.junit.jupiter.api.Test;

/** What happens while nobody asks. */
class UpkeepTest {
    private final Peer bootstrap = new Peer(Peer.key(Bench.ID, 1_000), Peer.endpoint(1_000));
    private final Peer near = Peer.at(Bench.ID, 1);
    private final Bench bench = Bench.setup().build().with(bootstrap, near);

    /** As many live peers of one bucket as it holds. */
    private static Peer[] bucket(int bucket) {
        Peer[] peers = new Peer[20];
        for (int i = 0; i < 20; i++) {
            peers[i] = new Peer(Bench.ID.randomInBucket(bucket, new Random(i)), Peer.endpoint(i + 1));
        }
        return peers;
    }

    /** The buckets in which the machine has looked for somebody since its first so many requests. */
    private static List<Integer> refreshed(Bench bench, int since) {
        List<Request> requests = bench.requests();
        return requests.subList(since, requests.size()).stream()
                .map(Request::target)
                .filter(target -> target != null && !target.equals(Bench.ID))
                .map(Bench.ID::commonPrefix)
                .distinct()
                .toList();
    }

    @Test
    void a_node_that_has_lost_all_its_contacts_joins_again() {
        bootstrap.naming(near);
        bench.bootstrap(bootstrap);
        bench.runMillis(1_000);
        bootstrap.dead = true;
        near.dead = true;
        bench.run(Duration.ofMinutes(10));
        assertThat(bench.located).isNotEmpty();
        bootstrap.dead = false;
        bench.bootstrap(bootstrap);
        bench.run(Duration.ofSeconds(10));
        assertThat(bench.states()).endsWith(DhtState.JOINED);
        assertThat(bench.contacts()).contains(bootstrap.contact());
    }

    @Test
    void a_node_whose_many_contacts_are_all_gone_notices_within_minutes_says_so_and_joins_again() {
        Peer[] many = new Peer[160];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Peer(Bench.ID.randomInBucket(i / 20, new Random(i)), Peer.endpoint(2_000 + i));
        }
        Bench crowd = Bench.setup().knows(many).build().with(many).with(bootstrap);
        crowd.bootstrap(bootstrap);
        crowd.run(Duration.ofMinutes(2));
        assertThat(crowd.states()).containsExactly(DhtState.JOINED);
        bootstrap.dead = true;
        for (Peer each : many) {
            each.dead = true;
        }
        crowd.run(Duration.ofMinutes(4));
        assertThat(crowd.located).hasSize(1);
        assertThat(crowd.machine.stats().state()).isEqualTo(DhtState.JOINING);
        assertThat(crowd.events).contains(new DhtEvent.StateChanged(DhtState.JOINING));
        assertThat(crowd.machine.knowsSomebody()).isFalse();

        bootstrap.dead = false;
        crowd.bootstrap(bootstrap);
        crowd.run(Duration.ofSeconds(10));
        assertThat(crowd.states()).containsExactly(DhtState.JOINED, DhtState.JOINING, DhtState.JOINED);
        assertThat(crowd.machine.knowsSomebody()).isTrue();
    }

    @Test
    void far_buckets_that_are_not_full_are_refreshed_in_the_background() {
        Peer[] nearest = bucket(3);
        Bench warm = Bench.setup().knows(nearest).saved(nearest[0]).build().with(nearest);
        warm.bootstrap();
        warm.run(Duration.ofSeconds(10));
        assertThat(warm.states()).containsExactly(DhtState.JOINED);
        assertThat(refreshed(warm, 0)).containsExactly(2, 1, 0);
        assertThat(warm.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void a_refresh_ends_once_there_are_enough_contacts_in_the_bucket() {
        Peer[] nearest = bucket(1);
        Peer[] far = new Peer[20];
        for (int i = 0; i < 20; i++) {
            far[i] = new Peer(Bench.ID.randomInBucket(0, new Random(i)), Peer.endpoint(100 + i));
        }
        nearest[0].naming(far);
        for (Peer each : far) {
            each.naming(far);
        }
        Bench warm = Bench.setup()
                .knows(nearest)
                .saved(nearest[0])
                .build()
                .with(nearest)
                .with(far);
        warm.bootstrap();
        warm.run(Duration.ofSeconds(10));
        assertThat(refreshed(warm, 0)).containsExactly(0);
        // Ten, and two that were under way.
        assertThat(Stream.of(far).filter(each -> !each.asked.isEmpty())).hasSizeBetween(10, 12);
        assertThat(warm.contacts()).hasSizeBetween(30, 32);
        assertThat(warm.machine.stats().pendingRequests()).isZero();
    }

    @Test
    void buckets_are_refreshed_every_hour_the_first_time_an_hour_after_a_start_that_needed_no_search() {
        Peer[] nearest = bucket(3);
        Bench warm = Bench.setup().knows(nearest).build().with(nearest);
        warm.bootstrap();
        warm.run(Duration.ofMinutes(59));
        assertThat(refreshed(warm, 0)).isEmpty();
        warm.run(Duration.ofMinutes(2));
        assertThat(refreshed(warm, 0)).containsExactly(2, 1, 0);
        int before = warm.requests().size();
        warm.run(Duration.ofMinutes(57));
        assertThat(refreshed(warm, before)).isEmpty();
        warm.run(Duration.ofMinutes(3));
        assertThat(refreshed(warm, before)).containsExactly(2, 1, 0);
    }

    @Test
    void an_ephemeral_node_refreshes_no_buckets() {
        Peer[] nearest = bucket(3);
        Bench hidden = Bench.setup().ephemeral().knows(nearest).build().with(nearest);
        hidden.bootstrap();
        hidden.run(Duration.ofHours(3));
        assertThat(refreshed(hidden, 0)).isEmpty();
        assertThat(hidden.contacts()).hasSize(20);
    }
}

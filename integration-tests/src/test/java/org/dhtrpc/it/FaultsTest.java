package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtState;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.dhtrpc.Pong;
import org.dhtrpc.QueryStream;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.Held;
import org.dhtrpc.testkit.Hold;
import org.dhtrpc.testkit.Oracle;
import org.dhtrpc.testkit.Partition;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Production nodes that stand still, lose power, come back, and are parted from each other. */
class FaultsTest {
    private static final int NODES = 100;

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(11).byReference().build();

    @AfterEach
    void close() {
        network.close();
    }

    private List<Dht> warm() {
        return network.start(
                NODES,
                host -> SimulatedStore.node(host)
                        .verifiedContacts(host.contacts())
                        .build());
    }

    private static Dht joining(SimulatedHost host) {
        return SimulatedStore.node(host).bootstrap("10.0.0.1:3282").build();
    }

    private List<Dht> joined() {
        List<Dht> nodes = network.start(NODES, FaultsTest::joining);
        nodes.forEach(node -> network.await(node.ready()));
        network.run(Duration.ofSeconds(30));
        return nodes;
    }

    private Figures survey(List<Dht> nodes) {
        return new Survey(network)
                .searchers(nodes)
                .truth(Oracle.of(nodes))
                .lookups(50)
                .run();
    }

    private Contact nearest(Dht searcher, Key target) {
        QueryStream search = searcher.findNode(target);
        network.await(search.results());
        return network.await(search.summary()).closest().get(0);
    }

    @Test
    void who_pauses_is_passed_over_and_answers_again_when_it_goes_on() {
        List<Dht> nodes = warm();
        SimulatedHost host = network.hosts().get(7);
        Dht paused = nodes.get(7);
        host.pause();
        assertThat(network.nodes()).hasSize(NODES - 1);
        assertThat(survey(network.nodes())).hasRecall(0.99);

        CompletableFuture<Pong> ping = nodes.get(8).ping(paused.localAddress());
        network.run(Duration.ofMillis(200));
        assertThat(ping).isNotDone();
        host.resume();
        assertThat(network.await(ping).id()).isEqualTo(paused.id());
        network.run(Duration.ofMinutes(1));
        assertThat(network.await(paused.stats()).state()).isEqualTo(DhtState.JOINED);
        assertThat(nearest(nodes.get(9), paused.id()).id()).isEqualTo(paused.id());
    }

    @Test
    void what_a_crashed_node_had_under_way_fails_and_nobody_hears_from_it() {
        List<Dht> nodes = warm();
        CompletableFuture<Pong> ping = nodes.get(7).ping(nodes.get(8).localAddress());
        network.run(Duration.ofMillis(1));
        network.hosts().get(7).crash();
        assertThat(ping).isCompletedExceptionally();

        CompletableFuture<Pong> vain = nodes.get(8).ping(nodes.get(7).localAddress());
        network.runUntil(vain::isDone, Duration.ofMinutes(1));
        assertThat(vain.handle((pong, failure) -> failure).join()).isInstanceOf(DhtException.class);
        assertThat(survey(network.nodes())).hasRecall(0.99);
    }

    @Test
    void who_restarts_with_its_contacts_is_back_under_its_id_without_a_bootstrap_node() {
        List<Dht> nodes = warm();
        SimulatedHost host = network.hosts().get(7);
        Key id = nodes.get(7).id();
        List<Contact> saved = network.await(nodes.get(7).contacts()).stream()
                .map(KnownContact::contact)
                .toList();
        host.crash();
        network.run(Duration.ofMinutes(5));

        Dht again = network.start(
                host, same -> SimulatedStore.node(same).savedContacts(saved).build());
        network.await(again.ready());
        network.run(Duration.ofSeconds(30));
        assertThat(again.id()).isEqualTo(id);
        assertThat(network.await(again.stats()).state()).isEqualTo(DhtState.JOINED);
        assertThat(nearest(nodes.get(50), id).id()).isEqualTo(id);
        assertThat(survey(List.of(again))).hasRecall(1);
        assertThat(new Survey(network).searchers(List.of(again)).lookups(20).run())
                .hasRecall(0.99);
    }

    @Test
    void who_restarts_as_a_stranger_joins_and_its_predecessor_is_forgotten() {
        List<Dht> nodes = warm();
        SimulatedHost host = network.hosts().get(7);
        Key before = nodes.get(7).id();
        host.crash();
        host.renew();
        Dht stranger = network.start(
                host,
                renewed ->
                        SimulatedStore.node(renewed).bootstrap("10.0.0.1:3282").build());
        network.await(stranger.ready());
        network.run(Duration.ofMinutes(5));

        assertThat(stranger.id()).isNotEqualTo(before);
        assertThat(nearest(nodes.get(50), stranger.id()).id()).isEqualTo(stranger.id());
        assertThat(nearest(nodes.get(50), before).id()).isNotEqualTo(before);
        assertThat(survey(network.nodes())).hasRecall(0.99);
    }

    @Test
    void nodes_that_join_while_the_network_is_parted_find_their_half_and_later_all() {
        List<Dht> nodes = joined();
        List<SimulatedHost> hosts = network.hosts();
        Partition partition = network.faults().partition(hosts.subList(NODES / 2, NODES));
        List<Dht> newcomers = network.start(20, FaultsTest::joining);
        newcomers.forEach(node -> network.await(node.ready()));
        network.run(Duration.ofMinutes(2));

        List<Dht> east = nodes.subList(NODES / 2, NODES);
        List<Dht> west =
                network.nodes().stream().filter(node -> !east.contains(node)).toList();
        assertThat(west).hasSize(NODES / 2 + 20);
        assertThat(survey(west)).hasRecall(0.99);
        assertThat(survey(east)).hasRecall(0.99);

        partition.heal();
        network.run(Duration.ofMinutes(20));
        assertThat(survey(network.nodes())).hasRecall(0.99);
    }

    @Test
    void who_is_cut_off_while_it_joins_says_so_and_joins_when_the_line_is_back() {
        joined();
        SimulatedHost host = network.host();
        Partition line = network.faults().isolate(host);
        Dht late = network.start(host, FaultsTest::joining);
        CompletableFuture<?> ready = late.ready();
        network.runUntil(ready::isDone, Duration.ofMinutes(1));
        assertThat(ready).isCompletedExceptionally();

        line.heal();
        network.run(Duration.ofMinutes(10));
        assertThat(network.await(late.stats()).state()).isEqualTo(DhtState.JOINED);
        assertThat(survey(network.nodes())).hasRecall(0.99);
    }

    @Test
    void a_network_whose_middle_flaps_keeps_together() {
        List<Dht> nodes = warm();
        network.faults()
                .partition(network.hosts().subList(0, NODES / 2))
                .flapping(Duration.ofSeconds(20), Duration.ofSeconds(40));
        network.run(Duration.ofMinutes(30));
        network.faults().heal();
        network.run(Duration.ofMinutes(10));
        assertThat(survey(nodes)).hasRecall(0.99);
        assertThat(network.traffic().cut()).isPositive();
    }

    @Test
    void replies_that_are_held_and_let_go_in_reverse_are_each_taken_for_what_they_are() {
        List<Dht> nodes = warm();
        Dht caller = nodes.get(7);
        Hold replies = network.faults()
                .hold(held ->
                        held.to().equals(caller.localAddress()) && held.kind().equals("reply"));
        List<CompletableFuture<Pong>> pings = nodes.subList(20, 30).stream()
                .map(node -> caller.ping(node.localAddress()))
                .toList();
        assertThat(network.runUntil(() -> replies.held().size() >= 10, Duration.ofSeconds(1)))
                .isTrue();
        assertThat(pings).noneMatch(CompletableFuture::isDone);
        List<Held> reversed = new ArrayList<>(replies.held());
        Collections.reverse(reversed);
        replies.release(reversed);
        replies.heal();
        for (int i = 0; i < pings.size(); i++) {
            assertThat(network.await(pings.get(i)).id())
                    .isEqualTo(nodes.get(20 + i).id());
        }
    }
}

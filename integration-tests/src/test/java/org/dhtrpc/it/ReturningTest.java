package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Outcome;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.World;
import org.junit.jupiter.api.Test;

/** What production nodes have when they come back. */
class ReturningTest {
    private static final Endpoint NOBODY = Endpoint.parse("10.99.0.1:3282");
    private static final String STORED = "nodes 20\nlength 60s\nworkload 10 values, stores 10/s\n";

    private final Map<Integer, Consumer<World>> looks = new TreeMap<>();

    /** The ids of the nodes on each host, and how many contacts each was given to begin with; by the host's number. */
    private final Map<Integer, List<Key>> ids = new TreeMap<>();

    private final Map<Integer, List<Integer>> saved = new TreeMap<>();
    private final List<Dht> nodes = new ArrayList<>();

    private Dht note(SimulatedHost host, Dht node) {
        ids.computeIfAbsent(host.number(), none -> new ArrayList<>()).add(node.id());
        saved.computeIfAbsent(host.number(), none -> new ArrayList<>())
                .add(host.savedContacts().size());
        nodes.add(node);
        return node;
    }

    private Outcome run(String text) {
        return run(Laboratory.of(host -> note(host, Laboratories.node(host))), text);
    }

    private Outcome run(Laboratory laboratory, String text) {
        Check look = Check.every(
                Duration.ofSeconds(1),
                "look",
                world -> looks.getOrDefault((int) world.elapsed().toSeconds(), nothing -> {})
                        .accept(world));
        return laboratory.byReference().check(look).run(Scenario.parse(text));
    }

    private static int copies(World world) {
        return world.keys().stream().mapToInt(world::holders).sum();
    }

    private static void held(Outcome outcome) {
        assertThat(outcome.violation()).isNull();
    }

    @Test
    void those_with_state_have_their_values_their_id_and_contacts_to_join_by() {
        for (String word : List.of("crash", "leave")) {
            int[] before = new int[1];
            looks.put(9, world -> before[0] = copies(world));
            looks.put(12, world -> assertThat(copies(world)).isZero());
            looks.put(
                    16, world -> assertThat(copies(world)).isEqualTo(before[0]).isGreaterThanOrEqualTo(180));
            held(run(STORED + "at 10s " + word + " 1 for 5s"));
            assertThat(ids.values())
                    .allSatisfy(all -> assertThat(all).hasSize(2).containsOnly(all.get(0)));
            assertThat(saved.values()).allSatisfy(all -> {
                assertThat(all.get(0)).isZero();
                assertThat(all.get(1)).isGreaterThan(15);
            });
            ids.clear();
            saved.clear();
        }
    }

    @Test
    void strangers_have_nothing_but_the_address() {
        for (String word : List.of("crash", "leave")) {
            looks.put(9, world -> assertThat(copies(world)).isGreaterThanOrEqualTo(180));
            looks.put(16, world -> assertThat(copies(world)).isZero());
            held(run(STORED + "at 10s " + word + " 1 for 5s, forgetting"));
            assertThat(ids.values())
                    .allSatisfy(all -> assertThat(all).hasSize(2).doesNotHaveDuplicates());
            assertThat(saved.values()).allSatisfy(all -> assertThat(all).containsExactly(0, 0));
            ids.clear();
            saved.clear();
        }
    }

    @Test
    void churn_returns_them_likewise() {
        String churn = "nodes 20\nlength 3m\nworkload 10 values, stores 10/s, searches 5/s\n"
                + "churn arrivals 0/min, sessions exponential:1m, returning 1 after constant:2s";
        looks.put(175, world -> assertThat(copies(world)).isGreaterThan(100));
        held(run(churn + " with state"));
        assertThat(ids.values().stream().mapToInt(List::size).sum()).isGreaterThan(50);
        assertThat(ids.values()).allSatisfy(all -> assertThat(all).containsOnly(all.get(0)));

        ids.clear();
        looks.put(175, world -> assertThat(copies(world)).isLessThan(60));
        held(run(churn));
        assertThat(ids.values()).allSatisfy(all -> assertThat(all).doesNotHaveDuplicates());
    }

    @Test
    void saved_contacts_do_where_the_bootstrap_nodes_are_gone() {
        Laboratory laboratory = Laboratory.of(host -> {
            boolean again = !host.bootstrap().isEmpty();
            return SimulatedStore.node(host)
                    .verifiedContacts(host.contacts())
                    .savedContacts(host.savedContacts())
                    .bootstrap(again ? new Endpoint[] {NOBODY} : new Endpoint[0])
                    .build();
        });
        held(run(laboratory, "nodes 20\nlength 30s\nat 10s crash 1 for 5s"));
        Outcome lost = run(laboratory, "nodes 20\nlength 30s\nat 10s crash 1 for 5s, forgetting");
        assertThat(lost.violation()).isNotNull().satisfies(violation -> {
            assertThat(violation.check()).isEqualTo("everybody joins");
            assertThat(violation.detail()).startsWith("20 nodes have not joined, node ");
        });
    }

    @Test
    void who_leaves_has_closed() {
        looks.put(
                12, world -> assertThat(nodes).filteredOn(ReturningTest::closed).hasSize(5));
        held(run("nodes 20\nlength 15s\nat 10s leave 0.25"));
    }

    private static boolean closed(Dht node) {
        try {
            node.findNode(node.id());
            return false;
        } catch (DhtException e) {
            return e.reason() == DhtException.Reason.CLOSED;
        }
    }

    @Test
    void who_stands_still_in_the_middle_of_leaving_comes_back_all_the_same() {
        for (String end : List.of("", ", forgetting")) {
            ids.clear();
            held(run(
                    "nodes 20\nlength 30s\nworkload searches 5/s\nat 5s pause 1 for 20s\nat 10s leave 1 for 5s" + end));
            assertThat(ids.values()).allSatisfy(all -> assertThat(all).hasSize(2));
        }
    }

    @Test
    void where_all_have_gone_a_network_begins_anew() {
        looks.put(20, world -> assertThat(world.nodes()).hasSize(8));
        Outcome outcome = run("nodes 20\nlength 40s\nworkload searches 5/s\nat 5s crash 1\nat 10s join 8");
        held(outcome);
        assertThat(outcome.searches()).isGreaterThan(100);
        assertThat(ids.keySet().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .endsWith("27 28");
    }

    @Test
    void where_nobody_is_there_all_is_well() {
        Outcome outcome = run("nodes 20\nlength 30s\nworkload searches 5/s\nat 5s crash 1");
        held(outcome);
        assertThat(outcome.nodes()).isZero();
    }
}

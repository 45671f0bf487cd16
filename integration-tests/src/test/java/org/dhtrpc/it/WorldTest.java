package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Counter;
import org.dhtrpc.testkit.scenario.Expectation.Quality;
import org.dhtrpc.testkit.scenario.Outcome;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.World;
import org.junit.jupiter.api.Test;

/** What checks see of a run is how it is. */
class WorldTest {
    private final Map<Integer, Consumer<World>> looks = new TreeMap<>();

    private Outcome run(String text) {
        Check look = Check.every(
                Duration.ofSeconds(1),
                "look",
                world -> looks.getOrDefault((int) world.elapsed().toSeconds(), nothing -> {})
                        .accept(world));
        Outcome outcome = Laboratories.msgpack().byReference().check(look).run(Scenario.parse(text));
        assertThat(outcome.violation()).isNull();
        return outcome;
    }

    @Test
    void nodes_and_hosts_are_those_that_are_there_in_order() {
        looks.put(25, world -> {
            assertThat(world.hosts())
                    .extracting(SimulatedHost::number)
                    .isSorted()
                    .hasSize(15 + 5);
            assertThat(world.nodes())
                    .extracting(Dht::id)
                    .containsExactlyElementsOf(
                            world.hosts().stream().map(SimulatedHost::id).toList());
            assertThat(world.count(Counter.ARRIVALS))
                    .isEqualTo(world.count(Counter.DEPARTURES))
                    .isBetween(6L, 10L);
        });
        run("nodes 20\nlength 30s\nat 5s crash 0.25\nat 7s crash 0.25 for 5s\nat 10s join 5");
    }

    @Test
    void the_oracle_knows_who_has_joined_and_is_awake() {
        looks.put(2, world -> assertThat(world.oracle().size()).isEqualTo(20));
        looks.put(4, world -> assertThat(world.oracle().size()).isEqualTo(16));
        looks.put(9, world -> assertThat(world.oracle().size()).isEqualTo(20));
        looks.put(14, world -> assertThat(world.oracle().size()).isEqualTo(25));
        looks.put(22, world -> assertThat(world.oracle().size()).isBetween(10, 15));
        looks.put(30, world -> {
            Key target = Key.hashOf(Bytes.utf8("anything"));
            List<Contact> nearest = world.oracle().nearest(target, 3);
            Contact first = nearest.get(0);
            assertThat(world.hosts()).extracting(SimulatedHost::id).contains(first.id());
        });
        // Those who join do so some time after they have come, when nobody comes or goes.
        looks.put(11, world -> {
            assertThat(world.nodes()).hasSize(25);
            assertThat(world.oracle().size()).isEqualTo(20);
        });
        run("nodes 20\nlength 30s\nat 3s pause 0.2 for 5s\nat 11s join 5\nat 20s crash 0.5");
    }

    @Test
    void hidden_nodes_are_not_to_be_found() {
        looks.put(10, world -> {
            long open =
                    world.hosts().stream().filter(host -> host.nat() == null).count();
            assertThat(world.oracle().size()).isEqualTo((int) open).isBetween(5, 25);
        });
        run("nodes 30\nlength 20s\nnats port-restricted 0.5");
    }

    @Test
    void holders_hold() {
        Map<Key, Integer> before = new HashMap<>();
        List<Key> first = new ArrayList<>();
        looks.put(1, world -> first.addAll(world.keys()));
        looks.put(10, world -> {
            assertThat(first).hasSizeBetween(2, 7);
            assertThat(world.keys()).hasSize(8).doesNotHaveDuplicates().startsWith(first.toArray(Key[]::new));
            for (Key key : world.keys()) {
                before.put(key, world.holders(key));
                assertThat(world.holders(key)).isBetween(15, 20);
            }
            assertThat(world.holders(Key.hashOf(Bytes.utf8("nothing")))).isZero();
            assertThat(world.stored()).isEqualTo(1);
        });
        looks.put(20, world -> {
            int less = 0;
            for (Key key : world.keys()) {
                assertThat(world.holders(key)).isLessThanOrEqualTo(before.getOrDefault(key, 0));
                less += before.getOrDefault(key, 0) - world.holders(key);
            }
            assertThat(less).isBetween(30, 130);
        });
        run("nodes 40\nlength 30s\nworkload 8 values, stores 5/s\nat 15s crash 0.5");
    }

    @Test
    void what_nobody_holds_is_not_found() {
        looks.put(14, world -> {
            assertThat(world.found()).isEqualTo(1);
            assertThat(world.count(Counter.FOUND)).isGreaterThan(30);
        });
        Outcome outcome = run(
                "nodes 20\nlength 40s\nworkload 5 values, stores 10/s, reads 5/s\nat 15s crash 1 for 1s, forgetting");
        assertThat(outcome.found()).isBetween(0.2, 0.6);
        assertThat(outcome.reads()).isGreaterThan(100);

        Scenario asking = Scenario.parse(outcome.scenario()).expect(Quality.FOUND, 0.9);
        Outcome wanting = Laboratories.msgpack().byReference().run(asking);
        assertThat(wanting.violation()).isNotNull().satisfies(violation -> {
            assertThat(violation.check()).isEqualTo("expect found 0.9");
            assertThat(violation.detail()).startsWith("it was 0.");
        });
    }

    @Test
    void each_value_is_read_once_more_but_not_after_the_end() {
        Outcome outcome = run("nodes 20\nlength 30s\nworkload 10 values, stores 10/s, read after 20s");
        assertThat(outcome.reads()).isEqualTo(10);
        assertThat(run("nodes 20\nlength 30s\nworkload 10 values, stores 10/s, read after 31s")
                        .reads())
                .isZero();
    }

    @Test
    void an_operation_does_not_age_while_its_asker_stands_still() {
        Outcome outcome = run("nodes 20\nlength 4m\nworkload searches 5/s\nat 10s pause 0.5 for 3m");
        assertThat(outcome.searches()).isGreaterThan(500);
    }

    @Test
    void who_has_no_way_out_is_not_waited_for() {
        Outcome outcome = run("nodes 20\nlength 30s\nnats udp-blocked 0.5\nworkload searches 5/s\nat 5s join 10");
        assertThat(outcome.recall()).isGreaterThan(0.9);
    }
}

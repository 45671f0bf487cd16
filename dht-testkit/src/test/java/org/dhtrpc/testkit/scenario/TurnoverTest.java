package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.SimulatedHost;
import org.junit.jupiter.api.Test;

/** Churn at the rates that it says, of nodes that do nothing. */
class TurnoverTest {
    private int closed;

    /** The ids that nodes had, by the number of their host. */
    private final Map<Integer, List<Key>> lives = new HashMap<>();

    private final List<Integer> sizes = new ArrayList<>();
    private long arrivals;
    private long departures;

    private Dht node(SimulatedHost host) {
        lives.computeIfAbsent(host.number(), none -> new ArrayList<>()).add(host.id());
        Dht node = ToyNode.on(host);
        return Dht.class.cast(Proxy.newProxyInstance(
                Dht.class.getClassLoader(), new Class<?>[] {Dht.class}, (self, method, args) -> {
                    closed += method.getName().equals("close") ? 1 : 0;
                    return method.invoke(node, args);
                }));
    }

    private void run(int nodes, String churn) {
        Check watch = Check.every(Duration.ofSeconds(30), "watch", world -> {
            sizes.add(world.nodes().size());
            arrivals = world.count(Counter.ARRIVALS);
            departures = world.count(Counter.DEPARTURES);
        });
        Scenario scenario = Scenario.of(nodes).length(Duration.ofMinutes(30)).churn(Churn.parse(churn));
        Outcome outcome = Laboratory.of(this::node).check(watch).run(scenario);
        assertThat(outcome.violation()).isNull();
        assertThat(outcome.nodes()).isEqualTo((int) (nodes + arrivals - departures));
    }

    private double size() {
        return sizes.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }

    private long comebacks() {
        return lives.values().stream().mapToLong(ids -> ids.size() - 1).sum();
    }

    @Test
    void so_many_strangers_come_each_minute_and_as_many_are_there_as_stay() {
        run(200, "arrivals 100/min, sessions exponential:2m, crashing 0.7");

        // Within four standard deviations of a Poisson process.
        assertThat((double) arrivals).isCloseTo(3_000, within(220.0));
        assertThat((double) departures).isCloseTo(3_000, within(220.0));
        assertThat(size()).isCloseTo(200, within(20.0));
        assertThat((double) closed / departures).isCloseTo(0.3, within(0.04));
        assertThat(comebacks()).isZero();
        assertThat(lives).hasSize((int) (200 + arrivals));
    }

    @Test
    void all_crash_or_all_close() {
        run(50, "arrivals 20/min, sessions exponential:2m");
        assertThat(departures).isPositive();
        assertThat(closed).isZero();

        run(50, "arrivals 20/min, sessions exponential:2m, crashing 0");
        assertThat(closed).isEqualTo((int) departures).isPositive();
    }

    @Test
    void some_return_as_who_they_were() {
        run(100, "arrivals 50/min, sessions exponential:1m, returning 0.5 after constant:30s with state");

        assertThat((double) comebacks() / departures).isCloseTo(0.5, within(0.05));
        assertThat(size()).isCloseTo(100, within(15.0));
        for (List<Key> ids : lives.values()) {
            assertThat(Set.copyOf(ids)).hasSize(1);
        }
    }

    @Test
    void or_as_strangers() {
        run(100, "arrivals 50/min, sessions exponential:1m, returning 0.5 after constant:30s");

        assertThat((double) comebacks() / departures).isCloseTo(0.5, within(0.05));
        Set<Key> all = new HashSet<>();
        lives.values().forEach(ids -> ids.forEach(id -> assertThat(all.add(id)).isTrue()));
    }

    @Test
    void a_session_ends_with_the_life_that_it_was_for() {
        Check watch = Check.every(
                Duration.ofSeconds(1), "watch", world -> sizes.add(world.nodes().size()));
        Scenario scenario = Scenario.parse("""
                nodes 40
                length 3m
                churn arrivals 0/min, sessions constant:2m
                at 1s crash 1 for 1s
                """);
        assertThat(Laboratory.of(this::node).check(watch).run(scenario).violation())
                .isNull();
        int back = sizes.get(3);
        assertThat(back).isGreaterThan(35);
        assertThat(sizes.subList(3, 120)).containsOnly(back);
        assertThat(sizes.subList(123, 180)).containsOnly(0);
    }

    @Test
    void where_all_return_nobody_is_lost() {
        run(40, "arrivals 0/min, sessions constant:1m, returning 1 after constant:1m");

        assertThat(lives).hasSize(40);
        // Those of the beginning are there for the rest of a session.
        assertThat(sizes.get(0)).isBetween(10, 30);
        assertThat(size()).isCloseTo(20, within(4.0));
        assertThat(lives.values()).allSatisfy(ids -> assertThat(ids).hasSizeBetween(15, 16));
    }
}

package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Foothold;
import org.dhtrpc.testkit.Nat;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.Tap;
import org.dhtrpc.testkit.Traffic;
import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Violation;
import org.dhtrpc.testkit.scenario.World;
import org.junit.jupiter.api.Test;

/** Each word of a fault does what it says to production nodes, and ends when it should. */
class FaultWordsTest {
    private static final String FALLEN_APART = "the nearest are found";
    private static final String BUSY = "nodes 20\nlength 40s\nworkload searches 20/s\n";

    private Laboratory laboratory = Laboratories.msgpack().byReference();

    /** Networks that are so small may fall apart for good. */
    private void run(String text) {
        Violation violation = laboratory.run(Scenario.parse(text)).violation();
        assertThat(violation == null ? FALLEN_APART : violation.check())
                .as(text)
                .isEqualTo(FALLEN_APART);
    }

    /** What there is to see at each second, from the first on. */
    private <T> List<T> each(String text, Function<World, T> look) {
        List<T> seen = new ArrayList<>();
        laboratory = laboratory.check(Check.every(Duration.ofSeconds(1), "look", world -> seen.add(look.apply(world))));
        run(text);
        return seen;
    }

    /** At some second. */
    private static <T> T at(List<T> seen, int second) {
        return seen.get(second - 1);
    }

    private List<Traffic> traffic(String line) {
        return each(BUSY + line, world -> world.network().traffic());
    }

    private static double share(List<Traffic> traffic, int from, int to, Function<Traffic, Long> what) {
        long sent = at(traffic, to).sent() - at(traffic, from).sent();
        assertThat(sent).isGreaterThan(500);
        return (double) (what.apply(at(traffic, to)) - what.apply(at(traffic, from))) / sent;
    }

    @Test
    void a_partition_stops_everything_between_its_sides_and_nothing_else() {
        Map<Integer, Set<Integer>> during = new TreeMap<>();
        Map<Integer, Set<Integer>> after = new TreeMap<>();
        tap(new Tap() {
            @Override
            public void delivered(SimulatedHost to, Endpoint from, Message message, int size) {
                Map<Integer, Set<Integer>> heard = during(to, 10, 13) ? during : after;
                if (now(to) > 10_000_000_000L) {
                    heard.computeIfAbsent(to.number(), none -> new TreeSet<>(Set.of(to.number())))
                            .add((int) from.address()[3]);
                }
            }
        });
        List<Traffic> traffic = traffic("at 10s partition 0.3 for 3s");

        assertThat(share(traffic, 1, 10, Traffic::cut)).isZero();
        assertThat(share(traffic, 10, 13, Traffic::cut)).isBetween(0.02, 0.9);
        assertThat(share(traffic, 13, 40, Traffic::cut)).isZero();
        assertThat(share(traffic, 10, 40, Traffic::lost)).isZero();
        assertThat(during).hasSize(20);
        assertThat(Set.copyOf(during.values())).extracting(Set::size).containsExactlyInAnyOrder(6, 14);
        assertThat(after.values()).hasSize(20).allSatisfy(all -> assertThat(all).hasSize(20));
    }

    /** Has somebody hear of every message, from the first event on. */
    private void tap(Tap tap) {
        boolean[] tapped = new boolean[1];
        laboratory = laboratory.check(Check.always("tap", world -> {
            if (!tapped[0]) {
                tapped[0] = true;
                world.network().tap(tap);
            }
        }));
    }

    private static boolean during(SimulatedHost host, int from, int to) {
        long now = host.transport().loop().nanoTime();
        return now > from * 1_000_000_000L && now < to * 1_000_000_000L;
    }

    @Test
    void a_cut_goes_in_one_direction() {
        Set<Integer> during = new TreeSet<>();
        Set<Integer> after = new TreeSet<>();
        tap(new Tap() {
            @Override
            public void delivered(SimulatedHost to, Endpoint from, Message message, int size) {
                if (now(to) > 10_000_000_000L) {
                    (during(to, 10, 12) ? during : after).add(to.number());
                }
            }
        });
        List<Traffic> traffic = each(
                "nodes 2\nlength 30s\nworkload searches 50/s\nat 10s cut 0.5 for 2s",
                world -> world.network().traffic());

        assertThat(during).hasSize(1);
        assertThat(after).hasSize(2);
        assertThat(at(traffic, 10).cut()).isZero();
        assertThat(at(traffic, 12).cut()).isPositive().isEqualTo(at(traffic, 30).cut());
    }

    @Test
    void losses_nest_and_overlap() {
        List<Traffic> nested = traffic("at 5s loss 0.3 for 25s\nat 10s loss 0.8 for 10s");
        assertThat(share(nested, 1, 5, Traffic::lost)).isZero();
        assertThat(share(nested, 5, 10, Traffic::lost)).isCloseTo(0.3, within(0.06));
        assertThat(share(nested, 10, 20, Traffic::lost)).isCloseTo(0.8, within(0.06));
        assertThat(share(nested, 20, 30, Traffic::lost)).isCloseTo(0.3, within(0.06));
        assertThat(share(nested, 30, 40, Traffic::lost)).isZero();

        laboratory = Laboratories.msgpack().byReference();
        List<Traffic> overlapping = traffic("at 5s loss 0.8 for 15s\nat 10s loss 0.3 for 20s");
        assertThat(share(overlapping, 5, 10, Traffic::lost)).isCloseTo(0.8, within(0.06));
        assertThat(share(overlapping, 10, 20, Traffic::lost)).isCloseTo(0.3, within(0.06));
        assertThat(share(overlapping, 20, 30, Traffic::lost)).isCloseTo(0.3, within(0.06));
        assertThat(share(overlapping, 30, 40, Traffic::lost)).isZero();
    }

    @Test
    void duplication_and_corruption_keep_to_their_time_and_leave_each_other_alone() {
        List<Traffic> traffic = traffic("at 10s duplication 0.5 for 20s\nat 15s corruption 0.1 for 5s");
        assertThat(share(traffic, 1, 10, Traffic::duplicated)).isZero();
        assertThat(share(traffic, 10, 30, Traffic::duplicated)).isCloseTo(0.5, within(0.06));
        assertThat(share(traffic, 30, 40, Traffic::duplicated)).isZero();
        assertThat(share(traffic, 1, 15, Traffic::corrupted)).isZero();
        assertThat(share(traffic, 15, 20, Traffic::corrupted)).isCloseTo(0.1, within(0.04));
        assertThat(share(traffic, 20, 40, Traffic::corrupted)).isZero();
    }

    @Test
    void reordering_holds_some_back_for_up_to_a_second() {
        Map<String, Long> sent = new HashMap<>();
        long[] longest = new long[40];
        tap(new Tap() {
            @Override
            public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
                // Of what is sent again nobody can tell which one arrives.
                sent.merge(key(from.endpoint(), to, message), now(from), (first, second) -> -1L);
            }

            @Override
            public void delivered(SimulatedHost to, Endpoint from, Message message, int size) {
                long at = sent.getOrDefault(key(from, to.endpoint(), message), -1L);
                int second = (int) (at / 1_000_000_000);
                if (at >= 0 && second < longest.length) {
                    longest[second] = StrictMath.max(longest[second], (now(to) - at) / 1_000_000);
                }
            }
        });
        run(BUSY + "at 10s reordering 0.2 for 20s");

        for (int second = 0; second < longest.length; second++) {
            boolean reordered = second >= 10 && second < 30;
            assertThat(longest[second])
                    .as("second " + second)
                    .isBetween(reordered ? 60L : 30L, reordered ? 1_050L : 50L);
        }
    }

    private static String key(Endpoint from, Endpoint to, Message message) {
        return from + " " + to + " " + message.transaction() + " " + message.getClass();
    }

    private static long now(SimulatedHost host) {
        return host.transport().loop().nanoTime();
    }

    @Test
    void who_crashes_is_gone_and_comes_back_if_there_is_a_time() {
        List<Integer> sizes = each(
                "nodes 20\nlength 40s\nat 10s crash 0.3 for 5s\nat 20s crash 0.5",
                world -> world.nodes().size());
        assertThat(sizes.subList(0, 39)).startsWith(20, 20).contains(14);
        assertThat(at(sizes, 9)).isEqualTo(20);
        assertThat(at(sizes, 11)).isEqualTo(14);
        assertThat(at(sizes, 14)).isEqualTo(14);
        assertThat(at(sizes, 16)).isEqualTo(20);
        assertThat(at(sizes, 21)).isEqualTo(10);
        assertThat(at(sizes, 40)).isEqualTo(10);
    }

    @Test
    void newcomers_join() {
        List<Long> joined = each("nodes 20\nlength 30s\nat 10s join 7", FaultWordsTest::ready);
        assertThat(at(joined, 9)).isEqualTo(20);
        assertThat(at(joined, 20)).isEqualTo(27);
        assertThat(at(joined, 30)).isEqualTo(27);
    }

    private static long ready(World world) {
        return world.nodes().stream().filter(node -> node.ready().isDone()).count();
    }

    @Test
    void clocks_follow_the_fault_that_began_last() {
        List<Long> clocks = each(
                "nodes 3\nlength 50s\nat 10s drift 400000 for 20s\nat 20s drift 100000 for 20s",
                world -> now(world.hosts().get(0)));
        assertThat(speed(clocks, 1, 9)).isEqualTo(1);
        assertThat(StrictMath.abs(speed(clocks, 11, 19) - 1)).isBetween(0.0001, 0.4);
        assertThat(StrictMath.abs(speed(clocks, 21, 29) - 1)).isBetween(0.0001, 0.1);
        assertThat(speed(clocks, 31, 39)).isCloseTo(speed(clocks, 21, 29), within(1e-6));
        assertThat(speed(clocks, 41, 49)).isCloseTo(1, within(1e-6));
    }

    private static double speed(List<Long> clocks, int from, int to) {
        return (at(clocks, to) - at(clocks, from)) / ((to - from) * 1e9);
    }

    @Test
    void a_clock_keeps_its_speed_through_a_crash_and_a_newcomer_gets_one() {
        List<Map<Integer, Long>> clocks = each(
                "nodes 5\nlength 40s\ndrift 1000\nat 5s drift 400000 for 25s\nat 10s crash 0.4 for 2s\nat 15s join 2\n"
                        + "at 27s crash 0.4 for 5s",
                world -> {
                    Map<Integer, Long> all = new TreeMap<>();
                    world.hosts().forEach(host -> all.put(host.number(), now(host)));
                    return all;
                });
        for (int number : at(clocks, 20).keySet()) {
            long during = at(clocks, 26).get(number) - at(clocks, 20).get(number);
            long after = at(clocks, 40).get(number) - at(clocks, 34).get(number);
            assertThat(during).as("host " + number).isBetween(3_600_000_000L, 8_400_000_000L);
            assertThat(StrictMath.abs(during - 6_000_000_000L)).isGreaterThan(10_000_000);
            assertThat(after).as("host " + number).isCloseTo(6_000_000_000L, within(6_000_000L));
        }
    }

    @Test
    void nats_move_and_forget() {
        String text = "nodes 20\nlength 30s\nnats port-restricted 0.5\nworkload searches 20/s\n";
        List<List<Endpoint>> addresses = each(
                text + "at 10s move 0.5",
                world -> nats(world).stream().map(Nat::address).toList());
        List<Endpoint> before = at(addresses, 9);
        List<Endpoint> after = at(addresses, 30);
        long moved = before.stream().filter(address -> !after.contains(address)).count();
        assertThat(moved).isEqualTo((long) StrictMath.rint(before.size() * 0.5)).isPositive();

        laboratory = Laboratories.msgpack().byReference();
        int[] least = {Integer.MAX_VALUE};
        laboratory = laboratory.check(Check.always("sessions", world -> {
            if (world.elapsed().compareTo(Duration.ofSeconds(5)) > 0) {
                least[0] = StrictMath.min(
                        least[0], nats(world).stream().mapToInt(Nat::sessions).sum());
            }
        }));
        run(text);
        assertThat(least[0]).isPositive();
        run(text + "at 10s reboot 1");
        assertThat(least[0]).isZero();
    }

    private static List<Nat> nats(World world) {
        return world.hosts().stream()
                .map(SimulatedHost::nat)
                .filter(nat -> nat != null)
                .toList();
    }

    @Test
    void adversaries_take_their_share_of_newcomers_too_and_let_all_of_them_go() {
        for (String word : List.of("liars", "silent")) {
            laboratory = Laboratories.msgpack().byReference();
            List<Long> captured = each(
                    "nodes 20\nlength 40s\nat 10s " + word
                            + " 0.5 for 20s\nat 15s join 20\nat 20s crash 1 for 1s\nat 33s join 5",
                    world -> world.network().hosts().stream()
                            .filter(SimulatedHost::captured)
                            .count());
            assertThat(at(captured, 9)).as(word).isZero();
            assertThat(at(captured, 11)).isEqualTo(10);
            assertThat(at(captured, 19)).isBetween(10 + 3L, 10 + 17L);
            assertThat(at(captured, 25)).isEqualTo(at(captured, 19));
            assertThat(at(captured, 31)).isZero();
            assertThat(at(captured, 40)).isZero();
        }
    }

    @Test
    void of_two_adversaries_one_has_a_host_and_lets_go_of_none_but_its_own() {
        List<String> begun = new ArrayList<>();
        laboratory =
                laboratory.adversary("cats", () -> noting("cat", begun)).adversary("dogs", () -> noting("dog", begun));
        List<Integer> honest = each(
                "nodes 20\nlength 40s\nat 10s cats 0.5 for 10s\nat 12s dogs 1 for 20s\nat 15s join 4",
                world -> world.nodes().size());
        assertThat(begun).hasSize(20 + 4).contains("cat 10", "dog 10");
        assertThat(at(honest, 11)).isEqualTo(10);
        assertThat(at(honest, 13)).isZero();
        assertThat(at(honest, 16)).isZero();
        assertThat(at(honest, 21)).isBetween(10, 14);
        assertThat(at(honest, 33)).isEqualTo(24);
    }

    /** One that says which of its hosts it gets. */
    private static Adversary noting(String name, List<String> begun) {
        return new Adversary() {
            @Override
            public void begin(Foothold host) {
                begun.add(name + " "
                        + (1
                                + begun.stream()
                                        .filter(other -> other.startsWith(name))
                                        .count()));
            }
        };
    }

    @Test
    void puppets_come_and_go_with_their_fault() {
        int[] said = new int[2];
        tap(new Tap() {
            @Override
            public void sent(SimulatedHost from, Endpoint to, Message message, int size) {
                if (from.number() > 20) {
                    said[during(from, 0, 20) ? 0 : 1]++;
                }
            }
        });
        List<Integer> hosts = each(
                "nodes 20\nlength 30s\nat 5s sybils 4 for 10s\nat 10s flood 3 for 10s",
                world -> (int) world.network().hosts().stream()
                        .filter(SimulatedHost::captured)
                        .count());
        assertThat(at(hosts, 4)).isZero();
        assertThat(at(hosts, 6)).isEqualTo(4);
        assertThat(at(hosts, 30)).isEqualTo(7);
        assertThat(said[0]).isGreaterThan(100);
        assertThat(said[1]).isZero();
    }
}

package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.testkit.Seeded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What most say of our address. The traces are those of npm dht-rpc's sampler. */
class VotesTest {
    private static final Endpoint US = Endpoint.parse("203.0.113.7:4000");
    private static final Endpoint OTHER = Endpoint.parse("203.0.113.8:4000");

    private final Votes votes = new Votes();

    /** A voter of a network of its own. */
    private static Endpoint voter(int number) {
        return Endpoint.of(new byte[] {(byte) 198, 18, (byte) number, 1}, 4_000);
    }

    private static Endpoint port(int port) {
        return Endpoint.of(US.address(), port);
    }

    /** The verdicts after each of these votes, all of different voters. */
    private List<@Nullable Endpoint> verdicts(Endpoint... seen) {
        List<@Nullable Endpoint> verdicts = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            Endpoint before = votes.verdict();
            boolean changed = votes.add(voter(i), seen[i]);
            assertThat(changed).isEqualTo(!Objects.equals(before, votes.verdict()));
            verdicts.add(votes.verdict());
        }
        return verdicts;
    }

    @Test
    void nobody_has_said_anything_yet() {
        assertThat(votes.verdict()).isNull();
        assertThat(votes.count()).isZero();
    }

    @Test
    void if_all_say_the_same_it_is_known_from_the_first() {
        assertThat(verdicts(US, US, US, US)).containsExactly(US, US, US, US);
    }

    @Test
    void one_liar_who_comes_as_the_fourth_changes_nothing() {
        assertThat(verdicts(US, US, US, OTHER)).containsExactly(US, US, US, US);
    }

    @Test
    void if_the_liar_comes_first_it_is_unknown_until_the_fourth() {
        assertThat(verdicts(OTHER, US, US, US)).containsExactly(OTHER, null, null, US);
    }

    @Test
    void if_each_sees_another_port_only_the_host_is_known_from_the_second_on() {
        assertThat(verdicts(port(1), port(2), port(3), port(4), port(5)))
                .containsExactly(port(1), port(0), port(0), port(0), port(0));
    }

    @Test
    void of_two_hosts_in_turn_neither_is_known() {
        assertThat(verdicts(US, OTHER, US, OTHER, US, OTHER, US, OTHER))
                .startsWith(US)
                .last()
                .isNull();
        assertThat(votes.count()).isEqualTo(8);
    }

    @Test
    void of_sixteen_three_may_be_wrong_and_not_four() {
        for (int liars = 0; liars <= 4; liars++) {
            Votes sixteen = new Votes();
            for (int i = 0; i < 16; i++) {
                sixteen.add(voter(i), i < liars ? OTHER : US);
            }
            assertThat(sixteen.verdict()).as("%s liars", liars).isEqualTo(liars < 4 ? US : null);
        }
    }

    @Test
    void a_port_that_few_get_wrong_does_not_hide_the_port_that_most_see() {
        assertThat(verdicts(US, US, US, port(9), US)).endsWith(US, US);
    }

    @Test
    void a_network_has_one_voice() {
        for (int host = 1; host <= 100; host++) {
            votes.add(Endpoint.of(new byte[] {(byte) 198, 18, 0, (byte) host}, 4_000 + host), OTHER);
        }
        assertThat(votes.count()).isEqualTo(1);
        for (int i = 1; i < 4; i++) {
            votes.add(voter(i), US);
        }
        assertThat(votes.verdict()).isEqualTo(US);
    }

    @Test
    void so_does_one_of_ipv6() {
        votes.add(Endpoint.parse("[2a01:db8:1:2::3]:1"), OTHER);
        votes.add(Endpoint.parse("[2a01:db8:1:ffff::4]:2"), US);
        assertThat(votes.count()).isEqualTo(1);
        votes.add(Endpoint.parse("[2a01:db8:2::3]:1"), US);
        assertThat(votes.count()).isEqualTo(2);
        assertThat(votes.verdict()).isEqualTo(US);
    }

    @Test
    void in_a_local_network_each_node_has_one() {
        for (String local : List.of("127.0.0.1:1", "127.0.0.1:2", "10.0.0.1:1", "10.0.0.2:1", "[fe80::1]:1")) {
            votes.add(Endpoint.parse(local), US);
        }
        assertThat(votes.count()).isEqualTo(5);
    }

    @Test
    void who_votes_again_has_changed_its_mind() {
        verdicts(US, US);
        assertThat(votes.add(voter(0), OTHER)).isTrue();
        assertThat(votes.verdict()).isNull();
        assertThat(votes.add(voter(1), OTHER)).isTrue();
        assertThat(votes.verdict()).isEqualTo(OTHER);
        assertThat(votes.count()).isEqualTo(2);
    }

    @Test
    void who_says_the_same_again_takes_nobodys_place() {
        for (int i = 0; i < 16; i++) {
            votes.add(voter(i), i < 3 ? OTHER : US);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(votes.add(voter(0), OTHER)).isFalse();
        }
        assertThat(votes.verdict()).isEqualTo(US);
    }

    @Test
    void the_last_sixteen_count() {
        for (int i = 0; i < 16; i++) {
            votes.add(voter(i), US);
        }
        for (int i = 16; i < 29; i++) {
            assertThat(votes.count()).isEqualTo(16);
            votes.add(voter(i), OTHER);
        }
        assertThat(votes.verdict()).as("13 of the last 16").isEqualTo(OTHER);
    }

    @Test
    void after_all_are_forgotten_the_verdict_stays_until_somebody_says_otherwise() {
        verdicts(US, US, US, US);
        votes.clear();
        assertThat(votes.count()).isZero();
        assertThat(votes.verdict()).isEqualTo(US);
        assertThat(votes.add(voter(1), OTHER)).isTrue();
        assertThat(votes.verdict()).isEqualTo(OTHER);
    }

    @Test
    void random_votes_give_what_a_plain_implementation_says() {
        Seeded.rounds(200, random -> {
            Votes real = new Votes();
            Model model = new Model();
            int hosts = 1 + random.nextInt(3);
            int ports = 1 + random.nextInt(3);
            int liars = random.nextInt(6);
            for (int i = 0; i < 60; i++) {
                Endpoint voter = randomVoter(random);
                boolean lies = random.nextInt(16) < liars;
                Endpoint seen = Endpoint.of(
                        new byte[] {(byte) 203, 0, 113, (byte) (lies ? 1 + random.nextInt(hosts) : 1)},
                        4_000 + (lies ? random.nextInt(ports) : 0));
                real.add(voter, seen);
                model.add(voter, seen);
                assertThat(real.count()).isEqualTo(model.last.size()).isLessThanOrEqualTo(16);
                assertThat(real.verdict()).isEqualTo(model.verdict());
            }
        });
    }

    private static Endpoint randomVoter(RandomGenerator random) {
        byte host = (byte) (1 + random.nextInt(4));
        return random.nextInt(4) == 0
                ? Endpoint.of(new byte[] {10, 0, 0, host}, 1 + random.nextInt(3))
                : Endpoint.of(new byte[] {(byte) 198, 18, (byte) random.nextInt(30), host}, 4_000);
    }

    /** The rules in words: a map of texts, counted anew each time. */
    private static final class Model {
        private final Map<String, Endpoint> last = new LinkedHashMap<>();

        void add(Endpoint voter, Endpoint seen) {
            String text = voter.toString();
            String network = text.startsWith("10.") ? text : text.substring(0, text.lastIndexOf('.'));
            if (seen.equals(last.get(network))) {
                return;
            }
            last.remove(network);
            last.put(network, seen);
            if (last.size() > 16) {
                last.remove(last.keySet().iterator().next());
            }
        }

        @Nullable
        Endpoint verdict() {
            int size = last.size();
            int wrong = size < 4 ? 0 : size < 8 ? 1 : size < 12 ? 2 : 3;
            Endpoint whole = most(List.copyOf(last.values()), size - wrong);
            if (whole != null) {
                return whole;
            }
            return most(
                    last.values().stream()
                            .map(seen -> Endpoint.of(seen.address(), 0))
                            .toList(),
                    size - wrong);
        }

        private static @Nullable Endpoint most(List<Endpoint> among, int needed) {
            Map<Endpoint, Integer> counts = new LinkedHashMap<>();
            among.forEach(each -> counts.merge(each, 1, Integer::sum));
            return counts.entrySet().stream()
                    .filter(count -> count.getValue() >= needed)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
        }
    }
}

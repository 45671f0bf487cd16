package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomScenariosTest {
    private static final RandomScenarios SCENARIOS = RandomScenarios.of(200);

    private static List<Scenario> hundred(RandomScenarios scenarios) {
        return LongStream.rangeClosed(1, 100).mapToObj(scenarios::draw).toList();
    }

    @Test
    void a_seed_gives_the_same_each_time_and_is_written_as_it_is_read() {
        assertThat(hundred(SCENARIOS))
                .hasToString(hundred(SCENARIOS).toString())
                .allSatisfy(scenario -> {
                    assertThat(Scenario.parse(scenario.toString())).hasToString(scenario.toString());
                    assertThat(scenario.nodes()).isEqualTo(200);
                    assertThat(scenario.length()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
                });
        assertThat(hundred(SCENARIOS)).extracting(Scenario::seed).doesNotHaveDuplicates();
    }

    @Test
    void each_kind_of_trouble_is_in_some_and_not_in_others() {
        for (String kind : List.of(
                "churn",
                "nats",
                "drift",
                "loss",
                "bursts",
                "republish",
                "partition",
                "cut",
                "duplication",
                "reordering",
                "corruption",
                "crash",
                "leave",
                "pause",
                "join",
                "reboot",
                "move",
                "liars",
                "blackholes",
                "silent",
                "drips")) {
            assertThat(hundred(SCENARIOS).stream().filter(scenario -> says(scenario, kind)))
                    .as(kind)
                    .hasSizeBetween(15, 85);
        }
    }

    private static boolean says(Scenario scenario, String kind) {
        return scenario.toString().matches("(?s).*\\b" + kind + "\\b.*");
    }

    @Test
    void without_a_kind_the_others_are_as_they_were() {
        List<Scenario> less = hundred(SCENARIOS.without("crash", "churn").without("pause"));
        List<Scenario> all = hundred(SCENARIOS);
        for (int i = 0; i < all.size(); i++) {
            Scenario scenario = all.get(i);
            assertThat(less.get(i))
                    .hasToString(scenario.churn(null)
                            .incidents(scenario.incidents().stream()
                                    .filter(incident -> !List.of("crash", "pause")
                                            .contains(incident.fault().word()))
                                    .toList())
                            .toString());
        }
    }

    @Test
    void nonsense_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SCENARIOS.without("rain"))
                .withMessageContainingAll("'rain'", "churn, nats, clocks, mishaps, bursts, republish, partition, cut");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomScenarios.of(0))
                .withMessage("A scenario has 1 to 4000000 nodes, not 0");
    }
}

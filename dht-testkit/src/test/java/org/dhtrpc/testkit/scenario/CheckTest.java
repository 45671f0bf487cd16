package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When checks are looked at, and what becomes of those that fail. */
class CheckTest {
    private static final Duration LENGTH = Duration.ofSeconds(20);
    private static final Scenario SCENARIO = Scenario.of(3)
            .length(LENGTH)
            .workload(Workload.parse("searches 2/s"))
            .at(Duration.ofSeconds(5), Fault.join(2));

    private final Laboratory laboratory = ToyNode.laboratory();
    private final List<Duration> looks = new ArrayList<>();

    private Violation broken(Check... checks) {
        Outcome outcome = laboratory.check(checks).run(SCENARIO);
        assertThat(outcome.held()).isFalse();
        return violation(outcome);
    }

    private static Violation violation(Outcome outcome) {
        Violation violation = outcome.violation();
        if (violation == null) {
            throw new AssertionError("All checks held: " + outcome);
        }
        return violation;
    }

    private Outcome held(Check... checks) {
        Outcome outcome = laboratory.check(checks).run(SCENARIO);
        assertThat(outcome.violation()).isNull();
        return outcome;
    }

    private static void from(World world, Duration time) {
        assertThat(world.elapsed()).as("time").isLessThan(time);
    }

    @Test
    void always_is_looked_at_after_every_event_and_ends_the_run_at_the_one_that_breaks_it() {
        List<Long> events = new ArrayList<>();
        Violation violation = broken(Check.always("few events", world -> {
            events.add(world.network().events());
            assertThat(world.network().events()).as("events").isLessThan(40);
        }));

        assertThat(violation.check()).isEqualTo("few events");
        assertThat(violation.events()).isEqualTo(40);
        assertThat(violation.detail()).contains("events");
        assertThat(events).isSorted().startsWith(0L).endsWith(40L);
        assertThat(events.stream().distinct()).hasSize(41);
    }

    @Test
    void always_also_means_while_the_network_recovers() {
        Violation violation = broken(Check.always("early", world -> from(world, LENGTH.plusSeconds(3))));

        assertThat(violation.at()).isBetween(LENGTH.plusSeconds(3), LENGTH.plusSeconds(4));
    }

    @Test
    void every_is_looked_at_when_so_much_time_has_passed_and_not_in_between() {
        Violation violation = broken(Check.every(Duration.ofSeconds(3), "early", world -> {
            looks.add(world.elapsed());
            from(world, Duration.ofSeconds(8));
        }));

        assertThat(violation.at()).isEqualTo(Duration.ofSeconds(9));
        assertThat(looks).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(9));
    }

    @Test
    void eventually_is_looked_at_when_all_is_over_until_it_holds() {
        Outcome outcome = held(Check.eventually(Duration.ofSeconds(40), "late", world -> {
            looks.add(world.elapsed());
            assertThat(world.elapsed()).isGreaterThan(LENGTH.plusSeconds(30));
        }));

        assertThat(looks).startsWith(LENGTH).endsWith(LENGTH.plusSeconds(31)).hasSize(32);
        assertThat(outcome.run()).contains("virtual time PT51S");
    }

    @Test
    void eventually_fails_when_its_time_has_passed() {
        Violation violation =
                broken(Check.eventually(Duration.ofSeconds(15), "never", world -> fail("it is not to be")));

        assertThat(violation.check()).isEqualTo("never");
        assertThat(violation.at()).isEqualTo(LENGTH.plusSeconds(15));
        assertThat(violation.detail()).isEqualTo("it is not to be");
        assertThat(broken(Check.eventually(Duration.ZERO, "never", world -> fail()))
                        .at())
                .isEqualTo(LENGTH);
    }

    @Test
    void sometimes_is_looked_at_each_second_until_it_was_seen_and_fails_no_run() {
        Outcome outcome = held(
                Check.sometimes("five", world -> {
                    looks.add(world.elapsed());
                    assertThat(world.nodes()).hasSize(5);
                }),
                Check.sometimes("six", world -> assertThat(world.nodes()).hasSize(6)));

        assertThat(outcome.seen()).containsExactly("five");
        assertThat(looks)
                .startsWith(Duration.ofSeconds(1))
                .endsWith(Duration.ofSeconds(5))
                .hasSize(5);
    }

    @Test
    void a_check_that_throws_something_else_is_told_by_its_name_and_place() {
        Check.Property property = world -> from(world, Duration.ofMillis(Integer.parseInt("a number")));
        List<Check> checks = List.of(
                Check.always("mine", property),
                Check.every(Duration.ofSeconds(1), "mine", property),
                Check.eventually(Duration.ZERO, "mine", property),
                Check.sometimes("mine", property));
        for (Check check : checks) {
            Violation violation = broken(check);
            assertThat(violation.check()).isEqualTo("mine");
            assertThat(violation.detail())
                    .startsWith("the check itself fails: java.lang.NumberFormatException")
                    .contains("a number")
                    .containsPattern(" at org\\.dhtrpc\\.testkit\\.scenario\\.CheckTest\\.\\S+:[0-9]+$");
        }
    }

    @Test
    void what_a_laboratory_throws_is_a_violation_whenever_it_does() {
        Scenario plain = Scenario.of(3).length(LENGTH);
        Laboratory nodeless = Laboratory.of(host -> {
            throw new IllegalStateException("no node today");
        });
        Laboratory crowded = Laboratory.of(host -> {
            if (host.number() > 3) {
                throw new IllegalStateException("no room");
            }
            return ToyNode.on(host);
        });
        Laboratory odd =
                laboratory.fault("begins", CheckTest::boom, world -> {}).fault("ends", world -> {}, CheckTest::boom);

        assertThrown(nodeless.run(plain), "no node today", Duration.ZERO);
        assertThrown(crowded.run(SCENARIO), "no room", Duration.ofSeconds(5));
        assertThrown(odd.run(plain.at(Duration.ofSeconds(2), fault("begins"))), "boom", Duration.ofSeconds(2));
        assertThrown(odd.run(plain.at(Duration.ofSeconds(2), fault("ends"))), "boom", LENGTH);
        Fault short1 = fault("ends").lasting(Duration.ofSeconds(1));
        assertThrown(odd.run(plain.at(Duration.ofSeconds(2), short1)), "boom", Duration.ofSeconds(3));
    }

    private static Fault fault(String word) {
        return Fault.named(word, 1);
    }

    private static void boom(World world) {
        throw new IllegalStateException("boom at " + world.elapsed());
    }

    private static void assertThrown(Outcome outcome, String detail, Duration at) {
        Violation violation = violation(outcome);
        assertThat(violation.check()).isEqualTo("nothing throws");
        assertThat(violation.detail())
                .contains("IllegalStateException", detail, "at org.dhtrpc.testkit.scenario.CheckTest");
        assertThat(violation.at()).isEqualTo(at);
    }

    @Test
    void each_check_has_a_name_of_its_own() {
        Check check = Check.sometimes("mine", world -> {});
        for (String name : List.of("mine", "nothing throws", "operations end", "tables are sound", "everybody joins")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> laboratory.check(check).check(Check.always(name, world -> {})))
                    .withMessage("Two checks are called '" + name + "'");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Check.every(Duration.ZERO, "mine", world -> {}))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Check.eventually(Duration.ofSeconds(-1), "mine", world -> {}))
                .withMessageContaining("PT-1S");
    }

    @Test
    void outcomes_travel() throws Exception {
        Outcome bad = laboratory
                .check(Check.always("never", world -> fail("so there")))
                .run(SCENARIO);
        Outcome good = held(Check.sometimes("now", world -> {}));

        assertThat(violation(bad).toString()).isEqualTo("never: so there (at PT0S, event 0)");
        assertThat(travelled(bad)).isEqualTo(bad);
        assertThat(good.searches()).isPositive();
        assertThat(travelled(good)).isEqualTo(good);
    }

    private static @Nullable Object travelled(Outcome outcome) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(outcome);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}

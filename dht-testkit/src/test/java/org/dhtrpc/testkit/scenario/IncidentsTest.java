package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.ToyCodec;
import org.dhtrpc.testkit.report.Moment;
import org.junit.jupiter.api.Test;

/** When faults begin and end, and whom they befall. */
class IncidentsTest {
    private final List<String> log = new ArrayList<>();

    /** Faults that write down when they begin and end. */
    private Laboratory laboratory() {
        Laboratory laboratory = ToyNode.laboratory();
        for (String word : List.of("frogs", "hail")) {
            laboratory = laboratory.fault(
                    word,
                    world -> log.add(word + " " + world.elapsed()),
                    world -> log.add("no " + word + " " + world.elapsed()));
        }
        return laboratory;
    }

    private void run(String lines) {
        Outcome outcome = laboratory().run(Scenario.parse("nodes 4\nlength 1m\n" + lines));
        assertThat(outcome.violation()).isNull();
    }

    @Test
    void they_begin_at_their_time_and_end_after_theirs() {
        run("at 10s frogs for 20s\nat 0s hail for 500ms");
        assertThat(log).containsExactly("hail PT0S", "no hail PT0.5S", "frogs PT10S", "no frogs PT30S");
    }

    @Test
    void what_lasts_ends_with_the_run_the_last_first_and_nothing_begins_any_more() {
        run("at 10s frogs\nat 20s hail for 10m\nat 1m hail for 1m\nat 61s frogs");
        assertThat(log)
                .containsExactly(
                        "frogs PT10S", "hail PT20S", "hail PT1M", "no hail PT1M", "no hail PT1M", "no frogs PT1M");
    }

    @Test
    void a_count_lets_them_begin_once_however_often_it_is_passed() {
        run("when arrivals 3 frogs for 1s\nat 5s join 2\nat 10s join 5\nat 20s join 5\nwhen departures 1 hail");
        assertThat(log).containsExactly("frogs PT10S", "no frogs PT11S");
    }

    @Test
    void a_count_of_nothing_is_reached_at_once() {
        run("when departures 0 frogs for 1s");
        assertThat(log).containsExactly("frogs PT0S", "no frogs PT1S");
    }

    @Test
    void what_is_written_twice_happens_twice() {
        run("at 10s frogs for 1s\nat 10s frogs for 1s");
        assertThat(log).containsExactly("frogs PT10S", "frogs PT10S", "no frogs PT11S", "no frogs PT11S");
    }

    @Test
    void a_recording_has_them_all() {
        Scenario scenario =
                Scenario.parse("nodes 4\nlength 1m\nat 5s frogs for 2s\nat 10s hail\nat 15s crash 1\nat 2m hail");
        assertThat(laboratory().record("plagues", scenario).recording().moments())
                .containsExactlyInAnyOrder(
                        new Moment(Duration.ofSeconds(5), Duration.ofSeconds(7), "frogs 1 for 2s"),
                        new Moment(Duration.ofSeconds(10), Duration.ofMinutes(1), "hail 1"),
                        new Moment(Duration.ofSeconds(15), Duration.ofSeconds(15), "crash 1"));
    }

    @Test
    void bad_faults_are_refused_with_the_limit() {
        refused("at 10s frogs for 0s", "more than 0s");
        refused("at 10s frogs for 366d", "0s to 365d");
        refused("at 366d frogs", "0s to 365d");
        refused("at 10s Frogs", "Frogs");
        refused("at 10s crash 1.5", "0 to 1");
        refused("at 10s join 1.5", "a whole number");
        refused("at 10s join 3 for 5s", "takes no time");
        refused("at 10s crash 0.5 for 5s, forgeting", "'crash' takes no 'forgeting'");
        refused("when frogs 10 crash 0.5", "'frogs'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.named("no frogs", 1))
                .withMessageContaining("'no frogs'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToyNode.laboratory().run(Scenario.parse("nodes 4\nat 10s sybils 3")))
                .withMessageContaining("call Laboratory.codec");
    }

    private static void refused(String line, String why) {
        assertThatIllegalArgumentException()
                .as(line)
                .isThrownBy(() -> Scenario.parse("nodes 4\n" + line))
                .withMessageContaining("Line 2")
                .withMessageContaining(why);
    }

    @Test
    void a_share_is_exact_among_those_of_the_beginning() {
        assertThat(paused("at 10s pause 0.3 for 5s", 12)).hasSize(12);
        assertThat(paused("at 10s pause 0 for 5s", 12)).isEmpty();
        assertThat(paused("at 10s pause 1 for 5s\nat 2s join 10", 12)).hasSize(50);
        assertThat(paused("at 10s pause 0.5 for 5s\nat 2s join 200", 12)).hasSizeBetween(20 + 70, 20 + 130);
    }

    @Test
    void each_line_draws_for_itself() {
        Set<Integer> first = paused("at 10s pause 0.3 for 5s", 12);
        assertThat(paused("at 10s pause 0.3 for 6s", 12)).isNotEqualTo(first);
        assertThat(paused("at 10s pause 0.3 for 5s\nat 20s pause 0.3 for 5s", 22))
                .isNotEqualTo(first);
        assertThat(paused("at 10s pause 0.3 for 5s\nat 10s pause 0.3 for 5s", 12))
                .hasSizeGreaterThan(12);
    }

    @Test
    void to_take_a_line_away_changes_nobodys_part_in_the_others() {
        String pause = "at 20s pause 0.3 for 20s";
        Set<Integer> alone = paused(pause, 30);
        assertThat(paused(pause + "\nat 5s liars 0.4\nat 6s pause 0.2 for 5s\nat 7s partition 0.5 for 1s", 30))
                .isEqualTo(alone);
        assertThat(paused(pause + "\nat 5s crash 0.5 for 3s\nat 6s leave 0.5 for 3s, forgetting", 30))
                .isEqualTo(alone);
        Set<Integer> left = paused(pause + "\nat 5s crash 0.5", 30);
        assertThat(alone).containsAll(left);
        assertThat(left).hasSizeLessThan(alone.size()).isNotEmpty();
    }

    /** The numbers of those of 40 that stand still after so many seconds. */
    private static Set<Integer> paused(String lines, int second) {
        Set<Integer> paused = new TreeSet<>();
        Check look = Check.every(Duration.ofSeconds(1), "look", world -> {
            if (world.elapsed().toSeconds() == second) {
                world.network().hosts().stream()
                        .filter(SimulatedHost::paused)
                        .forEach(host -> paused.add(host.number()));
            }
        });
        Laboratory laboratory = Laboratory.of(host -> {
            host.codec(new ToyCodec());
            return ToyNode.on(host);
        });
        assertThat(laboratory
                        .check(look)
                        .run(Scenario.parse("nodes 40\nlength 40s\n" + lines))
                        .violation())
                .isNull();
        return paused;
    }

    @Test
    void overlapping_pauses_add_up() {
        List<Integer> counts = new ArrayList<>();
        Check count = Check.every(
                Duration.ofSeconds(10),
                "count",
                world -> counts.add((int)
                        world.hosts().stream().filter(SimulatedHost::paused).count()));
        String lines = "at 5s pause 0.5 for 30s\nat 15s pause 1 for 10s\nat 42s pause 1 for 20s\nat 44s crash 1 for 1s";
        ToyNode.laboratory().check(count).run(Scenario.parse("nodes 10\nlength 1m\n" + lines));
        assertThat(counts).startsWith(5, 10, 5, 0, 0, 0);
    }
}

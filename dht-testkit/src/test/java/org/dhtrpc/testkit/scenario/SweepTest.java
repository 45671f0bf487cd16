package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.testkit.Seeded;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    @TempDir
    Path folder;

    @AfterEach
    void forget() {
        List.of(Sweep.SCENARIO, Sweep.SEEDS, Seeded.SEED).forEach(System::clearProperty);
    }

    /** Every third seed breaks a rule, as long as a crash lasts and there are five nodes. */
    record Toy() implements Experiment {
        @Override
        public Laboratory laboratory() {
            return ToyNode.laboratory()
                    .check(
                            Check.every(
                                    Duration.ofSeconds(1),
                                    "threes are lucky",
                                    world -> assertThat(world.scenario().seed() % 3 == 0
                                                    && world.count(Counter.DEPARTURES) > 0
                                                    && world.scenario().nodes() >= 5)
                                            .as("a three")
                                            .isFalse()),
                            Check.sometimes(
                                    "somebody stores",
                                    world -> assertThat(world.count(Counter.STORES))
                                            .isPositive()));
        }

        @Override
        public Scenario scenario(long seed) {
            return Scenario.of(20)
                    .length(Duration.ofSeconds(20))
                    .workload(Workload.parse("10 values, stores 1/s"))
                    .at(Duration.ofSeconds(2), Fault.crash(0.5))
                    .at(Duration.ofSeconds(3), Fault.partition(0.5).lasting(Duration.ofSeconds(5)));
        }
    }

    private Sweep sweep() {
        return Sweep.of(new Toy()).keptIn(folder);
    }

    @Test
    void seeds_are_run_in_their_order() {
        List<Integer> progress = new ArrayList<>();
        SweepResult result = sweep().seeds(1, 10).progress(progress::add).run();
        assertThat(progress).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(result.held()).isFalse();
        assertThat(result.violations()).isEqualTo(Map.of("threes are lucky", List.of(3L, 6L, 9L)));
        assertThat(result.outcomes()).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(result.outcomes().get(i).run()).startsWith("seed " + (i + 1) + ",");
        }
        assertThat(result.toString()).startsWith("""
                        10 runs, seeds 1 to 10: all checks held in 7
                          threes are lucky: not in 3, seeds 3, 6, 9
                          found 1.0000 in the mean, 1.0000 at least (seed 1)
                        """);
    }

    @Test
    void a_failure_is_told_as_a_story_with_the_command_that_runs_it_again() throws IOException {
        SweepResult result = sweep().seeds(1, 4).run();
        Path file = folder.resolve("SweepTest.a_failure_is_told_as_a_story_with_the_command_that_runs_it_again-3.txt");
        String scenario = """
                nodes 5
                seed 3
                length 2s
                link latency constant:20ms
                at 1s crash 0.13
                """;
        assertThatThrownBy(result::requireHeld)
                .isInstanceOf(AssertionError.class)
                .hasMessage(result.story())
                .message()
                .startsWith("threes are lucky: [a three]")
                .contains("shrunk: nodes 20 -> 5, faults 2 -> 1, length 20s -> 2s, values 10 -> 0, a simpler link, in ")
                .contains("seed 3, virtual time PT")
                .contains(scenario.indent(4))
                .contains("to replay: mvn test -Dtest="
                        + "SweepTest#a_failure_is_told_as_a_story_with_the_command_that_runs_it_again -Dscenario="
                        + file)
                .endsWith(result.toString());
        assertThat(Files.readString(file)).endsWith("\n" + scenario).startsWith("# threes are lucky: [a three]");

        System.setProperty(Sweep.SCENARIO, file.toString());
        SweepResult again = sweep().seeds(100, 100).run();
        assertThat(again.outcomes()).singleElement().satisfies(outcome -> {
            assertThat(outcome.scenario()).isEqualTo(scenario);
            assertThat(result.story()).contains(outcome.run());
            assertThat(again.story()).contains(outcome.run(), "-Dscenario=" + file);
        });
    }

    @Test
    void a_command_of_ones_own_replays_too() {
        String story =
                sweep().seeds(3, 1).replayedBy("./simulate --scenario %s").run().story();
        assertThat(story).contains("to replay: ./simulate --scenario " + folder);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sweep().replayedBy("./simulate"))
                .withMessageContaining("'./simulate'");
    }

    @Test
    void a_scenario_that_holds_again_is_fine() throws IOException {
        Path file = folder.resolve("fine.txt");
        Files.writeString(file, new Toy().scenario(1).seed(4).toString());
        System.setProperty(Sweep.SCENARIO, file.toString());
        assertThat(sweep().run().requireHeld().first()).isEqualTo(4);
    }

    @Test
    void properties_say_which_seeds() {
        System.setProperty(Seeded.SEED, "8");
        assertThat(sweep().run().requireHeld().outcomes())
                .singleElement()
                .asString()
                .contains("seed 8,");
        System.clearProperty(Seeded.SEED);
        System.setProperty(Sweep.SEEDS, "2");
        assertThat(sweep().seeds(4, 50).run().requireHeld().outcomes()).hasSize(2);
        System.setProperty(Sweep.SEEDS, "many");
        assertThatIllegalArgumentException()
                .isThrownBy(sweep()::run)
                .withMessage("-Dseeds is a whole number, not 'many'");
        System.setProperty(Sweep.SEEDS, "0");
        assertThatIllegalArgumentException().isThrownBy(sweep()::run).withMessageContaining("not 0");
    }

    @Test
    void a_failure_can_be_the_last_thing_that_is_run_and_be_left_as_it_is() {
        SweepResult result =
                sweep().seeds(2, 100).untilFailure().shrinking(0, 1).run();
        assertThat(result.outcomes()).hasSize(2);
        assertThat(result.story())
                .contains("shrunk: nothing could be left out, in 0 runs; more was not tried", "nodes 20");
    }

    @Test
    void what_must_be_seen_by_one_seed_and_is_by_none_fails_the_sweep() {
        record Idle() implements Experiment {
            @Override
            public Laboratory laboratory() {
                return new Toy().laboratory();
            }

            @Override
            public Scenario scenario(long seed) {
                return Scenario.of(2).length(Duration.ofSeconds(3));
            }
        }
        SweepResult result = Sweep.of(new Idle()).seeds(1, 2).run();
        assertThat(result.held()).isFalse();
        assertThat(result.story()).isNull();
        assertThatThrownBy(result::requireHeld)
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "Not once, in 2 runs, seeds 1 to 2: somebody stores; the sweep did not test what it was made for");
        assertThat(result).asString().contains("\n  somebody stores: not once\n");
        System.setProperty(Seeded.SEED, "1");
        assertThat(Sweep.of(new Idle()).run().held()).isTrue();
    }

    /** Sends tasks and results as bytes, and runs no task before there are so many. */
    private static final class Courier extends AbstractExecutorService {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private final int least;
        private int most;

        Courier(int least) {
            this.least = least;
        }

        @Override
        public <T> Future<T> submit(Callable<T> task) {
            Callable<T> sent = copy(task);
            FutureTask<T> future = new FutureTask<>(() -> copy(sent.call()));
            execute(future);
            return future;
        }

        @SuppressWarnings("unchecked")
        private static <T> T copy(T original) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(original);
            } catch (IOException e) {
                throw new RejectedExecutionException(e);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (T) in.readObject();
            } catch (IOException | ClassNotFoundException e) {
                throw new RejectedExecutionException(e);
            }
        }

        @Override
        public void execute(Runnable task) {
            waiting.add(task);
            most = Math.max(most, waiting.size());
            if (waiting.size() == least) {
                waiting.forEach(Runnable::run);
                waiting.clear();
            }
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }

    @Test
    void another_machine_or_thread_comes_to_the_same_and_is_not_flooded() {
        SweepResult here = sweep().seeds(1, 9).run();
        Courier courier = new Courier(3);
        SweepResult there = sweep().seeds(1, 9).on(courier).atOnce(3).run();
        assertThat(there).isEqualTo(here);
        assertThat(courier.most).isEqualTo(3);

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            assertThat(sweep().seeds(1, 9).on(threads).run()).isEqualTo(here);
            assertThat(sweep().seeds(1, 9).on(threads).untilFailure().run().outcomes())
                    .isEqualTo(here.outcomes().subList(0, 3));
            assertThat(threads.isShutdown()).isFalse();
        } finally {
            threads.shutdown();
        }
    }

    /** Cannot be written, and throws for one seed. */
    @SuppressWarnings("serial")
    private static final class Broken implements Experiment {
        private static final long serialVersionUID = 1;
        private final Object note = new Object();

        @Override
        public Laboratory laboratory() {
            return ToyNode.laboratory();
        }

        @Override
        public Scenario scenario(long seed) {
            if (seed == 5) {
                throw new UnsupportedOperationException("no five");
            }
            return Scenario.of(2).length(Duration.ofSeconds(1));
        }

        @Override
        public String toString() {
            return "broken " + note;
        }
    }

    @Test
    void what_keeps_a_seed_from_being_run_is_told_with_the_seed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Sweep.of(new Broken()).seeds(4, 3).run())
                .withMessage("Seed 5 could not be run: java.lang.UnsupportedOperationException: no five")
                .withCauseInstanceOf(UnsupportedOperationException.class);
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Sweep.of(new Broken()).seeds(1, 3).on(new Courier(1)).run())
                .withMessageStartingWith("Seed 1 could not be run: ")
                .withMessageContaining("NotSerializableException");
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        assertThatIllegalStateException()
                .isThrownBy(() -> sweep().seeds(2, 3).on(closed).run())
                .withMessageStartingWith("Seed 2 could not be run: java.util.concurrent.RejectedExecutionException");
    }

    @Test
    void whoever_waits_can_be_interrupted() {
        Thread.currentThread().interrupt();
        assertThatIllegalStateException()
                .isThrownBy(() -> sweep().seeds(2, 3).on(new Courier(10)).run())
                .withMessageStartingWith("Seed 2 could not be run: java.lang.InterruptedException");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Decides by how often it was asked. */
    record Moody() implements Experiment {
        private static final AtomicInteger ASKED = new AtomicInteger();

        @Override
        public Laboratory laboratory() {
            return ToyNode.laboratory()
                    .check(Check.every(
                            Duration.ofSeconds(1),
                            "good mood",
                            world -> assertThat(ASKED.incrementAndGet()).isGreaterThan(1)));
        }

        @Override
        public Scenario scenario(long seed) {
            return Scenario.of(2).length(Duration.ofSeconds(1));
        }
    }

    @Test
    void what_does_not_happen_again_is_told_so() {
        Moody.ASKED.set(0);
        assertThatThrownBy(() ->
                        Sweep.of(new Moody()).seeds(1, 1).keptIn(folder).run().requireHeld())
                .message()
                .startsWith("Two runs of one scenario differ, so something but the scenario and its seed decides")
                .contains("good mood: ", "all checks hold", "    nodes 2\n");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void where_nothing_can_be_written_the_story_is_told_all_the_same() throws IOException {
        Path file = Files.createFile(folder.resolve("in the way"));
        assertThat(sweep().seeds(3, 1).keptIn(file).run().story())
                .contains("    nodes 5\n", "the scenario could not be written to " + file);
    }

    @Test
    void nonsense_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sweep().seeds(1, 0))
                .withMessageContaining("not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sweep().seeds(Long.MAX_VALUE, 2))
                .withMessageContaining("at most " + Long.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> sweep().atOnce(0)).withMessageContaining("not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sweep().shrinking(-1, 0))
                .withMessageContaining("-1");
    }
}

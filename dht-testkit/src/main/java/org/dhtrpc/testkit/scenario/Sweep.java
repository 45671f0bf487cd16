package org.dhtrpc.testkit.scenario;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.IntConsumer;
import org.dhtrpc.testkit.Seeded;
import org.dhtrpc.testkit.report.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Experiment} with many seeds, and makes of the first failure the smallest story that it can:
 *
 * <pre>{@code
 * @Test
 * void values_survive_whatever_happens() {
 *     Sweep.of(new Trouble()).seeds(1, 100).run().requireHeld();
 * }
 * }</pre>
 *
 * <p>Results are those of a loop over the seeds, whichever executor ran them. The failing scenario is shrunk on the calling
 * thread ({@link Shrinker}), written to a file, and told with the command that runs it again.
 *
 * <p>It reads system properties: {@value #SCENARIO}, a file, has that scenario run instead of all seeds; {@value Seeded#SEED}
 * has that seed run alone; {@value #SEEDS} is how many seeds there are. Not for use by several threads.
 */
public final class Sweep {
    /** The system property that names the file of a scenario which is run instead, of every sweep: choose the test as well. */
    public static final String SCENARIO = "scenario";

    /** The system property that says how many seeds each sweep tries. */
    public static final String SEEDS = "seeds";

    private final Experiment experiment;
    private long first = 1;
    private int count = 100;
    private @Nullable ExecutorService executor;
    private int atOnce = 4 * Runtime.getRuntime().availableProcessors();
    private boolean stopping;
    private IntConsumer progress = done -> {};
    private int shrinkingRuns = Shrinker.RUNS;
    private long shrinkingEvents = Shrinker.EVENTS;
    private Path folder = Path.of(".simulation-scenarios");
    private @Nullable String command;

    private Sweep(Experiment experiment) {
        this.experiment = Objects.requireNonNull(experiment);
    }

    /** A sweep of the seeds 1 to 100, on the calling thread. */
    public static Sweep of(Experiment experiment) {
        return new Sweep(experiment);
    }

    /**
     * With so many seeds, one after the other.
     *
     * @throws IllegalArgumentException unless there is one at least, and the last is a long
     */
    public Sweep seeds(long from, int many) {
        if (many < 1) {
            throw new IllegalArgumentException("A number of seeds is 1 or more, not " + many);
        }
        if (from > Long.MAX_VALUE - many + 1) {
            throw new IllegalArgumentException(
                    "The last seed is at most " + Long.MAX_VALUE + ", not the one " + (many - 1) + " after " + from);
        }
        first = from;
        count = many;
        return this;
    }

    /**
     * On the threads of this executor, or the machines: it is given a {@link java.io.Serializable} task for each seed, which
     * returns a serializable {@link Outcome}. It stays open.
     */
    public Sweep on(ExecutorService threads) {
        executor = Objects.requireNonNull(threads);
        return this;
    }

    /**
     * How many seeds an executor is given before the oldest of them has come back; four for each processor here if this is not
     * called.
     *
     * @throws IllegalArgumentException unless it is one at least
     */
    public Sweep atOnce(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("The number of seeds at once is 1 or more, not " + most);
        }
        atOnce = most;
        return this;
    }

    /** Whom to tell, on the calling thread, how many seeds have come back. */
    public Sweep progress(IntConsumer listener) {
        progress = Objects.requireNonNull(listener);
        return this;
    }

    /** It ends with the first seed that fails; nothing is known of those after it. */
    public Sweep untilFailure() {
        stopping = true;
        return this;
    }

    /**
     * How long a failure is shrunk; {@value Shrinker#RUNS} runs and {@value Shrinker#EVENTS} events if this is not called.
     *
     * @param runs 0: not at all
     * @throws IllegalArgumentException if one is negative
     */
    public Sweep shrinking(int runs, long events) {
        Shrinker.check(runs, events);
        shrinkingRuns = runs;
        shrinkingEvents = events;
        return this;
    }

    /** Where failing scenarios are written, a file for each; {@code .simulation-scenarios} if this is not called. */
    public Sweep keptIn(Path directory) {
        folder = Objects.requireNonNull(directory);
        return this;
    }

    /**
     * The command that runs a scenario again, with {@code %s} where the name of the file belongs. If this is not called it is
     * Maven's for the test method that calls {@link #run}.
     *
     * @throws IllegalArgumentException if it has no {@code %s}
     */
    public Sweep replayedBy(String text) {
        if (!text.contains("%s")) {
            throw new IllegalArgumentException(
                    "A command to replay has %s for the name of the file, unlike '" + text + "'");
        }
        command = text;
        return this;
    }

    /**
     * Runs all seeds.
     *
     * @throws IllegalStateException if a seed cannot be run, with its number: because of the executor, because the experiment
     *     cannot be sent to another machine, or because it throws something itself
     * @throws IllegalArgumentException if a system property, or the file that it names, is none
     * @throws java.io.UncheckedIOException if that file cannot be read
     */
    public SweepResult run() {
        Replay replay = Replay.of(command, experiment.getClass());
        String file = System.getProperty(SCENARIO);
        if (file != null) {
            return again(Path.of(file), replay);
        }
        Long only = number(Seeded.SEED);
        Long many = only == null ? number(SEEDS) : Long.valueOf(1);
        if (many != null && (many < 1 || many > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("-D" + SEEDS + " is 1 to " + Integer.MAX_VALUE + ", not " + many);
        }
        long from = only == null ? first : only;
        List<Outcome> outcomes = outcomes(from, many == null ? count : many.intValue());
        SweepResult result = new SweepResult(from, outcomes, only == null ? unseen(outcomes) : List.of(), null);
        Outcome failed = result.firstFailure();
        return failed == null ? result : result.with(story(failed, result, replay));
    }

    private SweepResult again(Path file, Replay replay) {
        Scenario scenario = Scenario.read(file);
        Outcome outcome = run(scenario);
        SweepResult result = new SweepResult(scenario.seed(), List.of(outcome), List.of(), null);
        return outcome.held() ? result : result.with(Story.again(outcome, replay.command(file)));
    }

    /** In a laboratory of its own, here. */
    private Outcome run(Scenario scenario) {
        return experiment.laboratory().run(scenario);
    }

    /** Runs what failed once more before it is shrunk. */
    private String story(Outcome failed, SweepResult result, Replay replay) {
        Scenario scenario = new SeedRun(experiment, result.seed(failed)).scenario();
        Outcome here = run(scenario);
        if (!here.isSameRun(failed)) {
            return Story.different(failed, here);
        }
        Shrunk shrunk = new Shrinker(this::run)
                .runs(shrinkingRuns)
                .events(shrinkingEvents)
                .shrink(scenario, failed);
        return new Story(this::run, failed, shrunk, result.toString(), replay).tell(folder);
    }

    private static @Nullable Long number(String property) {
        String text = System.getProperty(property);
        try {
            return text == null ? null : Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D" + property + " is a whole number, not '" + text + "'", e);
        }
    }

    /** In the order of their seeds. */
    private List<Outcome> outcomes(long from, int many) {
        List<Outcome> outcomes = new ArrayList<>();
        Deque<Future<Outcome>> underWay = new ArrayDeque<>();
        int most = executor == null ? 1 : atOnce;
        try {
            for (int begun = 0; outcomes.size() < many; ) {
                while (begun < many && underWay.size() < most) {
                    underWay.add(begin(from + begun++));
                }
                Outcome next = await(underWay.remove(), from + outcomes.size());
                outcomes.add(next);
                progress.accept(outcomes.size());
                if (stopping && !next.held()) {
                    break;
                }
            }
        } finally {
            underWay.forEach(task -> task.cancel(true));
        }
        return outcomes;
    }

    private Future<Outcome> begin(long seed) {
        SeedRun task = new SeedRun(experiment, seed);
        if (executor == null) {
            FutureTask<Outcome> here = new FutureTask<>(task);
            here.run();
            return here;
        }
        try {
            return executor.submit(task);
        } catch (RuntimeException e) {
            // Clusters write the task here, and throw what they like if they cannot.
            throw notRun(seed, e);
        }
    }

    private static Outcome await(Future<Outcome> task, long seed) {
        try {
            return Objects.requireNonNull(task.get());
        } catch (ExecutionException e) {
            throw notRun(seed, Objects.requireNonNullElse(e.getCause(), e));
        } catch (CancellationException e) {
            throw notRun(seed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notRun(seed, e);
        }
    }

    private static IllegalStateException notRun(long seed, Throwable why) {
        return new IllegalStateException("Seed " + seed + " could not be run: " + why, why);
    }

    /** The checks that must hold now and then and never did. */
    private List<String> unseen(List<Outcome> outcomes) {
        return experiment.laboratory().checks().stream()
                .filter(check -> check.kind() == Verdict.Kind.SOMETIMES)
                .map(Check::name)
                .filter(name ->
                        outcomes.stream().noneMatch(outcome -> outcome.seen().contains(name)))
                .toList();
    }
}

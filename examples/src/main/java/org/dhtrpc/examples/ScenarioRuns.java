package org.dhtrpc.examples;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import org.dhtrpc.testkit.report.Report;
import org.dhtrpc.testkit.scenario.Experiment;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.Laboratory.Recorded;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Sweep;
import org.dhtrpc.testkit.scenario.SweepResult;

/** Runs scenarios one after the other, and says how each went. */
final class ScenarioRuns {
    private final Laboratory laboratory;
    private final PrintWriter out;
    private final Progress progress;
    private final boolean json;

    /** With whom to tell how each went, and how far it is; in JSON or else in words. */
    ScenarioRuns(Laboratory laboratory, PrintWriter out, Progress progress, boolean json) {
        this.laboratory = laboratory;
        this.out = out;
        this.progress = progress;
        this.json = json;
    }

    /**
     * Does what the options ask for.
     *
     * @param common what of a scenario other options say
     * @return whether all checks held
     */
    boolean run(ScenarioOptions options, Scenario common) {
        options.check();
        Scenario first = options.scenario(common);
        Scenario second = options.other(common.seed());
        laboratory.verify(first);
        if (options.print) {
            out.print(first);
            out.flush();
            return true;
        }
        if (options.seeds() > 0) {
            return sweep(options, first);
        }
        Path report = options.report();
        if (second == null) {
            Recorded only = run(options.title(), first);
            if (report != null) {
                Report.of(only.recording()).write(report);
            }
            return only.outcome().held();
        }
        laboratory.verify(second);
        Recorded before = run(options.title(), first);
        Recorded after = run(options.otherTitle(), second);
        if (report != null) {
            Report.comparing(before.recording(), after.recording()).write(report);
        }
        return before.outcome().held() && after.outcome().held();
    }

    /** Many seeds, on all processors. */
    private boolean sweep(ScenarioOptions options, Scenario scenario) {
        int seeds = options.seeds();
        progress.begin("seeds", seeds);
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            SweepResult result = Sweep.of(new Seeds(laboratory, seed -> options.again(scenario, seed)))
                    .seeds(scenario.seed(), seeds)
                    .on(threads)
                    .progress(progress::done)
                    .replayedBy("./simulate --scenario %s")
                    .run();
            out.println(result.story() == null ? result : result.story());
            return result.held();
        } finally {
            progress.end();
            threads.shutdownNow();
        }
    }

    /** Of one process: it is never sent to another. */
    @SuppressWarnings("serial")
    private record Seeds(Laboratory laboratory, LongFunction<Scenario> scenarios) implements Experiment {
        @Override
        public Scenario scenario(long seed) {
            return scenarios.apply(seed);
        }
    }

    private Recorded run(String title, Scenario scenario) {
        // At least one, or a bar would have no length.
        progress.begin("time", (int) Math.max(1, scenario.length().toSeconds()));
        double before = SimulateReport.processorTime();
        Recorded recorded;
        try {
            recorded = laboratory
                    .progress(time -> progress.done((int) time.toSeconds()))
                    .record(title, scenario);
        } finally {
            progress.end();
        }
        ScenarioFigures figures = ScenarioFigures.of(scenario, recorded, SimulateReport.processorTime() - before);
        out.println(json ? figures.toJson() : figures.toText());
        return recorded;
    }
}

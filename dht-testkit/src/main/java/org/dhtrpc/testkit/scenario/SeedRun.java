package org.dhtrpc.testkit.scenario;

import java.io.Serializable;
import java.util.concurrent.Callable;

/** An experiment with one seed: what is handed to executors. */
record SeedRun(Experiment experiment, long seed) implements Callable<Outcome>, Serializable {
    Scenario scenario() {
        return experiment.scenario(seed).seed(seed);
    }

    @Override
    public Outcome call() {
        return experiment.laboratory().run(scenario());
    }
}

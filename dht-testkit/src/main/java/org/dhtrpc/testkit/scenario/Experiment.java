package org.dhtrpc.testkit.scenario;

import java.io.Serializable;

/**
 * What a {@link Sweep} tries again and again: for each seed a scenario, and where it is run. A record without components does:
 *
 * <pre>{@code
 * record Trouble() implements Experiment {
 *     public Laboratory laboratory() {
 *         return Laboratory.of(host -> node(host));
 *     }
 *
 *     public Scenario scenario(long seed) {
 *         return RandomScenarios.of(200).draw(seed);
 *     }
 * }
 * }</pre>
 *
 * <p>Both methods are called for each run, on the thread and the machine that runs it, and several at once: a check may have a
 * state of its own if it is made in {@link #laboratory}, but nothing that changes is shared between two calls. Serializable, so
 * that the executor of a cluster can carry it to other machines, which need the same classes.
 */
public interface Experiment extends Serializable {
    /** Where it is run. */
    Laboratory laboratory();

    /** What is run with this seed. The seed of the scenario itself is replaced by it. */
    Scenario scenario(long seed);
}

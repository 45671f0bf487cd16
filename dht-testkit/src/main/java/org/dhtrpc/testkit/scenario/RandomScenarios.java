package org.dhtrpc.testkit.scenario;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dhtrpc.testkit.SimulatedNetwork;

/**
 * Scenarios drawn by chance, for {@link Sweep}s: three to six minutes of a network in which values are stored and read, and
 * trouble of several kinds. Which kinds there are is drawn first, each of them with a chance of a half (swarm testing: Groce et
 * al. 2012): where everything happens at once, one thing hides the other.
 *
 * <p>All of it is what a network of this size survives: nothing takes more than half of the nodes, and no fault that ends lasts
 * longer than two minutes. Of the adversaries there are those who capture nodes, since only they need no codec. Which checks
 * hold all the same, {@link Laboratory} says. Immutable. Each kind draws from streams of its own: without one of them, the
 * others are as they were; but where there are no NATs, nothing happens to any.
 */
public final class RandomScenarios {
    /** What there may be beside faults. */
    private static final List<String> MODELS = List.of("churn", "nats", "clocks", "mishaps", "bursts", "republish");

    private final int nodes;
    private final Set<String> without;

    private RandomScenarios(int nodes, Set<String> without) {
        this.nodes = nodes;
        this.without = without;
    }

    /**
     * Of so many nodes.
     *
     * @throws IllegalArgumentException if no scenario has so many
     */
    public static RandomScenarios of(int nodes) {
        return new RandomScenarios(Scenario.of(nodes).nodes(), Set.of());
    }

    /**
     * The same without trouble of some kinds.
     *
     * @param kinds words of faults; or {@code churn}; {@code nats}; {@code clocks} that drift all the time; {@code mishaps} and
     *     {@code bursts} on the link; {@code republish}
     * @throws IllegalArgumentException if there is no such kind
     */
    public RandomScenarios without(String... kinds) {
        Set<String> all = new TreeSet<>(without);
        for (String kind : kinds) {
            if (!MODELS.contains(kind) && FaultKind.of(kind) == null) {
                throw new IllegalArgumentException("No kind of trouble is called '" + kind + "'; there are "
                        + String.join(", ", MODELS) + ", " + Fault.words());
            }
            all.add(kind);
        }
        return new RandomScenarios(nodes, all);
    }

    /** The scenario of this seed, the same each time. */
    public Scenario draw(long seed) {
        try (SimulatedNetwork streams = SimulatedNetwork.seeded(seed).build()) {
            return new Swarm(streams, without, nodes).scenario().seed(seed);
        }
    }
}

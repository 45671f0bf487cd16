package org.dhtrpc.benchmarks;

import java.util.concurrent.Callable;
import org.dhtrpc.testkit.QueueComparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What happens in virtual time. */
@Command(
        name = "sim",
        description = "The event queue of simulations beside java.util.PriorityQueue; or searches on a simulated wan.",
        showDefaultValues = true,
        sortOptions = false)
final class Simulations implements Callable<Integer> {
    @Option(names = "--dead", description = "What a dead node among the nearest costs on a simulated wan.")
    private boolean dead;

    @Option(names = "--n", defaultValue = "500", description = "With --dead: nodes.")
    private int size;

    @Option(names = "--lookups", defaultValue = "50", description = "With --dead: nodes that die.")
    private int lookups;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        output.require("--n", size, 2, 100_000);
        output.require("--lookups", lookups, 1, 100_000);
        if (dead) {
            output.print(SimulatedDeaths.measure(size, lookups));
        } else {
            QueueComparison.main(output.json() ? new String[] {"--json"} : new String[0]);
        }
        return 0;
    }
}

package org.dhtrpc.benchmarks;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Round trips between two nodes. */
@Command(
        name = "rpc",
        description = "Round trips between two nodes: a query to a known peer, or a ping.",
        showDefaultValues = true,
        sortOptions = false)
final class Rpc implements Callable<Integer> {
    enum Op {
        /** The built-in command. */
        PING,
        /** A 32-byte target and a 100-byte value, which comes back. */
        QUERY
    }

    @Option(names = "--op", defaultValue = "query", description = "${COMPLETION-CANDIDATES}.")
    private Op op = Op.QUERY;

    @Option(names = "--closer", defaultValue = "0", description = "Contacts in each reply, 0 to 20.")
    private int closer;

    @Mixin
    private TwoEnds ends = new TwoEnds();

    @Override
    public Integer call() throws Exception {
        ends.check();
        ends.output().require("--closer", closer, 0, 20);
        Json measured = ends.measure(() -> new TwoNodes(ends.io().sockets(), op, closer));
        if (measured != null) {
            ends.output()
                    .print(new Json()
                            .put("suite", "rpc")
                            .put("op", op.name().toLowerCase(Locale.ROOT))
                            .put("closer", closer)
                            .putAll(measured));
        }
        return 0;
    }
}

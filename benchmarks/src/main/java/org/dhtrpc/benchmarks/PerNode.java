package org.dhtrpc.benchmarks;

import java.util.concurrent.Callable;
import org.dhtrpc.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a node takes that has joined and has nothing to do. */
@Command(
        name = "memory",
        description =
                "What a node on a real socket takes that has joined and has nothing to do, and what of it the socket does.",
        showDefaultValues = true,
        sortOptions = false)
final class PerNode implements Callable<Integer> {
    @Option(names = "--n", defaultValue = "500", description = "Nodes, each with a socket of its own.")
    private int size;

    @Option(names = "--join", defaultValue = "8", description = "Nodes joining at a time.")
    private int joining;

    @Option(
            names = "--transport",
            defaultValue = "nio",
            description = "${COMPLETION-CANDIDATES}; netty is Netty on NIO.")
    private Io io = Io.NIO;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        output.require("--n", size, 1, 10_000);
        output.require("--join", joining, 1, 10_000);
        Network.makeFew(io);
        double socket = socket();
        try (Network network = new Network(io)) {
            Memory before = Memory.settled();
            network.join(size, joining);
            network.awaitIdle();
            Memory after = Memory.settled();
            double heap = after.heapEach(before, size);
            output.print(Json.result("memory", "")
                    .put("transport", io.toString())
                    .put("n", size)
                    .put("heap_kb_per_node", heap, 2)
                    .put("socket_kb_per_node", socket, 2)
                    .put("beyond_socket_kb_per_node", heap - socket, 2)
                    .put("rss_kb_per_node", after.residentEach(before, size), 2)
                    .put("threads", after.threads()));
        }
        return 0;
    }

    /** The heap of an open transport that nobody uses. */
    private double socket() {
        try (Io.Sockets sockets = io.sockets()) {
            Memory before = Memory.settled();
            for (int i = 0; i < size; i++) {
                Transport transport = sockets.bind();
                transport.open((from, datagram) -> {});
            }
            return Memory.settled().heapEach(before, size);
        }
    }
}

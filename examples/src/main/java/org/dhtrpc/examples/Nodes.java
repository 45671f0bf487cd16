package org.dhtrpc.examples;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.dhtrpc.Dht;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Second terminal: nodes that store values. */
@Command(
        name = "kv nodes",
        description = "Runs nodes that store values.",
        showDefaultValues = true,
        sortOptions = false)
public final class Nodes implements Callable<Integer> {
    @Option(names = "--count", defaultValue = "100", description = "How many, 1 to 2000.")
    private int count;

    @Option(names = "--bootstrap", defaultValue = Bootstrap.DEFAULT, description = "Node to join by, host:port.")
    private String bootstrap = "";

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to bind; each takes a free port.")
    private String host = "";

    @Option(names = "--transport", defaultValue = "nio", description = Sockets.OPTION)
    private Sockets.Kind transport = Sockets.Kind.NIO;

    @Option(names = "--codec", defaultValue = "msgpack", description = Codecs.OPTION)
    private Codecs codec = Codecs.MSGPACK;

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Runs until it is stopped. */
    public static void main(String... args) {
        System.exit(Shell.program(new Nodes()).execute(args));
    }

    @Override
    public Integer call() {
        Shell.requireRange(program, "--count", count, 1, 2_000);
        PrintWriter out = program.commandLine().getOut();
        try (Sockets sockets = transport.start()) {
            List<Dht> nodes = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    nodes.add(new KeyValueStore(codec)
                            .createNode(sockets.bind(host, 0), bootstrap, new ConcurrentHashMap<>(), out::println));
                }
                nodes.forEach(node -> node.ready().join());
                out.println(count + " nodes have joined by " + bootstrap + "; Ctrl-C stops them");
                Shell.untilStopped();
                return 0;
            } finally {
                // While their loops still turn.
                nodes.forEach(Dht::close);
            }
        }
    }
}

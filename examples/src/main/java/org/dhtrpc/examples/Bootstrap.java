package org.dhtrpc.examples;

import java.util.concurrent.Callable;
import org.dhtrpc.Dht;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** First terminal: the node that the others join by. */
@Command(
        name = "kv bootstrap",
        description = "Runs the node that the others join by.",
        showDefaultValues = true,
        sortOptions = false)
public final class Bootstrap implements Callable<Integer> {
    /** Where the programs look for a bootstrap node unless they are told otherwise. */
    static final String DEFAULT = "127.0.0.1:10001";

    @Option(names = "--port", defaultValue = "10001", description = "UDP port, 0 for any.")
    private int port;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to bind.")
    private String host = "";

    @Option(names = "--transport", defaultValue = "nio", description = Sockets.OPTION)
    private Sockets.Kind transport = Sockets.Kind.NIO;

    @Option(names = "--codec", defaultValue = "msgpack", description = Codecs.OPTION)
    private Codecs codec = Codecs.MSGPACK;

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Runs until it is stopped. */
    public static void main(String... args) {
        System.exit(Shell.program(new Bootstrap()).execute(args));
    }

    @Override
    public Integer call() {
        Shell.requireRange(program, "--port", port, 0, 65_535);
        try (Sockets sockets = transport.start();
                Dht node = new KeyValueStore(codec).createBootstrap(sockets.bind(host, port))) {
            program.commandLine().getOut().println("Bootstrap node at " + node.localAddress() + "; Ctrl-C stops it");
            Shell.untilStopped();
        }
        return 0;
    }
}

package org.dhtrpc.examples;

import java.io.PrintWriter;
import java.util.Optional;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Third terminal: puts values and gets them. */
@Command(
        name = "kv",
        description = "Puts values and gets them.",
        showDefaultValues = true,
        sortOptions = false,
        scope = ScopeType.INHERIT)
public final class Client {
    @Option(
            names = "--bootstrap",
            defaultValue = Bootstrap.DEFAULT,
            description = "Node to join by, host:port.",
            scope = ScopeType.INHERIT)
    private String bootstrap = "";

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to bind.", scope = ScopeType.INHERIT)
    private String host = "";

    @Option(names = "--transport", defaultValue = "nio", description = Sockets.OPTION, scope = ScopeType.INHERIT)
    private Sockets.Kind transport = Sockets.Kind.NIO;

    @Option(names = "--codec", defaultValue = "msgpack", description = Codecs.OPTION, scope = ScopeType.INHERIT)
    private Codecs codec = Codecs.MSGPACK;

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Ends with status 1 if it fails or the value is not found. */
    public static void main(String... args) {
        System.exit(Shell.program(new Client()).execute(args));
    }

    @Command(name = "put", description = "Stores a value and prints its key.")
    int put(
            @Parameters(paramLabel = "VALUE", description = "A text of at most 1090 bytes; over IPv6, of 1078.")
                    String text) {
        Bytes value = Bytes.utf8(text);
        try (Sockets sockets = transport.start();
                Dht client = connect(sockets)) {
            int copies = new KeyValueStore(codec).insert(client, value).size();
            err().println("Stored on " + copies + (copies == 1 ? " node" : " nodes"));
            out().println(Key.hashOf(value));
            return 0;
        }
    }

    @Command(name = "get", description = "Prints the value with this key.")
    int get(@Parameters(paramLabel = "KEY", description = "What put has printed.") Key key) {
        try (Sockets sockets = transport.start();
                Dht client = connect(sockets)) {
            Optional<Bytes> value = new KeyValueStore(codec).find(client, key);
            value.map(Bytes::utf8).ifPresentOrElse(out()::println, () -> err().println("Nobody has " + key));
            return value.isPresent() ? 0 : 1;
        }
    }

    private Dht connect(Sockets sockets) {
        Dht client = new KeyValueStore(codec).createClient(sockets.bind(host, 0), bootstrap);
        try {
            // A query need not wait for this, but where nobody answers it can say who was asked.
            client.ready().join();
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private PrintWriter out() {
        return program.commandLine().getOut();
    }

    private PrintWriter err() {
        return program.commandLine().getErr();
    }
}

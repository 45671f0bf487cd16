package org.dhtrpc.benchmarks;

import java.util.concurrent.Callable;
import org.dhtrpc.Endpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Datagrams that come back as they are: what a call cannot be faster than. */
@Command(
        name = "echo",
        description = "Datagrams that come back as they are: what a call cannot be faster than.",
        showDefaultValues = true,
        sortOptions = false)
final class Echo implements Callable<Integer> {
    @Option(names = "--raw", description = "Without our transport: the bare sockets of the same kind.")
    private boolean raw;

    @Option(
            names = "--bytes",
            defaultValue = "285",
            description =
                    "Size of a datagram, 8 to " + EchoLoop.LARGEST + "; unasked the mean of a query and its reply.")
    private int bytes;

    @Mixin
    private TwoEnds ends = new TwoEnds();

    @Override
    public Integer call() throws Exception {
        ends.check();
        ends.output().require("--bytes", bytes, 8, EchoLoop.LARGEST);
        Json measured = ends.measure(this::start);
        if (measured != null) {
            ends.output()
                    .print(new Json()
                            .put("suite", "echo")
                            .put("raw", raw ? 1 : 0)
                            .put("bytes", bytes)
                            .putAll(measured));
        }
        return 0;
    }

    private TwoEnds.Ends start() {
        EchoLoop loop = raw ? ends.io().raw() : new TransportEcho(ends.io());
        return new TwoEnds.Ends() {
            @Override
            public Endpoint answer() {
                return loop.answer();
            }

            @Override
            public Load ask(Endpoint whom) {
                return loop.ask(whom, bytes);
            }

            @Override
            public void close() {
                loop.close();
            }
        };
    }
}

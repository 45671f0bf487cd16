package org.dhtrpc.benchmarks;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.spi.Codec;
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

    @Option(names = "--op", defaultValue = "query", description = "${COMPLETION-CANDIDATES}; netty is Netty on NIO.")
    private Op op = Op.QUERY;

    @Option(names = "--closer", defaultValue = "0", description = "Contacts in each reply, 0 to 20.")
    private int closer;

    @Mixin
    private TwoEnds ends = new TwoEnds();

    @Override
    public Integer call() throws Exception {
        ends.check();
        ends.output().require("--closer", closer, 0, 20);
        Json measured = ends.measure(() -> nodes(new MsgpackCodec()));
        if (measured != null) {
            ends.output()
                    .print(new Json()
                            .put("suite", "rpc")
                            .put("op", op.name().toLowerCase(Locale.ROOT))
                            .put("closer", closer)
                            .putAll(measured)
                            .putAll(sizes()));
        }
        return 0;
    }

    private TwoNodes nodes(Codec codec) {
        return new TwoNodes(ends.io().sockets(), codec, op, closer);
    }

    /** Of the datagrams that were measured: not of the first one, which has no token yet. */
    private Json sizes() throws InterruptedException {
        SizingCodec codec = new SizingCodec(new MsgpackCodec());
        try (TwoNodes nodes = nodes(codec)) {
            Phase few = new Phase(0.05, 1);
            nodes.ask(nodes.answer()).begin(few);
            few.await();
        }
        return new Json().put("req_bytes", codec.request).put("res_bytes", codec.reply);
    }
}

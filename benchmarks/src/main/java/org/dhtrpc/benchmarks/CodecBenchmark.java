package org.dhtrpc.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.msgpack.core.MessagePack;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A request of 159 bytes and a reply with 20 contacts, by our codec and by msgpack-core alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    private final Codec codec = new MsgpackCodec();
    private final BareMsgpack bare = new BareMsgpack(MessagePack.newDefaultBufferPacker());
    private final Request request = Codecs.request(new Random(7));
    private final Reply reply = Codecs.reply(new Random(8));
    private final ByteBuffer requestBytes = encoded(request);
    private final ByteBuffer replyBytes = encoded(reply);
    private final ByteBuffer written = ByteBuffer.allocateDirect(EchoLoop.LARGEST);

    private ByteBuffer encoded(Message message) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(EchoLoop.LARGEST);
        codec.encode(message, datagram);
        return datagram.flip();
    }

    /** Ours. */
    @Benchmark
    public ByteBuffer encodeRequest() {
        codec.encode(request, written.clear());
        return written;
    }

    /** Ours. */
    @Benchmark
    public ByteBuffer encodeReply() {
        codec.encode(reply, written.clear());
        return written;
    }

    /** Ours. */
    @Benchmark
    public Message decodeRequest() throws MalformedMessageException {
        return codec.decode(requestBytes.rewind());
    }

    /** Ours. */
    @Benchmark
    public Message decodeReply() throws MalformedMessageException {
        return codec.decode(replyBytes.rewind());
    }

    /** By msgpack-core alone. */
    @Benchmark
    public Object decodeRequestBare() throws IOException {
        return bare.readRequest(requestBytes.rewind());
    }

    /** By msgpack-core alone. */
    @Benchmark
    public Object decodeReplyBare() throws IOException {
        return bare.readReply(replyBytes.rewind());
    }
}

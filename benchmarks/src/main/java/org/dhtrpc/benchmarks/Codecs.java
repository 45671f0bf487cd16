package org.dhtrpc.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.msgpack.core.MessagePack;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Our codec, beside msgpack-core itself that writes and reads the same bytes. */
@picocli.CommandLine.Command(
        name = "codec",
        description =
                "Our codec, beside msgpack-core with a reused packer and unpacker that writes and reads the same bytes;"
                        + " a request, and a reply with 20 contacts.",
        showDefaultValues = true,
        sortOptions = false)
final class Codecs implements Callable<Integer> {
    private static final int CONTACTS = 20;

    @Option(names = "--seconds", defaultValue = "1", description = "Processor time for each figure.")
    private double seconds;

    @Mixin
    private Output output = new Output();

    private final Codec codec = new MsgpackCodec();
    private final BareMsgpack bare = new BareMsgpack(MessagePack.newDefaultBufferPacker());

    /** As transports lend them. */
    private final ByteBuffer written = ByteBuffer.allocateDirect(1_472);

    private final ByteBuffer request = ByteBuffer.allocateDirect(1_472);
    private final ByteBuffer reply = ByteBuffer.allocateDirect(1_472);

    /** Nothing that was computed is thrown away unseen. */
    private int sum;

    @Override
    public Integer call() throws Exception {
        output.require("--seconds", seconds, 0.001, 600);
        Request aRequest = request(new Random(7));
        Reply aReply = reply(new Random(8));
        codec.encode(aRequest, request);
        codec.encode(aReply, reply);
        request.flip();
        reply.flip();
        output.print(ours(aRequest, aReply));
        output.print(bare());
        return 0;
    }

    /** About 150 bytes. */
    static Request request(Random random) {
        return new Request(
                random.nextLong(),
                Key.random(random),
                endpoint(random),
                Command.of("store"),
                Key.random(random),
                bytes(random, 8),
                bytes(random, 50));
    }

    static Reply reply(Random random) {
        return new Reply(
                random.nextLong(),
                Key.random(random),
                endpoint(random),
                Stream.generate(() -> new Contact(Key.random(random), endpoint(random)))
                        .limit(CONTACTS)
                        .toList(),
                bytes(random, 8),
                0,
                null);
    }

    private static Endpoint endpoint(Random random) {
        return Endpoint.of(new byte[] {10, 0, 0, (byte) random.nextInt()}, 1_024 + random.nextInt(60_000));
    }

    private static Bytes bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private Json ours(Request aRequest, Reply aReply) {
        return figures(
                "",
                () -> codec.encode(aRequest, written.clear()),
                () -> sum += Objects.requireNonNull(decoded(request).value()).size(),
                () -> codec.encode(aReply, written.clear()),
                () -> sum += Objects.requireNonNull(((Reply) decoded(reply)).contacts())
                        .size());
    }

    private Message decoded(ByteBuffer datagram) {
        try {
            return codec.decode(datagram.rewind());
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private Json bare() throws IOException {
        BareMsgpack.Request aRequest = bare.readRequest(request.rewind());
        BareMsgpack.Reply aReply = bare.readReply(reply.rewind());
        return figures(
                "msgpack-core",
                () -> bare.write(aRequest, written.clear()),
                () -> sum += bare.readRequest(request.rewind()).value().length,
                () -> bare.write(aReply, written.clear()),
                () -> sum += bare.readReply(reply.rewind()).contacts().length);
    }

    private interface Operation {
        void run() throws IOException;
    }

    private Json figures(
            String variant,
            Operation encodeRequest,
            Operation decodeRequest,
            Operation encodeReply,
            Operation decodeReply) {
        Json json =
                Json.result("codec", variant).put("req_bytes", request.limit()).put("res_bytes", reply.limit());
        put(json, "enc_req", encodeRequest);
        put(json, "dec_req", decodeRequest);
        put(json, "enc_res", encodeReply);
        put(json, "dec_res", decodeReply);
        return json;
    }

    private void put(Json json, String name, Operation operation) {
        Cost cost = Cost.of(seconds, i -> {
            try {
                operation.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        json.put(name + "_ns", cost.nanos(), 1).put(name + "_b", cost.bytes(), 1);
    }
}

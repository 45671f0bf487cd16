package org.dhtrpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Message;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;

/** That what we compare ourselves with does the same work. */
class BareMsgpackTest {
    private final BareMsgpack bare = new BareMsgpack(MessagePack.newDefaultBufferPacker());

    private static ByteBuffer ours(Message message) {
        ByteBuffer datagram = ByteBuffer.allocate(1_472);
        new MsgpackCodec().encode(message, datagram);
        return datagram.flip();
    }

    @Test
    void the_bytes_are_those_of_our_codec() throws Exception {
        ByteBuffer request = ours(Codecs.request(new Random(1)));
        ByteBuffer written = ByteBuffer.allocate(1_472);
        bare.write(bare.readRequest(request.duplicate()), written);
        assertThat(written.flip()).isEqualTo(request);

        ByteBuffer reply = ours(Codecs.reply(new Random(2)));
        bare.write(bare.readReply(reply.duplicate()), written.clear());
        assertThat(written.flip()).isEqualTo(reply);
    }
}

package org.dhtrpc.codec.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams that npm dht-rpc has sent: each is read as what it says, and written bit for bit as it did. */
class VectorsTest {
    private static final Codec CODEC_6 = new DhtRpc6Codec();
    private static final Codec CODEC_1 = new DhtRpc1Codec();

    static Stream<Arguments> vectors() {
        return Stream.concat(
                vectors(CODEC_6, Vectors.DHT_RPC_6, Published6.MESSAGES),
                vectors(CODEC_1, Vectors.DHT_RPC_1, Published1.MESSAGES));
    }

    private static Stream<Arguments> vectors(Codec codec, Map<String, Bytes> bytes, Map<String, Message> messages) {
        return bytes.keySet().stream()
                .map(name -> Arguments.of(
                        codec.wire().name(), name, codec, bytes.get(name), Objects.requireNonNull(messages.get(name))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("vectors")
    void isReadAsWhatItSays(String wire, String name, Codec codec, Bytes datagram, Message message)
            throws MalformedMessageException {
        assertThat(codec.decode(datagram.toByteBuffer())).isEqualTo(message);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("vectors")
    void isWrittenAsItWas(String wire, String name, Codec codec, Bytes datagram, Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(datagram.size());
        assertThat(codec.size(message)).isEqualTo(datagram.size());
        codec.encode(message, buffer);
        assertThat(Bytes.copyOf(buffer.flip())).isEqualTo(datagram);
    }

    @Test
    void everyMessageHasItsBytes() {
        assertThat(Vectors.DHT_RPC_6).hasSize(40).containsOnlyKeys(Published6.MESSAGES.keySet());
        assertThat(Vectors.DHT_RPC_1).hasSize(23).containsOnlyKeys(Published1.MESSAGES.keySet());
    }
}

package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What anybody, or a router, sends to our sockets beside the datagrams of nodes. {@code ./fuzz} runs it for as long as you like; the
 * corpus is tested every time.
 */
class StunFuzzTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/org/dhtrpc/holepunch/StunFuzzTestInputs/a_datagram_is_read_or_is_none");
    private static final Endpoint FROM = Endpoint.parse("198.51.100.7:4000");

    @FuzzTest(maxDuration = "2s")
    void a_datagram_is_read_or_is_none(byte[] datagram) {
        NatPmp.read(ByteBuffer.wrap(datagram));
        Pcp.read(ByteBuffer.wrap(datagram));
        StunMessage message = StunMessage.read(ByteBuffer.wrap(datagram));
        if (message != null) {
            StunMessageTest.all(message);
            assertThat(message.bytes()).isEqualTo(datagram);
            isNotAmplified(message);
        }
    }

    private static void isNotAmplified(StunMessage message) {
        Outbox outbox = new Outbox();
        StunServer server = new StunServer(new Timers(), outbox);
        server.address(Endpoint.parse("[2001:db8::1]:3282"), null);
        server.receive(0, Outbox.MAIN, FROM, message);
        Effect effect = outbox.poll();
        if (effect instanceof Effect.Open open) {
            server.opened(0, open.socket(), FROM);
            effect = outbox.poll();
        }
        if (effect instanceof Effect.Send send) {
            assertThat(send.datagram().length).isLessThanOrEqualTo(3 * message.size());
            assertThat(Scope.sameHost(send.to(), FROM)).isTrue();
        }
        assertThat(outbox.poll()).isNull();
    }

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void the_corpus_is_read_or_is_none(Path file) throws IOException {
        a_datagram_is_read_or_is_none(Files.readAllBytes(file));
    }
}

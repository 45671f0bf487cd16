package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.MalformedMessageException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** C3 to C5, with bytes of a fuzzer. {@code ./fuzz} runs it for as long as you like; the corpus is tested every time. */
class CodecFuzzTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/org/dhtrpc/codec/msgpack/CodecFuzzTestInputs/bytesGiveAMessageOrAreMalformed");

    /** A message of 1,200 bytes takes a few times as many; a length that lies would take millions. */
    private static final int MAX_ALLOCATED = 64 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final MsgpackCodec codec = new MsgpackCodec();

    @FuzzTest(maxDuration = "6s")
    void bytesGiveAMessageOrAreMalformed(byte[] datagram) {
        try {
            check(datagram);
        } catch (Throwable e) {
            throw new AssertionError("datagram " + HexFormat.of().formatHex(datagram), e);
        }
    }

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void theCorpusGivesMessagesOrIsMalformed(Path file) throws IOException {
        bytesGiveAMessageOrAreMalformed(Files.readAllBytes(file));
    }

    private void check(byte[] datagram) throws MalformedMessageException {
        // The first time may load classes.
        if (allocatedByDecoding(datagram) >= MAX_ALLOCATED) {
            assertThat(allocatedByDecoding(datagram)).as("bytes allocated").isLessThan(MAX_ALLOCATED);
        }
        Message message = decoded(datagram);
        if (message != null) {
            ByteBuffer buffer = ByteBuffer.allocate(codec.size(message) + 1);
            codec.encode(message, buffer);
            assertThat(buffer.remaining()).as("bytes written too few").isEqualTo(1);
            assertThat(codec.decode(buffer.flip())).isEqualTo(message);
        }
    }

    private long allocatedByDecoding(byte[] datagram) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        decoded(datagram);
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }

    private @Nullable Message decoded(byte[] datagram) {
        try {
            return codec.decode(ByteBuffer.wrap(datagram));
        } catch (MalformedMessageException e) {
            return null;
        }
    }
}

package org.dhtrpc.codec.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.message.Message;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.testkit.contract.Allocation;
import org.jspecify.annotations.Nullable;

/** What must hold of any bytes whatever: they are a message or malformed, for little memory, and what was read can be written. */
final class Robustness {
    /** A message of 2,048 bytes takes a few times as many; a length that lies would take millions. */
    private static final int MAX_ALLOCATED = 64 * 1024;

    private Robustness() {}

    /** The files of a fuzz test's corpus. */
    static List<Path> corpus(Class<?> test) throws IOException {
        Path folder = Path.of("src/test/resources/org/dhtrpc/codec/dhtrpc/" + test.getSimpleName() + "Inputs");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void check(Codec codec, byte[] datagram) {
        try {
            // The first time may load classes.
            if (Allocation.of(() -> decoded(codec, datagram)) >= MAX_ALLOCATED) {
                assertThat(Allocation.of(() -> decoded(codec, datagram)))
                        .as("bytes allocated")
                        .isLessThan(MAX_ALLOCATED);
            }
            checkMessage(codec, decoded(codec, datagram));
        } catch (Throwable e) {
            throw new AssertionError("datagram " + HexFormat.of().formatHex(datagram), e);
        }
    }

    private static @Nullable Message decoded(Codec codec, byte[] datagram) {
        try {
            return codec.decode(ByteBuffer.wrap(datagram));
        } catch (MalformedMessageException e) {
            return null;
        }
    }

    private static void checkMessage(Codec codec, @Nullable Message message) throws MalformedMessageException {
        // A token of another length is read, but no node gives one.
        if (message != null && (message.token() == null || message.token().size() == Limits.TOKEN_BYTES)) {
            ByteBuffer buffer = ByteBuffer.allocate(codec.size(message) + 1);
            codec.encode(message, buffer);
            assertThat(buffer.remaining()).as("bytes written too few").isEqualTo(1);
            assertThat(codec.decode(buffer.flip())).isEqualTo(message);
        }
    }
}

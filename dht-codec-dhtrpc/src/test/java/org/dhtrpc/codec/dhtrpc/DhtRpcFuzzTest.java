package org.dhtrpc.codec.dhtrpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.spi.Codec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C3 and C4, with bytes of a fuzzer, the first of which says whose they are: even for dht-rpc 6, odd for 1 to 3. {@code ./fuzz}
 * runs it for as long as you like; the corpus is tested every time. One target for both, since each takes a JVM of its own.
 */
class DhtRpcFuzzTest {
    private static final Codec SIX = new DhtRpc6Codec();
    private static final Codec ONE = new DhtRpc1Codec();

    @FuzzTest(maxDuration = "4s")
    void bytesGiveAMessageOrAreMalformed(byte[] input) {
        if (input.length > 0) {
            Codec codec = (input[0] & 1) == 0 ? SIX : ONE;
            Robustness.check(codec, Arrays.copyOfRange(input, 1, input.length));
        }
    }

    static List<Path> corpus() throws IOException {
        return Robustness.corpus(DhtRpcFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void theCorpusGivesMessagesOrIsMalformed(Path file) throws IOException {
        bytesGiveAMessageOrAreMalformed(Files.readAllBytes(file));
    }
}

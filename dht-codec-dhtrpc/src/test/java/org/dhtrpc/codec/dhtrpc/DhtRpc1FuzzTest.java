package org.dhtrpc.codec.dhtrpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** C3 and C4, with bytes of a fuzzer. {@code ./fuzz} runs it for as long as you like; the corpus is tested every time. */
class DhtRpc1FuzzTest {
    private final DhtRpc1Codec codec = new DhtRpc1Codec();

    @FuzzTest(maxDuration = "3s")
    void bytesGiveAMessageOrAreMalformed(byte[] datagram) {
        Robustness.check(codec, datagram);
    }

    static List<Path> corpus() throws IOException {
        return Robustness.corpus(DhtRpc1FuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void theCorpusGivesMessagesOrIsMalformed(Path file) {
        Robustness.check(codec, file);
    }
}

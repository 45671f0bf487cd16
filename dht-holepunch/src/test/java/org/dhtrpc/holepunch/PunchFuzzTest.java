package org.dhtrpc.holepunch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Punches as a fuzzer has them go. {@code ./fuzz} runs it for as long as you like; the corpus, and some that are drawn, are tested
 * every time.
 */
class PunchFuzzTest {
    private static final Path CORPUS = Path.of(
            "src/test/resources/org/dhtrpc/holepunch/PunchFuzzTestInputs/whatever_comes_all_ends_and_nothing_is_left");

    @FuzzTest(maxDuration = "5s")
    void whatever_comes_all_ends_and_nothing_is_left(byte[] inputs) {
        try {
            new FuzzedPunch(inputs).run();
        } catch (Throwable e) {
            throw new AssertionError("inputs " + HexFormat.of().formatHex(inputs), e);
        }
    }

    @Test
    void in_random_orders_all_ends_and_nothing_is_left() {
        for (int seed = 0; seed < Integer.getInteger("punch.orders", 30); seed++) {
            Random random = new Random(seed);
            byte[] inputs = new byte[20 + random.nextInt(400)];
            random.nextBytes(inputs);
            whatever_comes_all_ends_and_nothing_is_left(inputs);
        }
    }

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void under_the_corpus_all_ends_and_nothing_is_left(Path file) throws IOException {
        whatever_comes_all_ends_and_nothing_is_left(Files.readAllBytes(file));
    }
}

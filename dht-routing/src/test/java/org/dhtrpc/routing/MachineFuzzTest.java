package org.dhtrpc.routing;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs of a fuzzer. {@code ./fuzz} runs it for as long as you like; the corpus is tested every time. */
class MachineFuzzTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/org/dhtrpc/routing/MachineFuzzTestInputs/whatever_comes_the_invariants_hold");

    @FuzzTest(maxDuration = "11s")
    void whatever_comes_the_invariants_hold(byte[] inputs) {
        try {
            new FuzzedMachine(inputs).run();
        } catch (Throwable e) {
            throw new AssertionError("inputs " + HexFormat.of().formatHex(inputs), e);
        }
    }

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void under_the_corpus_the_invariants_hold(Path file) throws IOException {
        whatever_comes_the_invariants_hold(Files.readAllBytes(file));
    }
}

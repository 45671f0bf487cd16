package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that people and files give us. {@code ./fuzz} runs it for as long as you like; the corpus is tested every time. */
class TextFuzzTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/org/dhtrpc/TextFuzzTestInputs/a_text_is_a_value_or_refused");

    @FuzzTest(maxDuration = "4s")
    void a_text_is_a_value_or_refused(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        check(text, Key::parse);
        check(text, Bytes::parse);
        check(text, Endpoint::parse);
        check(text, Contact::parse);
    }

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void the_corpus_are_values_or_refused(Path file) throws IOException {
        a_text_is_a_value_or_refused(Files.readAllBytes(file));
    }

    private static <T> void check(String text, Function<String, T> parser) {
        T value;
        try {
            value = parser.apply(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).as("of '%s'", text).hasMessageNotContaining("null");
            return;
        }
        assertThat(parser.apply(value.toString()))
                .as("'%s', written and read", text)
                .isEqualTo(value);
    }
}

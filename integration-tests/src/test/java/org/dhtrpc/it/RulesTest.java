package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@code docs/spi/} and the tests that are named for them are the same. */
class RulesTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");
    private static final Pattern RULE = Pattern.compile("(?m)^\\| ([A-Z]\\d+) \\|");
    private static final Pattern TEST = Pattern.compile("\\bvoid ([A-Za-z]\\d+)(?=[_A-Z])\\w*\\(");

    @ParameterizedTest
    @CsvSource({"T, transport.md", "E, event-loop.md", "C, codec.md", "I, id-policy.md"})
    void every_rule_has_a_test_in_its_contract(String letter, String page) throws IOException {
        Set<String> tested = sources(ROOT.resolve("dht-testkit/src/main/java/org/dhtrpc/testkit/contract"))
                .flatMap(source -> numbers(TEST, source).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rules(page)).hasSizeGreaterThan(5);
        assertThat(tested.stream().filter(number -> number.startsWith(letter)))
                .containsExactlyInAnyOrderElementsOf(rules(page));
    }

    @ParameterizedTest
    @CsvSource({"T, transport.md", "E, event-loop.md", "C, codec.md", "I, id-policy.md"})
    void every_number_of_a_further_test_is_a_rule(String letter, String page) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            assertThat(modules.map(module -> module.resolve("src/test/java"))
                            .filter(Files::isDirectory)
                            .flatMap(RulesTest::sources)
                            .flatMap(source -> numbers(TEST, source).stream())
                            .filter(number -> number.startsWith(letter)))
                    .isSubsetOf(rules(page));
        }
    }

    @Test
    void a_transport_and_the_test_that_runs_its_contract_are_under_150_lines() {
        assertThat(sources(ROOT.resolve("examples/consumers/transport/src"))
                        .filter(source -> source.contains("SocketTransport"))
                        .flatMap(String::lines))
                .hasSizeBetween(100, 149);
    }

    private static Set<String> rules(String page) throws IOException {
        return numbers(RULE, Files.readString(ROOT.resolve("docs/spi").resolve(page)));
    }

    private static Stream<String> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).map(RulesTest::text).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> numbers(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1).toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/differences.md} says is shown by a test is shown by a test that exists. */
class DifferencesTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");
    private static final Pattern REFERENCE = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern METHOD = Pattern.compile("\\bvoid (\\w+)\\(");

    @Test
    void every_test_that_the_page_names_exists() throws IOException {
        Map<String, List<String>> tests = tests();
        List<MatchResult> references = REFERENCE
                .matcher(Files.readString(ROOT.resolve("docs/differences.md")))
                .results()
                .toList();

        assertThat(references)
                .hasSizeGreaterThan(30)
                .allSatisfy(reference -> assertThat(tests.getOrDefault(reference.group(1), List.of()))
                        .as(reference.group(1))
                        .contains(reference.group(2)));
    }

    @Test
    void every_row_of_a_table_that_has_tests_names_one() throws IOException {
        assertThat(rows())
                .hasSizeGreaterThan(80)
                .allSatisfy(
                        row -> assertThat(REFERENCE.matcher(row).find()).as(row).isTrue());
    }

    @Test
    void every_defect_of_the_list_has_one_row() throws IOException {
        List<String> defects =
                Stream.concat(numbered("F", 30), numbered("P", 12)).toList();

        assertThat(rows().stream()
                        .map(row -> row.substring(1, row.indexOf('|', 1)).strip())
                        .filter(defects::contains))
                .containsExactlyElementsOf(defects);
    }

    private static Stream<String> numbered(String letter, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
    }

    /** The rows of those tables whose last column is headed "test". */
    private static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        boolean tested = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/differences.md"))) {
            if (line.endsWith("| test |")) {
                tested = true;
            } else if (!line.startsWith("|")) {
                tested = false;
            } else if (tested && !line.startsWith("| ---")) {
                rows.add(line);
            }
        }
        return rows;
    }

    /** Methods by class; classes of one name in two modules count as one. */
    private static Map<String, List<String>> tests() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(DifferencesTest::sources)
                    .collect(Collectors.toMap(
                            source -> source.getFileName().toString().replace(".java", ""),
                            DifferencesTest::methods,
                            (some, others) -> Stream.concat(some.stream(), others.stream())
                                    .toList()));
        }
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith("Test.java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> methods(Path source) {
        try {
            return METHOD.matcher(Files.readString(source))
                    .results()
                    .map(method -> method.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

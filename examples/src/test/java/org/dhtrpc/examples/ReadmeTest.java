package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs on the pages are ones that compile and run. */
class ReadmeTest {
    @ParameterizedTest
    @CsvSource({
        "README.md, main/java/org/dhtrpc/examples/FirstLookup.java",
        "docs/interop.md, main/java/org/dhtrpc/examples/NpmNetwork.java",
        "docs/holepunch.md, main/java/org/dhtrpc/examples/Meeting.java",
        "docs/simulation.md, test/java/org/dhtrpc/examples/simulations/TenThousandNodesTest.java",
        "docs/simulation.md, test/java/org/dhtrpc/examples/simulations/BehindNatTest.java",
        "docs/simulation.md, test/java/org/dhtrpc/examples/simulations/ChurnTest.java",
        "docs/simulation.md, test/java/org/dhtrpc/examples/simulations/ForgetfulNodesTest.java"
    })
    void a_page_shows_the_program_as_it_is(String page, String source) throws IOException {
        String text = Files.readString(Path.of("..").resolve(page));
        String program = Files.readString(Path.of("src").resolve(source));
        String name = source.substring(source.lastIndexOf('/') + 1).replace(".java", "");

        String marker = "<!-- examples: " + name + " -->";
        assertThat(text).contains(marker);
        String shown = between(text.substring(text.indexOf(marker)), "```java\n", "```");
        assertThat(shown).isEqualTo(between(program, "// readme:start\n", "// readme:end"));
    }

    private static String between(String text, String start, String end) {
        assertThat(text).contains(start, end);
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}

package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program on the first screen of the README is one that compiles and runs. */
class ReadmeTest {
    private static final String MARKER = "<!-- examples: FirstLookup -->";

    @Test
    void theReadmeShowsTheProgramAsItIs() throws IOException {
        Path file = Path.of("..", "README.md");
        String readme = Files.exists(file) ? Files.readString(file) : "";
        assumeTrue(readme.contains(MARKER), "README.md shows no program yet");

        String program = Files.readString(Path.of("src/main/java/org/dhtrpc/examples/FirstLookup.java"));

        String shown = between(readme.substring(readme.indexOf(MARKER)), "```java\n", "```");
        assertThat(shown).isEqualTo(between(program, "// readme:start\n", "// readme:end"));
    }

    private static String between(String text, String start, String end) {
        assertThat(text).contains(start, end);
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}

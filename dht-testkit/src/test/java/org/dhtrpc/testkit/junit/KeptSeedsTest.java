package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;

class KeptSeedsTest {
    private static Set<Long> failing = Set.of();

    @TempDir
    Path temporary;

    private Path folder;
    private Path file;

    @BeforeEach
    void mend() {
        failing = Set.of();
        folder = temporary.resolve("deep/down");
        file = folder.resolve(Fragile.class.getName() + "#test");
    }

    static class Fragile {
        @SimulationTest(seeds = 4)
        void test(SimulatedNetwork network) {
            String text = network.toString();
            long seed = Long.parseLong(text.substring("seed ".length(), text.indexOf(',')));
            if (failing.contains(seed)) {
                throw new AssertionError("fragile");
            }
        }
    }

    private void keep(Object... lines) throws IOException {
        Files.createDirectories(folder);
        Files.write(file, List.of(lines).stream().map(Object::toString).toList());
    }

    @Test
    void nothing_is_kept_of_what_passes() {
        Tests.run(Fragile.class, folder);
        assertThat(folder).doesNotExist();
    }

    @Test
    void seeds_that_fail_are_kept_and_come_first_until_they_pass() {
        failing = Set.of(2L, 4L);
        assertThat(Tests.run(Fragile.class, folder).names()).containsExactly("seed 1", "seed 2", "seed 3", "seed 4");
        assertThat(file).hasContent("2\n4\n");

        failing = Set.of(4L);
        assertThat(Tests.run(Fragile.class, folder).names())
                .containsExactly("seed 2 (failed before)", "seed 4 (failed before)", "seed 1", "seed 3");
        assertThat(file).hasContent("4\n");

        failing = Set.of();
        assertThat(Tests.run(Fragile.class, folder).names())
                .containsExactly("seed 4 (failed before)", "seed 1", "seed 2", "seed 3");
        assertThat(file).doesNotExist();
        assertThat(Tests.run(Fragile.class, folder).names()).containsExactly("seed 1", "seed 2", "seed 3", "seed 4");
    }

    @Test
    void a_seed_that_is_not_of_the_sweep_comes_first_as_well() throws IOException {
        keep(-99, " 3 ");
        assertThat(Tests.run(Fragile.class, folder).passed())
                .containsExactly("seed -99 (failed before)", "seed 3 (failed before)", "seed 1", "seed 2", "seed 4");
    }

    @Test
    void a_replay_runs_no_other_seed_but_keeps_and_removes_its_own() throws IOException {
        keep(1, 2);
        failing = Set.of(3L);
        assertThat(Tests.replay(Fragile.class, folder, 3).names()).containsExactly("seed 3");
        assertThat(Tests.replay(Fragile.class, folder, 2).names()).containsExactly("seed 2 (failed before)");
        assertThat(file).hasContent("1\n3\n");
    }

    @Test
    void a_hundred_seeds_are_kept_of_any_number_that_fail_even_on_many_threads() throws IOException {
        failing = Set.copyOf(LongStream.rangeClosed(1, 103).boxed().toList());
        Tests.run(
                Fragile.class,
                folder,
                Map.of(
                        Simulations.SEEDS,
                        "103",
                        "junit.jupiter.execution.parallel.enabled",
                        "true",
                        "junit.jupiter.execution.parallel.mode.default",
                        "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy",
                        "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism",
                        "4"));
        assertThat(Files.readAllLines(file)).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void a_file_that_is_not_ours_is_an_error_that_says_where() throws IOException {
        keep(1, "", 3);
        assertThat(Tests.run(Fragile.class, folder).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage("Failing seeds are kept in " + file
                        + ", but line 2 is \"\", which is no seed; correct or delete the file");
        keep("x".repeat(100));
        assertThat(Tests.run(Fragile.class, folder).failure())
                .hasMessageContaining("line 1 is \"" + "x".repeat(40) + "...\", which is no seed");
        keep(LongStream.range(0, 101).boxed().toArray());
        assertThat(Tests.run(Fragile.class, folder).failure()).hasMessageContaining("more than 100 lines");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(Tests.run(Fragile.class, folder).failure()).hasMessageContaining("cannot be read");
        assertThat(file).hasBinaryContent(new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    }

    @Test
    void a_seed_that_cannot_be_kept_hides_no_failure() throws IOException {
        Files.createDirectories(folder.getParent());
        Files.createFile(folder);
        failing = Set.of(1L);
        assertThat(Tests.run(Fragile.class, folder).failure())
                .hasMessageContaining("-Dseed=1")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .asString()
                        .contains("cannot be kept in " + file));
    }
}

package org.dhtrpc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dhtrpc.testkit.scenario.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./simulate} where it is asked for a scenario. */
class ScenariosTest {
    private static final Path FILES = Path.of("../scenarios");

    /** Everything gets lost, and yet all values are to be stored. */
    private static final String HOPELESS = """
            nodes 20
            length 30s
            workload 5 values, stores 5/s
            at 0s loss 1
            expect stored 1
            """;

    @TempDir
    private Path folder;

    private static Terminal simulate(String... options) {
        return Terminal.run(new Simulate(), options);
    }

    private static String hash(Terminal simulate) throws Exception {
        assertThat(simulate.status()).as(simulate.out() + simulate.err()).isZero();
        assertThat(simulate.out()).matches("(?s).*trace [0-9a-f]{16}\\R");
        return simulate.out().strip().replaceAll("(?s).* ", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn.txt", "partition.txt", "eclipse.txt"})
    void all_that_a_small_file_asks_for_holds(String file) throws Exception {
        Terminal simulate = simulate("--scenario", FILES.resolve(file).toString(), "--fidelity", "reference");

        assertThat(simulate.status()).as(simulate.out() + simulate.err()).isZero();
        assertThat(simulate.out()).contains("nodes at the beginning", "reads, and", "checks held");
        assertThat(simulate.err()).containsPattern("time: \\d+");
    }

    @Test
    void all_files_are_scenarios_and_say_what_they_are_about() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files).hasSizeGreaterThanOrEqualTo(4).allSatisfy(file -> {
                assertThat(Files.readString(file)).startsWith("# ");
                String text = Scenario.read(file).toString();
                assertThat(Scenario.parse(text)).hasToString(text);
            });
        }
    }

    @Test
    void what_is_printed_runs_as_the_options_do() throws Exception {
        String[] options = {
            "--nodes",
            "40",
            "--seed",
            "7",
            "--virtual-time",
            "60",
            "--loss",
            "0.05",
            "--churn",
            "0.5/min",
            "--nat",
            "ford2005:0.5",
            "--adversary",
            "pause 0.2 for 10s"
        };
        String print = printed(options);
        assertThat(print).isEqualTo("""
                nodes 40
                seed 7
                length 1m
                link latency uniform:10ms-50ms, loss 0.05
                nats ford2005:0.5
                churn arrivals 20/min, sessions exponential:2m
                workload 100 values, stores 5/s, read after 30s, searches 2/s
                at 0s pause 0.2 for 10s
                """);

        Path file = Files.writeString(folder.resolve("printed.txt"), print);
        String hash = hash(simulate(options));
        assertThat(hash(simulate("--scenario", file.toString()))).isEqualTo(hash);
        assertThat(hash(simulate("--scenario", file.toString(), "--fidelity", "reference")))
                .isEqualTo(hash);
        assertThat(hash(simulate("--scenario", file.toString(), "--seed", "8"))).isNotEqualTo(hash);
    }

    @Test
    void what_does_not_hold_is_said_and_has_status_1() throws Exception {
        Path file = Files.writeString(folder.resolve("hopeless.txt"), HOPELESS);
        Terminal words = simulate("--scenario", file.toString());
        assertThat(words.status()).isEqualTo(1);
        assertThat(words.out()).contains("does not hold: expect stored 1: it was 0.0000 (at PT");

        Terminal json = simulate("--scenario", file.toString(), "--json");
        assertThat(json.status()).isEqualTo(1);
        assertThat(json.out())
                .matches("\\{(\"\\w+\":(\\d+(\\.\\d+)?|true|false|\"[^\"]+\"),?)+}\\R")
                .contains("\"nodes\":20,", "\"stored\":0,", "\"held\":false,", "\"violation\":\"expect stored 1: ");
    }

    @Test
    void a_report_is_a_page_about_one_run_or_two() throws Exception {
        Path file = Files.writeString(folder.resolve("hopeless.txt"), HOPELESS);
        Path page = folder.resolve("page.html");
        String[] options = {"--nodes", "20", "--virtual-time", "20", "--workload", "5 values, stores 5/s"};

        assertThat(simulate(with(options, "--report", page.toString())).status())
                .isZero();
        assertThat(page).content().contains("<html", "5 values, stores 5/s").doesNotContain("at 0s loss 1");

        Terminal two = simulate(with(options, "--report", page.toString(), "--compare", file.toString()));
        assertThat(two.status()).isEqualTo(1);
        assertThat(two.out()).contains("checks held", "does not hold: expect stored 1");
        assertThat(page).content().contains("5 values, stores 5/s", "hopeless.txt", "at 0s loss 1");
    }

    private static String[] with(String[] options, String... more) {
        return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void a_sweep_says_what_all_seeds_have_come_to() throws Exception {
        Terminal sweep = simulate(
                "--nodes", "20", "--virtual-time", "20", "--workload", "searches 1/s", "--seed", "5", "--sweep", "3");

        assertThat(sweep.status()).as(sweep.out() + sweep.err()).isZero();
        assertThat(sweep.out()).contains("3 runs, seeds 5 to 7: all checks held");
        assertThat(sweep.err()).contains("seeds: 3");
    }

    @Test
    void a_sweep_that_fails_says_how_to_see_it_again() throws Exception {
        Path file = Files.writeString(folder.resolve("hopeless.txt"), HOPELESS + "at 5s pause 0.5 for 5s\n");
        Terminal sweep = simulate("--scenario", file.toString(), "--sweep", "2");
        assertThat(sweep.status()).as(sweep.err()).isEqualTo(1);
        assertThat(sweep.out()).contains("expect stored 1", "at 0s loss ").doesNotContain("pause");

        Matcher command =
                Pattern.compile("to replay: \\./simulate --scenario (\\S+)").matcher(sweep.out());
        assertThat(command.find()).as(sweep.out()).isTrue();
        Path kept = Path.of(command.group(1));
        try {
            Terminal again = simulate("--scenario", kept.toString());
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.out()).contains("does not hold: expect stored 1");
        } finally {
            Files.delete(kept);
        }
    }

    @Test
    void a_random_scenario_is_that_of_its_seed() throws Exception {
        String some = printed("--random", "--seed", "7");

        assertThat(Scenario.parse(some)).hasToString(some);
        assertThat(some).startsWith("nodes 200\nseed 7\n");
        assertThat(printed("--seed", "7", "--random")).isEqualTo(some);
        assertThat(printed("--random", "--seed", "7", "--nodes", "50")).startsWith("nodes 50\n");
    }

    private static String printed(String... options) throws Exception {
        Terminal print = simulate(with(options, "--print"));
        assertThat(print.status()).as(print.err()).isZero();
        return print.out();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --churn 3                                | --churn: No arrivals in '3'; the parts are arrivals 40/min
                    --churn 0/min                            | --churn: The share replaced each minute is more than 0
                    --nat cone:0.5                           | --nat: Not a mix of NATs: 'cone:0.5'; the forms are
                    --workload much                          | --workload: Not understood, or there twice: 'much'
                    --adversary liars:0.2                    | --adversary: Not a fault: 'liars:0.2'; the form is
                    --adversary liar                         | Nobody knows the fault 'liar'; there are partition, cut, loss
                    --adversary crash=2                      | --adversary: Not a fault: 'crash=2'
                    --scenario nowhere.txt                   | --scenario: Cannot read the scenario nowhere.txt
                    --scenario pom.xml                       | --scenario: A scenario has at least the line 'nodes N'
                    --churn 0.2/min --compare nowhere.txt    | --compare: Cannot read the scenario nowhere.txt
                    --churn 0.2/min --report no/where.html   | --report: no file can be made at no/where.html
                    --churn 0.2/min --lookups 10             | --churn and --lookups do not go together
                    --report r.html --join real              | --report and --join do not go together
                    --nat halkes2010 --stale 0.1             | --nat and --stale do not go together
                    --scenario nowhere.txt --nodes 20        | --scenario and --nodes do not go together
                    --scenario nowhere.txt --churn 0.2/min   | --scenario and --churn do not go together
                    --scenario nowhere.txt --adversary liars | --scenario and --adversary do not go together
                    --print --report r.html                  | --print and --report do not go together
                    --random --scenario nowhere.txt          | --scenario and --random do not go together
                    --random --latency wan                   | --random and --latency do not go together
                    --random --sweep 0                       | --sweep is 1 to 1000000, not 0
                    --random --sweep 5 --report r.html       | --sweep and --report do not go together
                    --churn 0.1/min --sweep 5 --json         | --sweep and --json do not go together
                    --print --json                           | --print and --json do not go together
                    """)
    void a_mistake_is_named_and_has_status_2(String options, String message) throws Exception {
        Terminal simulate = simulate(options.split(" "));

        assertThat(simulate.status()).isEqualTo(2);
        assertThat(simulate.out()).isEmpty();
        assertThat(simulate.err()).contains(message);
    }
}

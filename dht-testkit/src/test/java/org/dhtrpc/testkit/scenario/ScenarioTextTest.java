package org.dhtrpc.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.dhtrpc.Key;
import org.dhtrpc.testkit.Link;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioTextTest {
    private static final String ALL = """
            nodes 200
            seed -17
            length 90s
            link latency lognormal:50ms,200ms, loss 0.05, bursts 30s 1s 0.8, duplication 0.01, reordering 0.1 20ms, corruption 0.001, mtu 1200, bandwidth 125000 125000 65536
            nats port-restricted 0.4, symmetric 0.1
            churn arrivals 40/min, sessions weibull:5m,0.5, crashing 0.9, returning 0.3 after exponential:1m with state
            drift 100
            workload 1000 values, stores 20/s, reads 50/s zipf 1.1, read after 5m, republish 1m, searches 2/s
            at 10s partition 0.3 for 20s
            at 1m crash 0.2 for 30s, forgetting
            when reads 1000 pause 0.1 for 40s
            expect found 0.99
            expect recall 0.95
            """;

    @Test
    void a_scenario_is_written_as_it_is_read() {
        assertThat(Scenario.parse(ALL)).hasToString(ALL);
        assertThat(Scenario.parse(Scenario.of(5).toString()))
                .hasToString(Scenario.of(5).toString());
    }

    @Test
    void lines_come_in_any_order_with_comments_and_white_space() {
        assertThat(Scenario.parse("\n# a night\n  seed\t7 \r\n\n length 1m\n\nnodes   3\n"))
                .hasToString("nodes 3\nseed 7\nlength 1m\nlink latency uniform:10ms-50ms\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "seed 1|A scenario has at least the line 'nodes N'",
                "\"\"|A scenario has at least the line 'nodes N'",
                "nodes x|Line 1: not a whole number in 'nodes x'",
                "nodes|Line 1: not a whole number in 'nodes'",
                "nodes -5|Line 1: A scenario has 1 to 4000000 nodes, not -5",
                "nodes 5;nodes 6|Line 2: 'nodes' a second time",
                "seed 1;nodes 5;seed 2|Line 3: 'seed' a second time",
                "nodes 5;length 1m;length 1m|Line 3: 'length' a second time",
                "nodes 5;link loss 0.1;link loss 0.2|Line 3: 'link' a second time",
                "nodes 5;nats none;nats none|Line 3: 'nats' a second time",
                "nodes 5;drift 1;drift 2|Line 3: 'drift' a second time",
                "nodes 5;workload none;workload none|Line 3: 'workload' a second time",
                "nodes 5;churn arrivals 1/min, sessions constant:5m;churn arrivals 2/min, sessions constant:5m"
                        + "|Line 3: 'churn' a second time",
                "nodes 5;seed 1.5|Line 2: not a whole number in 'seed 1.5'",
                "nodes 5;length 0s|Line 2: A scenario takes more than 0 and at most 365d, not PT0S",
                "nodes 5;length long|Line 2: Not a duration: 'long'",
                "nodes 5;drift 1000000|Line 2: The drift of clocks is 0 to 500000, not 1000000",
                "nodes 5;rain 5|Line 2: nothing begins with 'rain'; there are nodes, seed, length,",
                "nodes 5;link loss 2|Line 2: A probability is from 0 to 1, not 2",
                "nodes 5;link rain 2|Line 2: Not of a link: 'rain 2' in 'rain 2'; the forms are latency MODEL,",
                "nodes 5;at 10s|Line 2: Not a fault: 'at 10s'; the forms are: at 10s crash 0.2,",
                "nodes 5;at noon crash 0.2|Line 2: Not a duration: 'noon'",
                "nodes 5;when rain 5 crash 0.2|Line 2: Nothing counts 'rain'; there are stores, stored, reads,",
                "nodes 5;when reads many crash 0.2|Line 2: not a whole number in 'when reads many crash 0.2'",
                "nodes 5;expect much|Line 2: Not an expectation: 'much'; the forms are found 0.99,",
                "nodes 5;expect found 2|Line 2: What is expected of 'found' is 0 to 1, not 2",
            })
    void what_is_none_is_refused_with_its_line(String lines, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.parse(lines.replace(';', '\n')))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partition 0.3 for 20s",
                "crash 0.2",
                "leave 1 for 90s, forgetting",
                "join 20",
                "drift 1000 for 1m",
                "sybils 64 for 1m, near 0101010101010101010101010101010101010101010101010101010101010101",
                "of-our-own 0.25 for 500ms, whatever, it is"
            })
    void a_fault_is_written_as_it_is_read(String text) {
        assertThat(Fault.parse(text)).hasToString(text).isEqualTo(Fault.parse(text));
    }

    @Test
    void faults_of_ours_have_an_amount_and_others_may_go_without() {
        assertThat(Fault.parse("rain")).isEqualTo(Fault.named("rain", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.parse("crash"))
                .withMessage("Not a fault: 'crash'; the form is WORD AMOUNT [for TIME][, DETAIL]");
        assertThat(Fault.sybils(3, Key.parse("0b".repeat(32)))).hasToString("sybils 3, near " + "0b".repeat(32));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "crash 2|After 'crash' comes a share or a probability, 0 to 1, not 2",
                "join 1.5|After 'join' comes a whole number, 0 to 1000000, not 1.5",
                "join 5 for 1m|'join' happens at once and for good; it takes no time, not PT1M",
                "drift 600000|After 'drift' comes a number of parts per million, 0 to 500000, not 600000",
                "pause 0.1, forgetting|'pause' takes no 'forgetting'",
                "sybils 5, near me|'sybils' takes no 'near me'",
                "crash 1e-3|Not a number: '1e-3'",
                "Crash 0.1|Not a fault: 'Crash 0.1'",
            })
    void what_is_no_fault_is_refused_with_its_value(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.parse(text)).withMessageStartingWith(message);
    }

    @Test
    void faults_and_triggers_that_cannot_be_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.named("rain", Double.NaN))
                .withMessage("The amount of a fault is 0 to 1000000000, not NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.named("rain", -1))
                .withMessageContaining("not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.crash(1).lasting(Duration.ofSeconds(-1)))
                .withMessage("A fault lasts 0s to 365d, not PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trigger.at(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trigger.when(Counter.READS, -1))
                .withMessageContaining("-1 READS");
        assertThatIllegalArgumentException().isThrownBy(() -> new Trigger(null, null, 0));
    }

    @Test
    void a_part_of_a_link_is_there_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Link.parse("loss 0.1, loss 0.2"))
                .withMessage("'loss' a second time in 'loss 0.1, loss 0.2'");
    }

    @Test
    void a_file_is_read(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("all.txt");
        Files.writeString(file, "# of a file\n" + ALL);
        assertThat(Scenario.read(file)).hasToString(ALL);
        assertThatThrownBy(() -> Scenario.read(folder.resolve("none.txt")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.txt");
    }
}

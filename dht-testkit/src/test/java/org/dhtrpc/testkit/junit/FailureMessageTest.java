package org.dhtrpc.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** What is said of a failure: what it was, when, and how to see it again. */
class FailureMessageTest {
    @TempDir
    Path folder;

    static class Comparing {
        @SimulationTest(firstSeed = 42)
        void compares(SimulatedNetwork network) {
            network.run(Duration.ofSeconds(3));
            assertThat(1 + 1).isEqualTo(3);
        }
    }

    @Test
    void a_failure_says_the_seed_the_time_the_hash_and_the_command() {
        Throwable failure = Tests.run(Comparing.class, folder).failure();
        Throwable cause = Objects.requireNonNull(failure.getCause());
        assertThat(failure)
                .hasMessageMatching("(?s)" + Pattern.quote(cause.getMessage() + System.lineSeparator())
                        + "seed 42, virtual time PT3S, trace [0-9a-f]{16}; to replay: mvn test"
                        + " -Dtest='FailureMessageTest\\$Comparing#compares' -Dseed=42");
        assertThat(failure.getStackTrace()).isEqualTo(cause.getStackTrace());
        assertThat(failure).isInstanceOfSatisfying(AssertionFailedError.class, comparison -> {
            assertThat(comparison.getExpected().getStringRepresentation()).isEqualTo("3");
            assertThat(comparison.getActual().getStringRepresentation()).isEqualTo("2");
        });
    }

    static class Throwing {
        @SimulationTest
        void throwing() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void an_exception_is_named_by_its_type_and_is_the_cause() {
        Throwable failure = Tests.run(Throwing.class, folder).failure();
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("java.lang.IllegalStateException: broken" + System.lineSeparator() + "seed 1, ")
                .cause()
                .isInstanceOf(IllegalStateException.class);
    }

    static class BreakingBefore {
        @BeforeEach
        void before(SimulatedNetwork network) {
            network.run(Duration.ofSeconds(1));
            throw new IllegalStateException("broken before");
        }

        @SimulationTest
        void test() {}
    }

    static class BreakingAfter {
        @SimulationTest
        void test() {}

        @AfterEach
        void after(SimulatedNetwork network) {
            network.run(Duration.ofSeconds(2));
            throw new IllegalStateException("broken after");
        }
    }

    static class BrokenNodes {
        @RegisterExtension
        static final Simulations simulations = Simulations.of(host -> {
            throw new IllegalStateException("broken node");
        });

        @SimulationTest(nodes = 2)
        void test() {}
    }

    static class BrokenNetworks {
        @RegisterExtension
        static final Simulations simulations = new Simulations().on(seed -> {
            throw new IllegalStateException("broken network");
        });

        @SimulationTest
        void test() {}
    }

    @Test
    void so_does_a_failure_before_or_after_the_test_itself() {
        assertThat(Tests.run(BreakingBefore.class, folder).failure())
                .hasMessageContainingAll("broken before", "seed 1, virtual time PT1S", "-Dseed=1");
        assertThat(Tests.run(BreakingAfter.class, folder).failure())
                .hasMessageContainingAll("broken after", "seed 1, virtual time PT2S", "-Dseed=1");
        assertThat(Tests.run(BrokenNodes.class, folder).failure())
                .hasMessageContainingAll("broken node", "seed 1, virtual time PT0S", "-Dseed=1");
        assertThat(Tests.run(BrokenNetworks.class, folder).failure())
                .hasMessageContainingAll("broken network", "seed 1, no network", "-Dseed=1");
        assertThat(folder)
                .isDirectoryContaining(file -> file.endsWith(BreakingBefore.class.getName() + "#test"))
                .isDirectoryContaining(file -> file.endsWith(BreakingAfter.class.getName() + "#test"))
                .isDirectoryContaining(file -> file.endsWith(BrokenNodes.class.getName() + "#test"))
                .isDirectoryContaining(file -> file.endsWith(BrokenNetworks.class.getName() + "#test"));
    }
}

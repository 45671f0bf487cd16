package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.scenario.Check;
import org.dhtrpc.testkit.scenario.Experiment;
import org.dhtrpc.testkit.scenario.Laboratory;
import org.dhtrpc.testkit.scenario.RandomScenarios;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Sweep;
import org.dhtrpc.testkit.scenario.World;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Nodes with a defect: a sweep of random scenarios finds it, makes a small story of it, and says how to see it again. */
class InjectedDefectsTest {
    private static final int NODES = 40;
    private static final String SYMPTOM = "stores are taken by all whom they find";

    /** What users of the nodes below would write, but for how the sweep ends. */
    static class Forgetful {
        @Test
        void stores() {
            sweep(new TokensGetLost()).run().requireHeld();
        }
    }

    static class Amnesic {
        @Test
        void stores() {
            sweep(new TokensGetLostAfterRestart()).run().requireHeld();
        }
    }

    private static Sweep sweep(Experiment experiment) {
        return Sweep.of(experiment).seeds(1, 12).untilFailure().keptIn(Path.of("target", "simulation-scenarios"));
    }

    record TokensGetLost() implements Experiment {
        @Override
        public Laboratory laboratory() {
            return laboratoryOf(host -> Laboratories.node(host, codec -> new TokenLosing(codec, 50)));
        }

        @Override
        public Scenario scenario(long seed) {
            return scenarios(seed);
        }
    }

    /** Only nodes that come back with the contacts of a life before. */
    record TokensGetLostAfterRestart() implements Experiment {
        @Override
        public Laboratory laboratory() {
            return laboratoryOf(host -> host.savedContacts().isEmpty()
                    ? Laboratories.node(host)
                    : Laboratories.node(host, codec -> new TokenLosing(codec, 1)));
        }

        @Override
        public Scenario scenario(long seed) {
            return scenarios(seed);
        }
    }

    /** As they are: without the defect all holds. */
    record Sound() implements Experiment {
        @Override
        public Laboratory laboratory() {
            return laboratoryOf(Laboratories::node);
        }

        @Override
        public Scenario scenario(long seed) {
            return scenarios(seed);
        }
    }

    /** On a link that loses nothing by itself, so that whoever is found is there. */
    private static Scenario scenarios(long seed) {
        return RandomScenarios.of(NODES).without("mishaps", "bursts").draw(seed);
    }

    private static Laboratory laboratoryOf(Function<SimulatedHost, Dht> node) {
        return Laboratory.of(node)
                .byReference()
                .check(Check.eventually(Duration.ofMinutes(1), SYMPTOM, new Stores()::areTakenByAll));
    }

    /** Stores five values whenever it is asked, until the last hundred were taken by all whom they had found. */
    private static final class Stores {
        private static final int AT_ONCE = 5;
        private static final int RECENT = 100;

        private final Queue<Integer> refused = new ArrayDeque<>();

        void areTakenByAll(World world) {
            RandomGenerator random =
                    world.network().random("probe", world.elapsed().toNanos());
            List<Dht> nodes = world.nodes();
            for (int i = 0; i < AT_ONCE; i++) {
                Bytes value = Bytes.of(Key.random(random).toByteArray());
                var store = nodes.get(random.nextInt(nodes.size()))
                        .closest(Query.of("store", Key.hashOf(value)).value(value));
                store.results().exceptionally(failure -> List.of());
                store.summary().thenAccept(end -> refused.add(end.closest().size() - end.commits()));
            }
            while (refused.size() > RECENT) {
                refused.remove();
            }
            assertThat(refused).hasSize(RECENT);
            assertThat(refused.stream().mapToInt(Integer::intValue).sum())
                    .as("refused")
                    .isZero();
        }
    }

    @Test
    void what_has_no_defect_holds() {
        sweep(new Sound()).seeds(1, 1).run().requireHeld();
    }

    @Test
    void a_defect_that_is_always_there_becomes_a_few_nodes_to_which_nothing_happens() {
        Story story = Story.of(Forgetful.class);
        assertThat(story.scenario().nodes()).isLessThanOrEqualTo(NODES / 10);
        assertThat(story.scenario().incidents()).isEmpty();
        story.happensAgain();
    }

    @Test
    void a_defect_that_takes_one_fault_is_left_with_that_fault() {
        Story story = Story.of(Amnesic.class);
        assertThat(story.scenario().nodes()).isLessThanOrEqualTo(NODES / 10);
        assertThat(story.scenario().incidents()).singleElement().asString().containsPattern(" (crash|leave) .* for ");
        assertThat(story.scenario().churn()).isNull();
        story.happensAgain();
    }

    /** What a test has failed with. */
    private record Story(Class<?> test, String method, String text) {
        private static final Pattern COMMAND =
                Pattern.compile("to replay: mvn test -Dtest='?([^ ']+)#(\\w+)'? -Dscenario=(\\S+)\n");

        static Story of(Class<?> test) {
            return new Story(test, "stores", failure(test, "stores"));
        }

        private static String failure(Class<?> test, String method) {
            Events events = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectMethod(test, method))
                    .execute()
                    .testEvents();
            return events.failed().stream()
                    .map(failed -> failed.getRequiredPayload(TestExecutionResult.class))
                    .map(result -> result.getThrowable().orElseThrow().getMessage())
                    .findFirst()
                    .orElseThrow();
        }

        Scenario scenario() {
            Matcher command = command();
            assertThat(command.group(1)).isEqualTo("InjectedDefectsTest$" + test.getSimpleName());
            assertThat(command.group(2)).isEqualTo(method);
            return Scenario.read(Path.of(command.group(3)));
        }

        private Matcher command() {
            Matcher command = COMMAND.matcher(text);
            assertThat(command.find()).as(text).isTrue();
            assertThat(text).startsWith(SYMPTOM + ": ");
            return command;
        }

        /** By the command alone. */
        void happensAgain() {
            Matcher command = command();
            System.setProperty(Sweep.SCENARIO, command.group(3));
            try {
                Class<?> type = Class.forName("org.dhtrpc.it." + command.group(1));
                String again = failure(type, command.group(2));
                assertThat(again).contains(scenario().toString().indent(4));
                // What is violated, when, and with which trace.
                assertThat(again.lines().limit(text.lines().toList().indexOf("")))
                        .containsAll(text.lines()
                                .takeWhile(line -> !line.startsWith("shrunk"))
                                .toList());
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            } finally {
                System.clearProperty(Sweep.SCENARIO);
            }
        }
    }
}

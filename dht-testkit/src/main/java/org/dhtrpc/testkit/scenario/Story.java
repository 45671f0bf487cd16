package org.dhtrpc.testkit.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it is told: what does not hold, when, how the scenario came to be so small, the scenario itself, and the command
 * that runs it again.
 *
 * @param found what was shrunk
 * @param sweep how the sweep went that found it
 */
record Story(Function<Scenario, Outcome> laboratory, Outcome found, Shrunk shrunk, String sweep, Replay replay) {
    /** Has the scenario written into a file, read again, and run once more: what is told happens again. */
    String tell(Path folder) {
        Outcome outcome = shrunk.outcome();
        Scenario scenario = shrunk.after();
        String text = scenario.toString();
        String how;
        try {
            Scenario read = Scenario.parse(text);
            Outcome again = laboratory.apply(read);
            if (!again.isSameRun(outcome)) {
                return different(outcome, again);
            }
            Path file = replay.file(folder, scenario.seed());
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text(outcome, text));
            how = "to replay: " + replay.command(file);
        } catch (IllegalArgumentException e) {
            how = "to replay: -Dseed=" + scenario.seed()
                    + " of the same sweep; the scenario has no text that says all: " + e.getMessage();
        } catch (IOException e) {
            how = "the scenario could not be written to " + folder.toAbsolutePath() + ": " + e;
        }
        return what(outcome) + "\n" + "shrunk: " + shrunk + first() + "\n\n" + text.indent(4) + "\n" + how + "\n\n"
                + sweep;
    }

    /** What was found, where shrinking has made something else of it. */
    private String first() {
        Violation violation = Objects.requireNonNull(found.violation());
        return shrunk.before().equals(shrunk.after())
                ? ""
                : "\nfirst seen: " + violation.detail().replaceAll("\\s+", " ") + " (" + found.run() + ")";
    }

    private static String text(Outcome outcome, String scenario) {
        return ("# " + what(outcome)).lines().collect(Collectors.joining("\n# ")) + "\n" + scenario;
    }

    private static String what(Outcome outcome) {
        Violation violation = Objects.requireNonNull(outcome.violation());
        return violation.check() + ": " + violation.detail() + "\n" + "event " + violation.events() + "; "
                + outcome.run();
    }

    /** Of a scenario that was run by the command. */
    static String again(Outcome outcome, String command) {
        return what(outcome) + "\n\n" + outcome.scenario().indent(4) + "\n" + "to replay: " + command;
    }

    static String different(Outcome first, Outcome second) {
        return "Two runs of one scenario differ, so something but the scenario and its seed decides what happens"
                + ": state that runs share, a clock, or the order of a hash table" + "\n" + told(first) + "\n"
                + told(second) + "\n\n"
                + first.scenario().indent(4);
    }

    private static String told(Outcome outcome) {
        @Nullable Violation violation = outcome.violation();
        return outcome.run() + ", " + (violation == null ? "all checks hold" : violation);
    }
}

package org.dhtrpc.benchmarks;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command meets the shell: a line of JSON for each result, all else to standard error, a clear word for mistakes. */
final class Output {
    @Option(names = "--json", description = "One line of JSON for each result; only a few commands have another form.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec program;

    /** Refuses an option that is out of its range. */
    void require(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw refusal(option + " is " + number(least) + " to " + number(most) + ", not " + number(value));
        }
    }

    /** What ends the program with this message and its usage. */
    ParameterException refusal(String message) {
        return new ParameterException(program().commandLine(), message);
    }

    private static String number(double value) {
        return value == (long) value ? Long.toString((long) value) : Double.toString(value);
    }

    boolean json() {
        return json;
    }

    void print(Object result) {
        program().commandLine().getOut().println(result);
        program().commandLine().getOut().flush();
    }

    /** Progress, and what is wrong. */
    void say(String text) {
        program().commandLine().getErr().println(text);
        program().commandLine().getErr().flush();
    }

    private CommandSpec program() {
        if (program == null) {
            throw new IllegalStateException("No command has these options");
        }
        return program;
    }

    CommandSpec root() {
        return program().root();
    }
}

package org.dhtrpc.examples;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.dhtrpc.Key;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * How the programs meet the shell: a mistake on the command line ends with status 2, a failure with status 1, and both
 * say in a line what was wrong.
 */
final class Shell {
    private Shell() {}

    /** The program with these annotations. */
    static CommandLine program(Object command) {
        CommandLine program = new CommandLine(command);
        program.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .scopeType(ScopeType.INHERIT)
                        .description("Show this help.")
                        .build());
        return program.setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Key.class, reading(Key::parse))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    Throwable inner = failure.getCause();
                    Throwable cause = failure instanceof CompletionException && inner != null ? inner : failure;
                    line.getErr().println(cause.getMessage());
                    // The library throws this for what a caller got wrong, and nothing else does it so plainly.
                    return cause instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.SOFTWARE;
                });
    }

    /** For an option whose text a parser of the library reads. */
    static <T> ITypeConverter<T> reading(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException | UncheckedIOException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    /** Refuses an option that is out of its range. */
    static void requireRange(CommandSpec program, String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    program.commandLine(), option + " is " + least + " to " + most + ", not " + value);
        }
    }

    /** Refuses an option that is out of its range, or no number. */
    static void requireRange(CommandSpec program, String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new ParameterException(
                    program.commandLine(), option + " is " + least + " to " + most + ", not " + value);
        }
    }

    /** Leaves the work to the nodes until the process ends, or the thread is interrupted, which is used up by this. */
    static void untilStopped() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            // That is what we have waited for.
        }
    }
}

package org.dhtrpc.benchmarks;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ScopeType;

/** The jar's entry: the first argument chooses what is measured, the others are for that. */
@Command(
        name = "benchmark",
        description = "Measures the library. Figures go to standard output, all else to standard error.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Rpc.class,
            Echo.class,
            Lookup.class,
            PerNode.class,
            Table.class,
            Codecs.class,
            Simulations.class,
            Ratios.class,
            Benchmarks.Jmh.class
        })
final class Benchmarks {
    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    private Benchmarks() {}

    /** Ends with 0, with 2 if the arguments make no sense, and with 1 if something failed. */
    public static void main(String[] args) throws Exception {
        // JMH reads its options itself.
        if (args.length > 0 && args[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
        } else {
            System.exit(program().execute(args));
        }
    }

    static CommandLine program() {
        return new CommandLine(new Benchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((mistake, arguments) -> {
                    CommandLine line = mistake.getCommandLine();
                    line.getErr().println(mistake.getMessage());
                    line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'");
                    return ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    failure.printStackTrace(line.getErr());
                    return ExitCode.SOFTWARE;
                });
    }

    @Command(
            name = "jmh",
            description = "The benchmarks of JMH; its own -h lists its options, -prof gc counts garbage.")
    static final class Jmh {}
}

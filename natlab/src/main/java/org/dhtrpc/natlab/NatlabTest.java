package org.dhtrpc.natlab;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Builds a laboratory of NATs and says who reaches whom in it. */
@Command(
        name = "natlab-test",
        description = "Puts our nodes behind NATs of every kind, in network namespaces, and says who reaches whom.",
        sortOptions = false)
public final class NatlabTest implements Callable<Integer> {
    /** What can be run. */
    enum Config {
        PAIRS,
        HARD,
        TRAPS,
        TEN,
        KINDS,
        STUN;

        Suite suite() {
            return switch (this) {
                case PAIRS -> new Tables(Cells.pairs());
                case HARD -> new Tables(Cells.hard());
                case TRAPS -> new Traps();
                case TEN -> new Ten();
                case KINDS -> new Kinds();
                case STUN -> new StunInterop();
            };
        }

        /** The laboratory that it is run in. */
        String laboratory() {
            return this == KINDS ? "all" : toString();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--config", required = true, description = "Which laboratory: ${COMPLETION-CANDIDATES}.")
    private Config config = Config.PAIRS;

    @Option(
            names = "--tries",
            paramLabel = "N",
            description = "How often each cell, or all ten at once, are tried, 1 to 100 (1).")
    private int tries = 1;

    @Option(
            names = "--cell",
            paramLabel = "FROM:TO",
            description = "Only this cell of pairs, hard or traps, by kinds or by hosts.")
    private String cell = "";

    @Option(
            names = "--new-referrer",
            description = "Of pairs, hard and traps: the referrer is one that the caller has not punched by before.")
    private boolean newReferrer;

    @Option(names = "--json", description = "The results as a line of JSON; the table goes to standard error.")
    private boolean json;

    @Option(names = "--script", hidden = true, description = "Where the script of the laboratory is.")
    private Path script = Path.of("natlab/natlab");

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Ends with status 0 if every cell is as it has to be, with 1 if one is not, with 2 if the options are wrong. */
    public static void main(String... args) {
        CommandLine program = new CommandLine(new NatlabTest());
        program.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        System.exit(program.execute(args));
    }

    @Override
    public Integer call() {
        if (tries < 1 || tries > 100) {
            throw new ParameterException(program.commandLine(), "--tries is 1 to 100, not " + tries);
        }
        PrintWriter out = program.commandLine().getOut();
        PrintWriter err = program.commandLine().getErr();
        Suite suite = cell.isEmpty() ? config.suite() : only();
        Results results = run(suite, line -> {
            err.println(line);
            err.flush();
        });
        (json ? err : out).print(new Table(results));
        if (json) {
            out.println(results.json());
        }
        out.flush();
        err.flush();
        return results.met() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Results run(Suite suite, Consumer<String> progress) {
        String name = "t" + ProcessHandle.current().pid();
        try (Laboratory lab = Laboratory.up(script, name, config.laboratory())) {
            Thread down = new Thread(lab::close, "down");
            Runtime.getRuntime().addShutdownHook(down);
            try {
                return suite.run(lab, new Order(config.toString(), tries, newReferrer, progress));
            } finally {
                Runtime.getRuntime().removeShutdownHook(down);
            }
        }
    }

    /** The one cell that the option names. */
    private Suite only() {
        String[] ends = cell.split(":", -1);
        List<Cell> all = switch (config) {
            case PAIRS -> Cells.pairs();
            case HARD -> Cells.hard();
            case TRAPS -> Cells.traps();
            default -> List.of();
        };
        List<Cell> picked = all.stream()
                .filter(each -> ends.length == 2 && each.named(ends[0], ends[1]))
                .toList();
        if (picked.isEmpty()) {
            throw new ParameterException(
                    program.commandLine(), "No cell '" + cell + "' in " + config + "; there are " + all);
        }
        return new Tables(picked);
    }
}

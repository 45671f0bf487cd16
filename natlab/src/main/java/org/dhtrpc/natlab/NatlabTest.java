package org.dhtrpc.natlab;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
        pairs,
        hard
    }

    @Option(names = "--config", required = true, description = "Which laboratory: ${COMPLETION-CANDIDATES}.")
    private Config config = Config.pairs;

    @Option(names = "--tries", paramLabel = "N", description = "How often each cell is tried, 1 to 100 (1).")
    private int tries = 1;

    @Option(names = "--cell", paramLabel = "FROM:TO", description = "Only this cell, by kinds or by hosts.")
    private String cell = "";

    @Option(names = "--json", description = "The results as a line of JSON; the table goes to standard error.")
    private boolean json;

    @Option(names = "--script", hidden = true, description = "Where the script of the laboratory is.")
    private Path script = Path.of("natlab/natlab");

    @Spec
    private CommandSpec program = CommandSpec.create();

    /** Ends with status 0 if every cell is as it has to be, with 1 if one is not, with 2 if there was nothing to run. */
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
        List<Cell> cells = picked(config == Config.pairs ? Suites.pairs() : Suites.hard());
        Results results;
        try (Laboratory lab = Laboratory.up(script, "t" + ProcessHandle.current().pid(), config.name())) {
            Thread down = new Thread(lab::close, "down");
            Runtime.getRuntime().addShutdownHook(down);
            try (Fleet fleet = Fleet.start(lab, Matrix.uses(cells, tries))) {
                Matrix matrix = new Matrix(lab, fleet, line -> {
                    err.println(line);
                    err.flush();
                });
                results = new Results(config.name(), matrix.run(cells, tries));
            }
            Runtime.getRuntime().removeShutdownHook(down);
        }
        (json ? err : out).print(results.table());
        if (json) {
            out.println(results.json());
        }
        out.flush();
        err.flush();
        return results.unmet().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private List<Cell> picked(List<Cell> all) {
        if (cell.isEmpty()) {
            return all;
        }
        String[] ends = cell.split(":");
        List<Cell> picked = all.stream()
                .filter(each -> ends.length == 2 && each.named(ends[0], ends[1]))
                .toList();
        if (picked.isEmpty()) {
            throw new ParameterException(
                    program.commandLine(), "No cell '" + cell + "' in " + config + "; there are " + all);
        }
        return picked;
    }
}

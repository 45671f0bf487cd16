package org.dhtrpc.examples;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhtrpc.testkit.scenario.Churn;
import org.dhtrpc.testkit.scenario.Fault;
import org.dhtrpc.testkit.scenario.NatMix;
import org.dhtrpc.testkit.scenario.RandomScenarios;
import org.dhtrpc.testkit.scenario.Scenario;
import org.dhtrpc.testkit.scenario.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code ./simulate} takes that has it run scenarios; where none of it is given, it makes a survey. */
final class ScenarioOptions {
    private static final String[] OWN = {
        "--churn",
        "--nat",
        "--workload",
        "--adversary",
        "--scenario",
        "--random",
        "--sweep",
        "--print",
        "--report",
        "--compare"
    };

    /** What scenarios have no words for. */
    private static final String[] OF_SURVEYS = {"--join", "--stale", "--lookups"};

    /** What a file says, and chance. */
    private static final String[] SAID = {
        "--virtual-time", "--loss", "--latency", "--churn", "--nat", "--workload", "--adversary"
    };

    private static final int MOST_SEEDS = 1_000_000;

    /** How many nodes are enough for most trouble. */
    private static final int FEW = 200;

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)/min");

    @Option(
            names = "--churn",
            paramLabel = "<text>",
            description =
                    "Nodes come and go: 0.2/min (a fifth of them is replaced each minute), or 'arrivals 40/min, sessions "
                            + "weibull:5m,0.5, crashing 0.9, returning 0.3 after exponential:1m with state'.")
    private @Nullable String churn;

    @Option(
            names = "--nat",
            paramLabel = "<text>",
            description = "Nodes behind NATs: ford2005:0.6, halkes2010, or 'port-restricted 0.4, symmetric 0.1'.")
    private @Nullable String nats;

    @Option(
            names = "--workload",
            paramLabel = "<text>",
            description =
                    "What nodes are asked for. Unless told, '100 values, stores 5/s, read after T, searches 2/s', T being "
                            + "half of the time.")
    private @Nullable String workload;

    @Option(
            names = "--adversary",
            paramLabel = "<fault>",
            showDefaultValue = Visibility.NEVER,
            description = "Trouble from the beginning, such as 'liars 0.2'; may be repeated.")
    private List<String> adversaries = new ArrayList<>();

    @Option(
            names = "--scenario",
            paramLabel = "<file>",
            description = "Run the scenario in this file; --seed, if given, is in place of its own.")
    private @Nullable String file;

    @Option(
            names = "--random",
            description = "Run the random scenario of --seed, of " + FEW + " nodes unless told: trouble of some kinds.")
    private boolean random;

    @Option(
            names = "--sweep",
            paramLabel = "<seeds>",
            description = "Run so many seeds from --seed on, 1 to " + MOST_SEEDS
                    + "; a scenario that fails is made as small as it can be, and kept in a file.")
    private @Nullable Integer seeds;

    @Option(
            names = "--print",
            description = "Print the scenario that the options make, to be saved as a file, and end.")
    boolean print;

    @Option(names = "--report", paramLabel = "<file>", description = "Write an HTML page about the run.")
    private @Nullable Path report;

    @Option(
            names = "--compare",
            paramLabel = "<file>",
            description = "Run the scenario in this file as well, and have the report compare the two.")
    private @Nullable String other;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec program = CommandSpec.create();

    /** Whether it is a scenario that is asked for. */
    boolean given() {
        for (String option : OWN) {
            if (given(option)) {
                return true;
            }
        }
        return false;
    }

    private boolean given(String option) {
        return program.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Refuses what makes no sense together. */
    void check() {
        for (String option : OWN) {
            exclude(option, OF_SURVEYS);
        }
        exclude("--scenario", "--random", "--nodes");
        exclude("--scenario", SAID);
        exclude("--random", SAID);
        exclude("--sweep", "--report", "--compare", "--json");
        exclude("--print", "--sweep", "--report", "--compare", "--json");
    }

    private void exclude(String option, String... others) {
        for (String with : others) {
            if (given(option) && given(with)) {
                throw mistake(option + " and " + with + " do not go together");
            }
        }
    }

    private ParameterException mistake(String message) {
        return new ParameterException(program.commandLine(), message);
    }

    /**
     * The scenario that is to be run.
     *
     * @param common what the other options say: nodes, seed, length and link
     */
    Scenario scenario(Scenario common) {
        if (file != null) {
            return read("--scenario", file, common.seed());
        }
        if (random) {
            return random(common.nodes(), common.seed());
        }
        Scenario scenario = common;
        if (nats != null) {
            scenario = scenario.nats(parse("--nat", nats, NatMix::parse));
        }
        if (churn != null) {
            int nodes = scenario.nodes();
            scenario = scenario.churn(parse("--churn", churn, text -> churn(text, nodes)));
        }
        scenario = scenario.workload(
                workload == null ? usual(scenario.length()) : parse("--workload", workload, Workload::parse));
        for (String adversary : adversaries) {
            scenario = scenario.at(Duration.ZERO, parse("--adversary", adversary, Fault::parse));
        }
        return scenario;
    }

    private Scenario random(int nodes, long seed) {
        return RandomScenarios.of(given("--nodes") ? nodes : FEW).draw(seed);
    }

    private static Churn churn(String text, int nodes) {
        Matcher share = SHARE.matcher(text.strip());
        return share.matches() ? Churn.replacing(Double.parseDouble(share.group(1)), nodes) : Churn.parse(text);
    }

    private static Workload usual(Duration length) {
        return new Workload(100, 5, 0, 0, length.dividedBy(2), Duration.ZERO, 2);
    }

    /** How many seeds are to be tried; 0 if it is one run that is asked for. */
    int seeds() {
        if (seeds == null) {
            return 0;
        }
        Shell.requireRange(program, "--sweep", seeds, 1, MOST_SEEDS);
        return seeds;
    }

    /** What is run with another seed than that of the scenario. */
    Scenario again(Scenario scenario, long seed) {
        return random ? random(scenario.nodes(), seed) : scenario.seed(seed);
    }

    /** What the first scenario is called. */
    String title() {
        return file == null ? "simulate" : name(file);
    }

    /** What the second is called. */
    String otherTitle() {
        return other == null ? "" : name(other);
    }

    private static String name(String file) {
        return Path.of(file).getFileName().toString();
    }

    /** Where a report is to be written; null for nowhere. */
    @Nullable
    Path report() {
        if (report != null
                && (Files.isDirectory(report)
                        || !Files.isDirectory(report.toAbsolutePath().resolveSibling("")))) {
            throw mistake("--report: no file can be made at " + report);
        }
        return report;
    }

    /** What the first is to be compared with; null for nothing. */
    @Nullable
    Scenario other(long seed) {
        return other == null ? null : read("--compare", other, seed);
    }

    private Scenario read(String option, String from, long seed) {
        Scenario scenario = parse(option, from, name -> Scenario.read(Path.of(name)));
        return given("--seed") ? scenario.seed(seed) : scenario;
    }

    private <T> T parse(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw mistake(option + ": " + e.getMessage());
        }
    }
}

package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dhtrpc.testkit.Link;
import org.jspecify.annotations.Nullable;

/** How a scenario is written: a line for each thing, in any order. */
final class ScenarioText {
    private static final String WORDS = "nodes, seed, length, link, nats, churn, drift, workload, at, when, expect";
    private static final String NO_NODES = "A scenario has at least the line 'nodes N'";

    /** What there may be several lines of. */
    private static final List<String> MANY = List.of("at", "when", "expect");

    private ScenarioText() {}

    static String of(Scenario scenario) {
        List<String> lines = new ArrayList<>();
        lines.add("nodes " + scenario.nodes());
        lines.add("seed " + scenario.seed());
        lines.add("length " + Quantity.text(scenario.length()));
        lines.add("link " + scenario.link());
        if (!scenario.nats().equals(NatMix.NONE)) {
            lines.add("nats " + scenario.nats());
        }
        if (scenario.churn() != null) {
            lines.add("churn " + scenario.churn());
        }
        if (scenario.drift() > 0) {
            lines.add("drift " + Quantity.text(scenario.drift()));
        }
        if (!scenario.workload().equals(Workload.NONE)) {
            lines.add("workload " + scenario.workload());
        }
        scenario.incidents().forEach(incident -> lines.add(incident.toString()));
        scenario.expectations().forEach(expectation -> lines.add("expect " + expectation));
        return String.join("\n", lines) + "\n";
    }

    static Scenario parse(String text) {
        Scenario scenario = null;
        Set<String> words = new HashSet<>();
        List<String> lines = text.lines().map(String::strip).toList();
        // Of how many nodes it is comes first, wherever it stands.
        for (boolean nodes : new boolean[] {true, false}) {
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (!line.isEmpty() && !line.startsWith("#") && word(line).equals("nodes") == nodes) {
                    scenario = with(scenario, line, words, i + 1);
                }
            }
        }
        if (scenario == null) {
            throw new IllegalArgumentException(NO_NODES);
        }
        return scenario;
    }

    private static String word(String line) {
        return line.split("\\s", 2)[0];
    }

    private static Scenario with(@Nullable Scenario scenario, String line, Set<String> words, int number) {
        String word = word(line);
        if (scenario == null && !word.equals("nodes")) {
            throw new IllegalArgumentException(NO_NODES);
        }
        String rest = line.substring(word.length()).strip();
        try {
            if (!words.add(word) && !MANY.contains(word)) {
                throw new IllegalArgumentException("'" + word + "' a second time");
            }
            if (scenario == null) {
                return Scenario.of(Integer.parseInt(rest));
            }
            return with(scenario, word, rest, line);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Line " + number + ": not a whole number in '" + line + "'", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Line " + number + ": " + e.getMessage(), e);
        }
    }

    private static Scenario with(Scenario scenario, String word, String rest, String line) {
        return switch (word) {
            case "seed" -> scenario.seed(Long.parseLong(rest));
            case "length" -> scenario.length(Quantity.duration(rest));
            case "link" -> scenario.link(Link.parse(rest));
            case "nats" -> scenario.nats(NatMix.parse(rest));
            case "churn" -> scenario.churn(Churn.parse(rest));
            case "drift" -> scenario.drift(Quantity.number(rest));
            case "workload" -> scenario.workload(Workload.parse(rest));
            case "at", "when" -> scenario.incidents(append(scenario.incidents(), Incident.parse(line)));
            case "expect" -> {
                Expectation expectation = Expectation.parse(rest);
                yield scenario.expect(expectation.quality(), expectation.least());
            }
            default -> throw new IllegalArgumentException("nothing begins with '" + word + "'; there are " + WORDS);
        };
    }

    private static List<Incident> append(List<Incident> incidents, Incident incident) {
        List<Incident> all = new ArrayList<>(incidents);
        all.add(incident);
        return all;
    }
}

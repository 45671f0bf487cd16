package org.dhtrpc.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.testkit.Link;
import org.jspecify.annotations.Nullable;

/** How a scenario is written: a line for each thing, in any order. */
final class ScenarioText {
    private static final String WORDS = "nodes, seed, length, link, nats, churn, drift, workload, at, when, expect";

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
        List<String> lines = text.lines().toList();
        // Of how many nodes it is comes first, wherever it stands.
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                boolean nodes = line.startsWith("nodes ");
                if (!line.isEmpty() && !line.startsWith("#") && nodes == (pass == 0)) {
                    scenario = with(scenario, line, i + 1);
                }
            }
        }
        if (scenario == null) {
            throw new IllegalArgumentException("A scenario has at least the line 'nodes N'");
        }
        return scenario;
    }

    private static Scenario with(@Nullable Scenario scenario, String line, int number) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space).strip();
        try {
            if (word.equals("nodes")) {
                return nodes(scenario, Integer.parseInt(rest));
            }
            if (scenario == null) {
                throw new IllegalArgumentException("no line 'nodes N'");
            }
            return with(scenario, word, rest, line);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Line " + number + ": not a whole number: '" + rest + "' in '" + line + "'", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Line " + number + ": " + e.getMessage(), e);
        }
    }

    private static Scenario nodes(@Nullable Scenario scenario, int count) {
        if (scenario != null) {
            throw new IllegalArgumentException("'nodes' a second time");
        }
        return Scenario.of(count);
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

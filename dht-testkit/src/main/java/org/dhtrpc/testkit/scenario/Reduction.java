package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;

/** A way in which a scenario becomes smaller. */
@FunctionalInterface
interface Reduction {
    /** All that there are, in the order in which they are tried. */
    List<Reduction> ALL = List.of(
            Reduction::tails,
            Reduction::lines,
            Reduction::nodes,
            Reduction::workloads,
            Reduction::models,
            Reduction::faults);

    /** A network of one has nobody to ask, and fails for that. */
    int LEAST_NODES = 2;

    Link SIMPLEST = Link.of(Latency.constant(Duration.ofMillis(20)));

    /**
     * Scenarios that are smaller in this way, the boldest first.
     *
     * @param violation how the scenario ends
     */
    Stream<Scenario> smaller(Scenario scenario, Violation violation);

    /** What comes after the violation; if that was at the end, all ends sooner. */
    private static Stream<Scenario> tails(Scenario scenario, Violation violation) {
        if (violation.at().compareTo(scenario.length()) >= 0) {
            return Less.durations(scenario.length()).map(scenario::length);
        }
        Duration end = Duration.ofSeconds(violation.at().toSeconds() + 1);
        return end.compareTo(scenario.length()) < 0 ? Stream.of(scenario.length(end)) : Stream.of();
    }

    /** Whole lines: faults, what is asked for at the end, and all else that a scenario can be without. */
    private static Stream<Scenario> lines(Scenario scenario, Violation violation) {
        return Stream.of(
                        Less.lists(scenario.incidents()).map(scenario::incidents),
                        Less.lists(scenario.expectations()).map(scenario::expectations),
                        Stream.of(
                                scenario.workload(Workload.NONE),
                                scenario.churn(null),
                                scenario.nats(NatMix.NONE),
                                scenario.drift(0)))
                .flatMap(some -> some);
    }

    private static Stream<Scenario> nodes(Scenario scenario, Violation violation) {
        List<Scenario> fewer = new ArrayList<>();
        Churn churn = scenario.churn();
        Less.counts(scenario.nodes(), LEAST_NODES).forEach(count -> {
            if (churn != null) {
                double arrivals = Less.rounded(churn.arrivals() * count / scenario.nodes());
                fewer.add(scenario.nodes(count).churn(churn.arrivals(arrivals)));
            }
            fewer.add(scenario.nodes(count));
        });
        return fewer.stream();
    }

    private static Stream<Scenario> workloads(Scenario scenario, Violation violation) {
        return less(scenario.workload(), Workload::parse).map(scenario::workload);
    }

    /** What there is between nodes, before them and in them. */
    private static Stream<Scenario> models(Scenario scenario, Violation violation) {
        String link = scenario.link().toString();
        Stream<Link> links = link.equals(SIMPLEST.toString())
                ? Stream.of()
                : Stream.concat(Stream.of(SIMPLEST), Less.read(Less.parts(link), Link::parse));
        Stream<Churn> churns = scenario.churn() == null ? Stream.of() : less(scenario.churn(), Churn::parse);
        return Stream.of(
                        links.map(scenario::link),
                        churns.map(scenario::churn),
                        less(scenario.nats(), NatMix::parse).map(scenario::nats))
                .flatMap(some -> some);
    }

    private static <T> Stream<T> less(T what, Function<String, T> reader) {
        String text = what.toString();
        return Less.read(Stream.concat(Less.parts(text), Less.numbers(text)), reader);
    }

    /** The faults that are left: smaller, shorter, sooner. */
    private static Stream<Scenario> faults(Scenario scenario, Violation violation) {
        List<Scenario> smaller = new ArrayList<>();
        List<Incident> incidents = scenario.incidents();
        for (int i = 0; i < incidents.size(); i++) {
            int place = i;
            less(incidents.get(i), Incident::parse).forEach(incident -> {
                List<Incident> changed = new ArrayList<>(incidents);
                changed.set(place, incident);
                smaller.add(scenario.incidents(changed));
            });
        }
        return smaller.stream();
    }
}

package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;

/** The ways in which a scenario becomes smaller, in the order in which they are tried. */
enum Reduction {
    /** What comes after the violation; if that was at the end, all ends sooner. */
    TAIL(Reduction::tails),
    /** Faults, and what else is asked for. */
    LINES((scenario, violation) -> Stream.concat(
            Less.lists(scenario.incidents()).map(scenario::incidents),
            Less.lists(scenario.expectations()).map(scenario::expectations))),
    NODES((scenario, violation) -> nodes(scenario)),
    WORKLOAD((scenario, violation) -> workloads(scenario)),
    /** What there is between nodes, before them and in them. */
    MODELS((scenario, violation) -> models(scenario)),
    /** The faults that are left: smaller, shorter, sooner. */
    FAULTS((scenario, violation) -> faults(scenario));

    /** A network of one has nobody to ask, and fails for that. */
    private static final int LEAST_NODES = 2;

    private static final Link SIMPLEST = Link.of(Latency.constant(Duration.ofMillis(20)));

    private final BiFunction<Scenario, Violation, Stream<Scenario>> candidates;

    Reduction(BiFunction<Scenario, Violation, Stream<Scenario>> candidates) {
        this.candidates = candidates;
    }

    /** Scenarios that are smaller in this way, the boldest first. */
    List<Scenario> smaller(Scenario scenario, Violation violation) {
        return candidates.apply(scenario, violation).toList();
    }

    private static Stream<Scenario> tails(Scenario scenario, Violation violation) {
        Duration end = Duration.ofSeconds(violation.at().toSeconds() + 1);
        return end.compareTo(scenario.length()) < 0
                ? Stream.of(scenario.length(end))
                : Less.durations(scenario.length()).map(scenario::length);
    }

    private static Stream<Scenario> nodes(Scenario scenario) {
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

    private static Stream<Scenario> workloads(Scenario scenario) {
        return Stream.concat(Stream.of(Workload.NONE), less(scenario.workload(), Workload::parse))
                .map(scenario::workload);
    }

    private static Stream<Scenario> models(Scenario scenario) {
        String link = scenario.link().toString();
        Stream<Link> links = link.equals(SIMPLEST.toString())
                ? Stream.of()
                : Stream.concat(Stream.of(SIMPLEST), Less.read(Less.parts(link), Link::parse));
        Stream<Scenario> smaller = Stream.of(scenario.churn(null), scenario.nats(NatMix.NONE), scenario.drift(0));
        if (scenario.churn() != null) {
            smaller = Stream.concat(smaller, less(scenario.churn(), Churn::parse).map(scenario::churn));
        }
        return Stream.concat(smaller, links.map(scenario::link));
    }

    private static <T> Stream<T> less(T what, Function<String, T> reader) {
        String text = what.toString();
        return Less.read(Stream.concat(Less.parts(text), Less.numbers(text)), reader);
    }

    private static Stream<Scenario> faults(Scenario scenario) {
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

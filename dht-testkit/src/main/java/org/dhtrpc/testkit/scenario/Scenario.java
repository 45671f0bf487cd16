package org.dhtrpc.testkit.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a network, in few words: how many nodes there are, how they come and go, what is between them, what they are
 * asked for, and what befalls them. Immutable data; together with a {@link Laboratory} it says everything about a run.
 *
 * <pre>{@code
 * Scenario night = Scenario.of(200)
 *         .churn(Churn.replacing(0.2, 200))
 *         .workload(Workload.parse("100 values, stores 5/s, reads 20/s"))
 *         .at(Duration.ofMinutes(2), Fault.partition(0.3).lasting(Duration.ofSeconds(20)))
 *         .expect(Expectation.Quality.FOUND, 0.99);
 * }</pre>
 *
 * <p>{@link #toString} is a text that {@link #parse} reads, a line for each thing:
 *
 * <pre>
 * nodes 200
 * seed 1
 * length 10m
 * link latency uniform:10ms-50ms
 * churn arrivals 40/min, sessions exponential:5m
 * workload 100 values, stores 5/s, reads 20/s
 * at 2m partition 0.3 for 20s
 * expect found 0.99
 * </pre>
 *
 * <p>The nodes of the beginning have full tables; whoever comes later joins by the protocol. Seed and scenario decide the trace
 * ({@link org.dhtrpc.testkit.SimulatedNetwork}). Every fault, host and value draws from a stream of its own: to take a line away
 * changes nobody's part in the others.
 *
 * @param nodes how many there are at the beginning, 1 to 4,000,000
 * @param seed what all chance comes from
 * @param length virtual time, more than 0 and at most a year
 * @param link what lies between any two hosts
 * @param nats who is behind a NAT, and ephemeral therefore
 * @param churn how nodes come and go; null: they stay
 * @param drift each clock runs faster or slower by up to so many parts per million; 0 to 500,000
 * @param workload what nodes are asked for
 * @param incidents faults, in any order
 * @param expectations what is asked for at the end
 */
public record Scenario(
        int nodes,
        long seed,
        Duration length,
        Link link,
        NatMix nats,
        @Nullable Churn churn,
        double drift,
        Workload workload,
        List<Incident> incidents,
        List<Expectation> expectations) {
    private static final int MOST_NODES = 4_000_000;
    static final Duration LONGEST = Duration.ofDays(365);
    private static final int MOST_DRIFT = 500_000;

    /** Checks the numbers, and copies the lists. */
    public Scenario {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("A scenario has 1 to " + MOST_NODES + " nodes, not " + nodes);
        }
        if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("A scenario takes more than 0 and at most 365d, not " + length);
        }
        Objects.requireNonNull(link);
        Objects.requireNonNull(nats);
        Objects.requireNonNull(workload);
        Quantity.checked("The drift of clocks", drift, 0, MOST_DRIFT);
        incidents = List.copyOf(incidents);
        expectations = List.copyOf(expectations);
    }

    /** Ten minutes of a network of so many nodes in which nothing happens, on the default link, with seed 1. */
    public static Scenario of(int nodes) {
        return new Scenario(
                nodes,
                1,
                Duration.ofMinutes(10),
                Link.of(Latency.uniform(Duration.ofMillis(10), Duration.ofMillis(50))),
                NatMix.NONE,
                null,
                0,
                Workload.NONE,
                List.of(),
                List.of());
    }

    /**
     * The scenario with this text; empty lines and those that begin with # count for nothing.
     *
     * @throws IllegalArgumentException if a line is none; the message has its number
     */
    public static Scenario parse(String text) {
        return ScenarioText.parse(text);
    }

    /**
     * The scenario in this file.
     *
     * @throws IllegalArgumentException as {@link #parse} does
     * @throws UncheckedIOException if it cannot be read
     */
    public static Scenario read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the scenario " + file + ": " + e, e);
        }
    }

    /** The same with so many nodes. */
    public Scenario nodes(int count) {
        return new Scenario(count, seed, length, link, nats, churn, drift, workload, incidents, expectations);
    }

    /** The same with another seed. */
    public Scenario seed(long value) {
        return new Scenario(nodes, value, length, link, nats, churn, drift, workload, incidents, expectations);
    }

    /** The same for so long. */
    public Scenario length(Duration time) {
        return new Scenario(nodes, seed, time, link, nats, churn, drift, workload, incidents, expectations);
    }

    /** The same with another link. */
    public Scenario link(Link between) {
        return new Scenario(nodes, seed, length, between, nats, churn, drift, workload, incidents, expectations);
    }

    /** The same with NATs before some nodes. */
    public Scenario nats(NatMix mix) {
        return new Scenario(nodes, seed, length, link, mix, churn, drift, workload, incidents, expectations);
    }

    /** The same with nodes that come and go; null: they stay. */
    public Scenario churn(@Nullable Churn rates) {
        return new Scenario(nodes, seed, length, link, nats, rates, drift, workload, incidents, expectations);
    }

    /** The same with clocks that drift, by up to so many parts per million. */
    public Scenario drift(double partsPerMillion) {
        return new Scenario(nodes, seed, length, link, nats, churn, partsPerMillion, workload, incidents, expectations);
    }

    /** The same with other things asked of the nodes. */
    public Scenario workload(Workload work) {
        return new Scenario(nodes, seed, length, link, nats, churn, drift, work, incidents, expectations);
    }

    /** The same with these faults and no others. */
    public Scenario incidents(List<Incident> all) {
        return new Scenario(nodes, seed, length, link, nats, churn, drift, workload, all, expectations);
    }

    /** The same with one fault more, at this time. */
    public Scenario at(Duration time, Fault fault) {
        return with(new Incident(Trigger.at(time), fault));
    }

    /** The same with one fault more, as soon as so many were counted. */
    public Scenario when(Counter counter, long reaches, Fault fault) {
        return with(new Incident(Trigger.when(counter, reaches), fault));
    }

    private Scenario with(Incident incident) {
        List<Incident> all = new ArrayList<>(incidents);
        all.add(incident);
        return incidents(all);
    }

    /** The same with one thing more that is asked for at the end. */
    public Scenario expect(Expectation.Quality quality, double least) {
        List<Expectation> all = new ArrayList<>(expectations);
        all.add(new Expectation(quality, least));
        return expectations(all);
    }

    /** The same with these things asked for at the end and no others. */
    public Scenario expectations(List<Expectation> all) {
        return new Scenario(nodes, seed, length, link, nats, churn, drift, workload, incidents, all);
    }

    @Override
    public String toString() {
        return ScenarioText.of(this);
    }
}

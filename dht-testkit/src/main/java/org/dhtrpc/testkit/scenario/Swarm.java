package org.dhtrpc.testkit.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.jspecify.annotations.Nullable;

/** Draws one scenario. */
final class Swarm {
    private final SimulatedNetwork streams;
    private final Set<String> without;
    private final int nodes;
    private final int length;

    /**
     * One that draws from the streams of this network.
     *
     * @param without kinds that there are not to be
     */
    Swarm(SimulatedNetwork streams, Set<String> without, int nodes) {
        this.streams = streams;
        this.without = without;
        this.nodes = nodes;
        this.length = 10 * chance("length").nextInt(18, 37);
    }

    private RandomGenerator chance(String label) {
        return streams.random(label, 0);
    }

    /** The stream of a kind that there is to be; null if there is not. */
    private @Nullable RandomGenerator drawn(String kind) {
        RandomGenerator chance = chance(kind);
        return chance.nextBoolean() && !without.contains(kind) ? chance : null;
    }

    Scenario scenario() {
        RandomGenerator clocks = drawn("clocks");
        RandomGenerator churn = drawn("churn");
        RandomGenerator nats = drawn("nats");
        return Scenario.of(nodes)
                .length(Duration.ofSeconds(length))
                .link(link(chance("link")))
                .nats(nats == null ? NatMix.NONE : NatMix.residential(share(nats, 0.1, 0.7)))
                .churn(churn == null ? null : churn(churn))
                .drift(clocks == null ? 0 : clocks.nextInt(10, 1_000))
                .workload(workload(chance("workload")))
                .incidents(incidents(nats != null));
    }

    private Link link(RandomGenerator chance) {
        Link link = Link.of(latency(chance));
        RandomGenerator mishaps = drawn("mishaps");
        if (mishaps != null) {
            link = link.withLoss(share(mishaps, 0, 0.1))
                    .withDuplication(share(mishaps, 0, 0.1))
                    .withReordering(share(mishaps, 0, 0.2), Duration.ofMillis(100))
                    .withCorruption(share(mishaps, 0, 0.02));
        }
        RandomGenerator bursts = drawn("bursts");
        return bursts == null
                ? link
                : link.withBursts(
                        Duration.ofSeconds(bursts.nextInt(20, 60)),
                        Duration.ofMillis(bursts.nextInt(100, 2_000)),
                        share(bursts, 0.3, 1));
    }

    private static Latency latency(RandomGenerator chance) {
        return switch (chance.nextInt(4)) {
            case 0 -> Latency.constant(Duration.ofMillis(chance.nextInt(1, 100)));
            case 1 -> Latency.uniform(Duration.ofMillis(10), Duration.ofMillis(chance.nextInt(20, 200)));
            case 2 -> Latency.logNormal(Duration.ofMillis(50), Duration.ofMillis(chance.nextInt(100, 800)));
            default -> Latency.wan();
        };
    }

    private Churn churn(RandomGenerator chance) {
        int minutes = chance.nextInt(4, 20);
        Duration mean = Duration.ofMinutes(minutes);
        Sessions sessions = chance.nextBoolean() ? Sessions.exponential(mean) : Sessions.weibull(mean, 0.5);
        return new Churn(
                Less.rounded((double) nodes / minutes),
                sessions,
                share(chance, 0, 1),
                share(chance, 0, 0.5),
                Sessions.exponential(Duration.ofSeconds(chance.nextInt(10, 60))),
                chance.nextBoolean());
    }

    private Workload workload(RandomGenerator chance) {
        RandomGenerator republish = drawn("republish");
        return new Workload(
                chance.nextInt(20, 100),
                chance.nextInt(1, 5),
                chance.nextInt(5),
                chance.nextBoolean() ? 1 : 0,
                Duration.ofSeconds(chance.nextInt(10, 120)),
                republish == null ? Duration.ZERO : Duration.ofSeconds(republish.nextInt(30, 120)),
                chance.nextInt(1, 4));
    }

    private List<Incident> incidents(boolean nats) {
        List<Incident> incidents = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            RandomGenerator chance = drawn(kind.word());
            for (int more = chance == null ? 0 : chance.nextInt(1, 3); more > 0; more--) {
                Fault fault = fault(kind, Objects.requireNonNull(chance), nats);
                if (fault != null) {
                    incidents.add(new Incident(Trigger.at(seconds(chance, 5, length - 20)), fault));
                }
            }
        }
        incidents.sort(Comparator.comparing(
                incident -> Objects.requireNonNull(incident.trigger().at())));
        return incidents;
    }

    /** Null if it makes no sense here. */
    private @Nullable Fault fault(FaultKind kind, RandomGenerator chance, boolean nats) {
        return switch (kind) {
            case PARTITION -> Fault.partition(share(chance, 0.05, 0.5)).lasting(seconds(chance, 10, 120));
            case CUT -> Fault.cut(share(chance, 0.05, 0.5)).lasting(seconds(chance, 10, 120));
            case LOSS -> Fault.loss(share(chance, 0.1, 0.5)).lasting(seconds(chance, 10, 60));
            case DUPLICATION -> Fault.duplication(share(chance, 0.1, 0.5)).lasting(seconds(chance, 10, 60));
            case REORDERING -> Fault.reordering(share(chance, 0.1, 0.5)).lasting(seconds(chance, 10, 60));
            case CORRUPTION -> Fault.corruption(share(chance, 0.01, 0.3)).lasting(seconds(chance, 10, 60));
            case CRASH -> returning(Fault.crash(share(chance, 0.05, 0.3)), chance);
            case LEAVE -> returning(Fault.leave(share(chance, 0.05, 0.3)), chance);
            case PAUSE -> Fault.pause(share(chance, 0.05, 0.3)).lasting(seconds(chance, 1, 120));
            case JOIN -> Fault.join(chance.nextInt(1, Math.max(2, nodes / 4)));
            case DRIFT -> Fault.drift(chance.nextInt(1, 50) * 1_000).lasting(seconds(chance, 10, 120));
            case REBOOT -> nats ? Fault.reboot(share(chance, 0.1, 1)) : null;
            case MOVE -> nats ? Fault.move(share(chance, 0.1, 1)) : null;
            case LIARS, BLACKHOLES, SILENT, DRIPS ->
                Fault.named(kind.word(), share(chance, 0.05, 0.2)).lasting(seconds(chance, 10, 120));
            default -> null;
        };
    }

    private static Fault returning(Fault fault, RandomGenerator chance) {
        Duration away = seconds(chance, 5, 120);
        return switch (chance.nextInt(3)) {
            case 0 -> fault;
            case 1 -> fault.lasting(away);
            default -> fault.lasting(away).forgetting();
        };
    }

    private static Duration seconds(RandomGenerator chance, int from, int to) {
        return Duration.ofSeconds(chance.nextInt(from, to + 1));
    }

    private static double share(RandomGenerator chance, double from, double to) {
        return StrictMath.rint((from + (to - from) * chance.nextDouble()) * 100) / 100;
    }
}

package org.dhtrpc.examples.simulations;

import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.junit.SimulationTest;
import org.dhtrpc.testkit.junit.Simulations;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One datagram in twenty is lost, and now and then a host loses for a second nearly all that it sends. */
class LossyNetworkTest {
    /** With a long tail, so that what is late is sent again though it was not lost. */
    private static final Link LOSSY = Link.of(Latency.logNormal(Duration.ofMillis(40), Duration.ofMillis(800)))
            .withLoss(0.05)
            .withBursts(Duration.ofMinutes(1), Duration.ofSeconds(1), 0.9);

    @RegisterExtension
    static final Simulations simulations = Simulations.of(SimulatedNodes::warm)
            .on(seed -> SimulatedNetwork.seeded(seed).link(LOSSY));

    @SimulationTest(nodes = 1_000, seeds = 2)
    void lookups_repeat_what_is_lost_and_find_the_nearest(SimulatedNetwork network) {
        Figures figures = new Survey(network).lookups(200).run();

        assertThat(figures).hasSuccess(0.97).hasRecall(0.97).hasLatencyP50(Duration.ofSeconds(5));
        // A test of losses is one only if something was lost.
        org.assertj.core.api.Assertions.assertThat(
                        figures.traffic().lost() / (double) figures.traffic().sent())
                .as("%s", network)
                .isBetween(0.05, 0.10);
    }
}

package org.dhtrpc.examples.simulations;

import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.dhtrpc.Dht;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.Oracle;
import org.dhtrpc.testkit.Partition;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.junit.SimulationTest;
import org.dhtrpc.testkit.junit.Simulations;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A network is cut in two: each half goes on finding its own, and once it is healed everybody finds everybody. */
class PartitionTest {
    @RegisterExtension
    static final Simulations simulations = Simulations.of(SimulatedNodes::warm);

    @SimulationTest(nodes = 400, seeds = 2)
    void each_half_finds_its_own_and_healed_they_find_all(SimulatedNetwork network, List<Dht> nodes) {
        List<Dht> west = nodes.subList(0, 200);
        List<Dht> east = nodes.subList(200, 400);
        List<SimulatedHost> hosts = network.hosts();

        Partition partition = network.faults().partition(hosts.subList(0, 200));
        network.run(Duration.ofMinutes(5));
        assertThat(survey(network, west, Oracle.of(west))).hasRecall(0.99);
        assertThat(survey(network, east, Oracle.of(east))).hasRecall(0.99);

        partition.heal();
        network.run(Duration.ofMinutes(20));
        assertThat(survey(network, nodes, Oracle.of(nodes))).hasRecall(0.99);
    }

    private static Figures survey(SimulatedNetwork network, List<Dht> searchers, Oracle truth) {
        return new Survey(network)
                .searchers(searchers)
                .truth(truth)
                .lookups(100)
                .run();
    }
}

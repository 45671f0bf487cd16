package org.dhtrpc.it;

import static org.dhtrpc.testkit.junit.SimulationAssertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.testkit.Adversary;
import org.dhtrpc.testkit.Figures;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.adversary.Liars;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every fifth node names, in each of its replies, twenty nodes that are not there, nearer to the target than all others. */
class LiarsTest {
    private static final long SEED = 1;

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(SEED).byReference().build();
    private final List<Dht> honest = new ArrayList<>();
    private final List<SimulatedHost> bad = new ArrayList<>();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void lookups_find_the_nearest_though_every_fifth_node_begins_to_name_twenty_invented_ones() {
        network.start(1_000, host -> node(host, null, node -> node.verifiedContacts(host.contacts())));
        assertThat(survey()).as("all honest").hasRecall(0.999);

        Liars scattered = new Liars();
        bad.forEach(host -> host.capture(scattered));
        assertHolds(survey(), "invented at random addresses");

        Liars atOneAddress = Liars.at(Endpoint.parse("198.51.100.7:2000"));
        bad.forEach(host -> host.capture(atOneAddress));
        assertHolds(survey(), "invented at one address");
    }

    @Test
    void nodes_join_and_find_the_nearest_though_every_fifth_has_lied_from_the_start() {
        Endpoint bootstrap =
                SimulatedStore.node(network.host()).ephemeral(true).build().localAddress();
        Liars liars = new Liars();
        network.start(200, host -> node(host, liars, node -> node.bootstrap(bootstrap)))
                .forEach(node -> network.await(node.ready()));
        assertHolds(survey(), "invented from the start");
    }

    private Figures survey() {
        return new Survey(network).searchers(honest).lookups(100).atOnce(10).run();
    }

    private static void assertHolds(Figures figures, String what) {
        // Without a limit for each referrer they are more than a hundred requests, and many lookups end at the limit of
        // all.
        assertThat(figures).as(what).hasRecall(0.99).hasRequestsPerLookup(65);
    }

    private Dht node(SimulatedHost host, @Nullable Adversary liars, UnaryOperator<NodeBuilder> settings) {
        Dht node = settings.apply(SimulatedStore.node(host)).build();
        if ((honest.size() + bad.size()) % 5 == 0) {
            bad.add(host);
            if (liars != null) {
                host.capture(liars);
            }
        } else {
            honest.add(node);
        }
        return node;
    }
}

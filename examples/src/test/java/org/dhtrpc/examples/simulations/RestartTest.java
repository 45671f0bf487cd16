package org.dhtrpc.examples.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.KnownContact;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.Survey;
import org.dhtrpc.testkit.junit.SimulationAssertions;
import org.dhtrpc.testkit.junit.SimulationTest;
import org.dhtrpc.testkit.junit.Simulations;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every fourth machine loses power; later half of them start again with the contacts they had saved, the others as strangers. */
class RestartTest {
    @RegisterExtension
    static final Simulations simulations = Simulations.of(SimulatedNodes::warm);

    @SimulationTest(nodes = 200)
    void who_comes_back_is_found_again(SimulatedNetwork network, List<Dht> nodes) {
        List<SimulatedHost> hosts = network.hosts();
        List<SimulatedHost> down = new ArrayList<>();
        List<List<Contact>> saved = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i += 4) {
            List<KnownContact> known = network.await(nodes.get(i).contacts());
            saved.add(known.stream().map(KnownContact::contact).toList());
            down.add(hosts.get(i));
            hosts.get(i).crash();
        }
        assertThat(network.nodes()).hasSize(150);
        network.run(Duration.ofMinutes(10));
        SimulationAssertions.assertThat(new Survey(network).lookups(100).run()).hasRecall(0.99);

        for (int i = 0; i < down.size(); i++) {
            SimulatedHost host = down.get(i);
            List<Contact> contacts = saved.get(i);
            if (i % 2 == 0) {
                network.start(
                        host,
                        same -> SimulatedNodes.on(same).savedContacts(contacts).build());
            } else {
                host.renew();
                network.start(
                        host,
                        stranger -> SimulatedNodes.on(stranger)
                                .bootstrap("10.0.0.2:3282")
                                .build());
            }
        }
        network.nodes().forEach(node -> network.await(node.ready()));
        assertThat(network.nodes()).hasSize(200);
        network.run(Duration.ofMinutes(10));
        SimulationAssertions.assertThat(new Survey(network).lookups(100).run()).hasRecall(0.99);
    }
}

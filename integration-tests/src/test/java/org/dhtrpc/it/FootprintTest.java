package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtState;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.junit.jupiter.api.Test;

/** What makes a million nodes fit into one heap. */
class FootprintTest {
    private static final int NODES = 1_000;

    /** A third of them for the arrays of the table, with some 130 contacts. */
    private static final long MOST_BYTES = 6_000;

    @Test
    void an_idle_node_with_a_full_table_takes_a_few_kilobytes() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1).byReference().build()) {
            List<SimulatedHost> hosts =
                    Stream.generate(network::host).limit(NODES).toList();
            List<Contact> contacts = hosts.stream()
                    .map(host -> new Contact(host.id(), host.endpoint()))
                    .sorted(Comparator.comparing(Contact::id))
                    .toList();
            List<Dht> nodes = new ArrayList<>(NODES);
            nodes.add(start(hosts.get(0), contacts));
            long before = Witness.heap();

            hosts.subList(1, NODES).forEach(host -> nodes.add(start(host, contacts)));

            long perNode = (Witness.heap() - before) / (NODES - 1);
            assertThat(perNode).as("live bytes of a node").isLessThan(MOST_BYTES);
            assertThat(network.await(nodes.get(NODES - 1).stats()))
                    .as("%s", network)
                    .matches(stats -> stats.state() == DhtState.JOINED && stats.contacts() > 100);
        }
    }

    /** With as many of all others as its table takes. */
    private static Dht start(SimulatedHost host, List<Contact> contacts) {
        return SimulatedStore.node(host).verifiedContacts(contacts).build();
    }
}

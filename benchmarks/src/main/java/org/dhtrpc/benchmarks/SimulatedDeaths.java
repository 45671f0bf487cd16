package org.dhtrpc.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;

/** What a dead node among the nearest costs on a network as slow as the internet, in virtual time. */
final class SimulatedDeaths {
    /** In which nodes have pinged each other and learnt how long that takes. */
    private static final Duration YOUTH = Duration.ofMinutes(3);

    private static final Duration RECOVERY = Duration.ofMinutes(1);

    private SimulatedDeaths() {}

    /** The figures of so many searches; always the same for the same numbers. */
    static Json measure(int size, int deaths) {
        Histories histories = new Histories();
        Random random = new Random(1);
        try (SimulatedNetwork network =
                SimulatedNetwork.seeded(1).latency(Latency.wan()).build()) {
            network.start(size, SimulatedDeaths::node);
            network.run(YOUTH);
            for (int i = 0; i < deaths; i++) {
                SimulatedHost victim = network.hosts().get(random.nextInt(size));
                Key target = victim.id();
                histories.alive.add(search(network, random, target));
                victim.crash();
                histories.dead.add(search(network, random, target));
                network.start(victim, SimulatedDeaths::node);
                network.run(RECOVERY);
            }
        }
        return Json.result("sim-dead", "").put("n", size).putAll(histories.json());
    }

    private static Dht node(SimulatedHost host) {
        Dht node = DhtNode.builder()
                .transport(host.transport())
                .codec(host.codec(new MsgpackCodec()))
                .random(host.random())
                .id(host.id())
                .verifiedContacts(host.contacts())
                .build();
        // Whoever does not know the command is not among the nearest that answer.
        node.onQuery(Network.COMMAND, query -> null);
        return node;
    }

    /** By anybody who lives, but for the target itself. */
    private static QuerySummary search(SimulatedNetwork network, Random random, Key target) {
        List<Dht> others = network.nodes().stream()
                .filter(node -> !node.id().equals(target))
                .toList();
        QueryStream stream = others.get(random.nextInt(others.size())).query(Query.of(Network.COMMAND, target));
        network.await(stream.results().handle((results, failure) -> null));
        return network.await(stream.summary());
    }
}

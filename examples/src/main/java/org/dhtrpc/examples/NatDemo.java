package org.dhtrpc.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.spi.Punched;
import org.dhtrpc.testkit.Latency;
import org.dhtrpc.testkit.Link;
import org.dhtrpc.testkit.NatType;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;

/** Nodes behind NATs of six kinds, in virtual time: each meets each by way of a node that both know, and asks it something. */
final class NatDemo {
    private static final Map<String, NatType> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("full cone", NatType.FULL_CONE);
        KINDS.put("address-restricted", NatType.ADDRESS_RESTRICTED);
        KINDS.put("port-restricted", NatType.PORT_RESTRICTED);
        KINDS.put("firewall", NatType.FIREWALL);
        KINDS.put("symmetric", NatType.SYMMETRIC);
        KINDS.put("sequential", NatType.SYMMETRIC_SEQUENTIAL);
    }

    /** Where the first host of a simulated network is. */
    private static final Endpoint FIRST = Endpoint.parse("10.0.0.1:" + Dht.DEFAULT_PORT);

    private static final Bytes GREETING = Bytes.utf8("hello from behind a NAT");
    private static final Key TARGET = Key.hashOf(GREETING);

    private final long seed;
    private final Consumer<String> progress;
    private final List<Outcome> outcomes = new ArrayList<>();

    /** How a pair met; what it asked was answered along that path. */
    private record Outcome(String from, String to, String path, long millis) {
        boolean relayed() {
            return path.equals("relayed");
        }

        boolean failed() {
            return millis < 0;
        }
    }

    NatDemo(long seed, Consumer<String> progress) {
        this.seed = seed;
        this.progress = progress;
    }

    /** Has each meet each; true if all of them did. */
    boolean run() {
        for (String from : KINDS.keySet()) {
            progress.accept("From behind: " + from);
            KINDS.keySet().forEach(to -> outcomes.add(meet(from, to)));
        }
        return outcomes.stream().noneMatch(Outcome::failed);
    }

    private Outcome meet(String from, String to) {
        Link link = Link.of(Latency.constant(Duration.ofMillis(20)));
        try (SimulatedNetwork network = SimulatedNetwork.seeded(seed).link(link).build()) {
            List<Dht> open = network.start(3, host -> Meeting.node(host, FIRST));
            Endpoint referrer = open.get(0).localAddress();
            SimulatedHost here = network.host(network.nat(KINDS.get(from)));
            SimulatedHost there = network.host(network.nat(KINDS.get(to)));
            Dht ada = network.start(here, host -> Meeting.node(host, referrer));
            Dht bob = network.start(there, host -> Meeting.node(host, referrer));
            bob.onQuery("greet", query -> GREETING);
            network.run(Duration.ofSeconds(10));

            Endpoint seen = network.await(bob.ping(referrer)).address();
            try {
                Punched path = network.await(ada.holepunch(seen, referrer));
                network.await(ada.request(path.endpoint(), Query.of("greet", TARGET)));
                return new Outcome(from, to, path.path(), path.elapsed().toMillis());
            } catch (CompletionException | DhtException e) {
                return new Outcome(from, to, "failed", -1);
            }
        }
    }

    /** Who met whom, by which way, and how long it took. */
    String table() {
        StringBuilder text = new StringBuilder(String.format("%-20s", "from \\ to"));
        KINDS.keySet().forEach(to -> text.append(String.format("%-20s", to)));
        for (Outcome outcome : outcomes) {
            if (outcome.to.equals("full cone")) {
                text.append(String.format("%n%-20s", outcome.from));
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s",
                    outcome.failed() ? outcome.path : outcome.path + ", " + outcome.millis + " ms"));
        }
        return text
                + String.format(
                        Locale.ROOT,
                        "%n%d of %d met directly, %d through the node that both know",
                        direct(),
                        outcomes.size(),
                        outcomes.stream().filter(Outcome::relayed).count());
    }

    private long direct() {
        return outcomes.stream()
                .filter(outcome -> !outcome.relayed() && !outcome.failed())
                .count();
    }

    /** The same for a program. */
    String json() {
        List<String> cells = outcomes.stream()
                .map(cell -> String.format(
                        Locale.ROOT,
                        "{\"from\":\"%s\",\"to\":\"%s\",\"path\":\"%s\",\"ms\":%d}",
                        cell.from,
                        cell.to,
                        cell.path,
                        cell.millis))
                .toList();
        return "{\"direct\":" + direct() + ",\"cells\":[" + String.join(",", cells) + "]}";
    }
}

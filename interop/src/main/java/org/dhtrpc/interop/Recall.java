package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.interop.JsNode.Outcome;
import org.dhtrpc.interop.Lab.Mixed;

/** How much lookups find in a mixed network, and what they cost, beside those of the package. */
final class Recall {
    private static final int TARGETS = 100;
    private static final int ROUNDS = 5;

    private Recall() {}

    static Stream<InteropCase> cases() {
        return on(
                Wires.DHT_RPC_6,
                "Java lookups find the 20 nearest of 50 + 50 nodes, with no more requests than the package's",
                60,
                Recall::compare);
    }

    /** What all lookups of one kind have found of what they should have, and how many requests they took. */
    private static final class Tally {
        final Set<Endpoint> missed = new TreeSet<>(Comparator.comparing(Endpoint::toString));
        private int found;
        private int requests;

        void add(List<Endpoint> nearest, List<Endpoint> found, int requests) {
            this.requests += requests;
            for (Endpoint each : nearest) {
                if (found.contains(each)) {
                    this.found++;
                } else {
                    missed.add(each);
                }
            }
        }

        double recall() {
            return (double) found / (TARGETS * Lab.K);
        }

        double requests() {
            return (double) requests / TARGETS;
        }
    }

    private static void compare(Lab lab) {
        Mixed network = lab.mixed(50, 50);
        Random random = new Random(6);
        for (int round = 1; ; round++) {
            long late = late(network);
            Tally java = new Tally();
            Tally js = new Tally();
            for (int i = 0; i < TARGETS; i++) {
                Key target = Key.random(random);
                JavaNode own = network.java().get(i % 50);
                QuerySummary summary = search(own, target);
                List<Endpoint> closest =
                        summary.closest().stream().map(Contact::endpoint).toList();
                java.add(network.nearest(target, own.address()), closest, summary.requests());

                JsNode other = network.js().get(i % 50);
                Outcome outcome = Lab.await(other.findNode(target));
                js.add(network.nearest(target, other.address()), outcome.closest(), outcome.requests());
            }
            // Whoever was late is left out for a while: that tells how busy this machine is, and nothing else.
            if (java.recall() == 1 || late == late(network) || round == ROUNDS) {
                judge(lab, network, java, js);
                return;
            }
            lab.note("somebody was late in round " + round);
        }
    }

    private static void judge(Lab lab, Mixed network, Tally java, Tally js) {
        lab.note(String.format(
                Locale.ROOT,
                "recall %.3f and %.1f requests a lookup, the package's %.3f and %.1f",
                java.recall(),
                java.requests(),
                js.recall(),
                js.requests()));
        Check.that(java.recall() == 1, "Lookups of ours have missed " + who(network, java.missed));
        Check.that(java.requests() <= js.requests(), "Lookups of ours take more requests");
    }

    /** How often a node of ours has had to ask again, since it was built. */
    private static long late(Mixed network) {
        return network.java().stream()
                .mapToLong(node -> Lab.await(node.dht.stats()).repeatsSent())
                .sum();
    }

    private static QuerySummary search(JavaNode java, Key target) {
        QueryStream search = java.dht.findNode(target);
        Lab.await(search.results());
        return Lab.await(search.summary());
    }

    /** Nodes, and by how many others of each kind they are listed. */
    private static String who(Mixed network, Set<Endpoint> missed) {
        return missed.stream()
                .map(each -> each + ", listed by "
                        + network.java().stream()
                                .filter(node -> node.contacts().contains(each))
                                .count()
                        + " Java and "
                        + network.js().stream()
                                .filter(node -> node.contacts().contains(each))
                                .count()
                        + " JavaScript nodes")
                .collect(Collectors.joining("; "));
    }
}

package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
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
        private int found;
        private int requests;

        void add(List<Endpoint> nearest, List<Endpoint> found, int requests) {
            this.found += (int) nearest.stream().filter(found::contains).count();
            this.requests += requests;
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
        List<Key> targets =
                IntStream.range(0, TARGETS).mapToObj(i -> Key.random(random)).toList();
        Tally java = new Tally();
        Tally js = new Tally();
        for (int i = 0; i < TARGETS; i++) {
            Key target = targets.get(i);
            JavaNode own = network.java().get(i % 50);
            QueryStream search = own.dht.findNode(target);
            Lab.await(search.results());
            QuerySummary summary = Lab.await(search.summary());
            List<Endpoint> closest =
                    summary.closest().stream().map(Contact::endpoint).toList();
            java.add(network.nearest(target, own.address()), closest, summary.requests());

            JsNode other = network.js().get(i % 50);
            Outcome outcome = Lab.await(other.findNode(target));
            js.add(network.nearest(target, other.address()), outcome.closest(), outcome.requests());
        }
        lab.note(String.format(
                Locale.ROOT,
                "recall %.3f and %.1f requests a lookup, the package's %.3f and %.1f",
                java.recall(),
                java.requests(),
                js.recall(),
                js.requests()));
        Check.that(java.recall() == 1, "Lookups of ours have missed somebody");
        Check.that(java.requests() <= js.requests(), "Lookups of ours take more requests");
    }
}

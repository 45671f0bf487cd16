package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.onBoth;

import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.interop.JsNode.Outcome;
import org.dhtrpc.interop.Lab.Mixed;

/** 256 nodes, half of them of each kind. */
final class Swarms {
    private static final Bytes VALUE = Bytes.utf8("of 256");

    private Swarms() {}

    static Stream<InteropCase> cases() {
        return onBoth("a commit of either side runs on exactly the 20 nearest of 128 + 128 nodes", 60, Swarms::commit);
    }

    private static void commit(Lab lab) {
        Mixed network = lab.mixed(128, 128);
        for (int i = 0; i < 5; i++) {
            byJava(lab, network, network.java().get(i * 20), Key.hashOf(Bytes.utf8("Java " + i)));
            byJs(lab, network, network.js().get(i * 20), Key.hashOf(Bytes.utf8("JavaScript " + i)));
        }
    }

    private static void byJava(Lab lab, Mixed network, JavaNode java, Key target) {
        List<QueryResult> commits = Lab.await(
                java.dht.closest(Query.of(lab.wire.store, target).value(VALUE)).results());
        Check.equal(Lab.K, commits.size(), "how many have answered the commit");
        Check.equal(Lab.K, network.commits(target), "how many commits there were");
        Check.same(network.nearest(target, java.address()), network.holders(target), "who holds the value");
    }

    private static void byJs(Lab lab, Mixed network, JsNode js, Key target) {
        Outcome outcome = Lab.await(js.commit(lab.wire.store, target, VALUE));
        Check.equal(Lab.K, outcome.closest().size(), "how many were nearest to the JavaScript node");
        Check.equal(Lab.K, network.commits(target), "how many commits there were");
        Check.same(outcome.closest(), network.holders(target), "who holds the value");
    }
}

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

/** Each queries, commits, and finds what the other has stored. */
final class Storing {
    private static final Bytes VALUE = Bytes.utf8("what one stores the other finds");
    private static final Key TARGET = Key.hashOf(VALUE);

    private Storing() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        onBoth("JavaScript nodes hold and find what a Java node has stored", 20, Storing::byJava),
                        onBoth("Java nodes hold and find what a JavaScript node has stored", 20, Storing::byJs),
                        onBoth("values of no byte, and of 1,000, arrive as they are", 20, Storing::sizes))
                .flatMap(cases -> cases);
    }

    private static void byJava(Lab lab) {
        Mixed network = lab.mixed(5, 5);
        JavaNode java = network.java().get(3);

        List<QueryResult> commits = Lab.await(
                java.dht.closest(Query.of(lab.wire.store, TARGET).value(VALUE)).results());

        Check.same(
                network.nearest(TARGET, java.address()),
                commits.stream().map(QueryResult::from).toList(),
                "who has answered the commit");
        Check.same(network.nearest(TARGET, java.address()), network.holders(TARGET), "who holds the value");
        for (JsNode js : network.js()) {
            Check.that(Lab.await(js.find(TARGET)).values().contains(VALUE), js.address() + " does not find it");
        }
    }

    private static void byJs(Lab lab) {
        Mixed network = lab.mixed(5, 5);
        JsNode js = network.js().get(3);

        Outcome outcome = Lab.await(js.commit(lab.wire.store, TARGET, VALUE));

        Check.same(network.nearest(TARGET, js.address()), outcome.closest(), "who was nearest to the JavaScript node");
        Check.same(network.nearest(TARGET, js.address()), network.holders(TARGET), "who holds the value");
        for (JavaNode java : network.java()) {
            Bytes found = Lab.await(
                            java.dht.query(Query.of(lab.wire.store, TARGET)).first(result -> result.value() != null))
                    .map(QueryResult::value)
                    .orElse(null);
            Check.equal(VALUE, found, "what " + java.address() + " finds");
        }
    }

    private static void sizes(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        for (Bytes value : List.of(Bytes.EMPTY, Bytes.of(new byte[1_000]))) {
            QueryResult ours = Lab.await(java.dht.request(
                    js.address(), Query.of(lab.wire.echo, TARGET).value(value)));
            Check.equal(value, ours.value(), "the echo of a JavaScript node");
            JsNode.Answer theirs = Lab.await(js.request(java.address(), lab.wire.echo, TARGET, value, null));
            Check.equal(value, theirs.value(), "the echo of a Java node");
        }
        QueryResult nothing = Lab.await(java.dht.request(js.address(), Query.of(lab.wire.echo, TARGET)));
        Check.that(nothing.value() == null, "A JavaScript node makes a value of none");
        Check.that(
                Lab.await(js.request(java.address(), lab.wire.echo, TARGET, null, null))
                                .value()
                        == null,
                "A Java node makes a value of none");
    }
}

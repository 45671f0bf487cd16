package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.onBoth;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtState;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.interop.Lab.Mixed;

/** Each joins by the other. */
final class Joining {
    private Joining() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        onBoth("a Java node joins by a JavaScript node", 20, Joining::javaByJs),
                        onBoth("a JavaScript node joins by a Java node", 20, Joining::jsByJava),
                        onBoth(
                                "32 JavaScript nodes that join by an ephemeral Java node at once find each other",
                                20,
                                Joining::burst))
                .flatMap(cases -> cases);
    }

    private static void javaByJs(Lab lab) {
        JsNode js = lab.firstJs();
        JavaNode java = lab.java(js.address());

        Check.equal(DhtState.JOINED, Lab.await(java.dht.stats()).state(), "how the Java node stands");
        java.lists(js.address());
        js.lists(java.address());
        Check.equal(js.id(), Lab.await(java.dht.ping(js.address())).id(), "the id of the JavaScript node");
        Check.equal(java.address(), Lab.await(java.dht.ping(js.address())).address(), "our address");
    }

    private static void jsByJava(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());

        js.lists(java.address());
        java.lists(js.address());
        JsNode.Answer pong = Lab.await(js.ping(java.address()));
        Check.equal(java.id(), pong.id(), "the id of the Java node");
        Check.equal(js.address(), pong.to(), "its address, as the Java node sees it");
    }

    private static void burst(Lab lab) {
        Endpoint first = lab.bare(builder -> builder.ephemeral(true)).localAddress();
        List<JsNode> others = Lab.await(
                lab.js(32, Map.of("bootstrap", List.of(first), "ephemeral", false, "firewalled", false, "batch", 32)));
        Mixed network = new Mixed(List.of(), others);

        JsNode late = lab.js(first);
        int fewest = Lab.K;
        for (int i = 0; i < 5; i++) {
            Key target = Key.hashOf(Bytes.utf8("burst " + i));
            List<Endpoint> nearest = network.nearest(target, late.address());
            List<Endpoint> found = Lab.await(late.findNode(target)).closest();
            fewest = Math.min(
                    fewest, (int) nearest.stream().filter(found::contains).count());
        }
        lab.note("who joins later finds at least " + fewest + " of the 20 nearest");
        // By an ephemeral node of the package's own it is not always all of them either.
        Check.that(fewest >= Lab.K / 2, "Some have not heard of each other");
    }
}

package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.onBoth;

import java.util.stream.Stream;
import org.dhtrpc.DhtState;

/** Each joins by the other. */
final class Joining {
    private Joining() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        onBoth("a Java node joins by a JavaScript node", 20, Joining::javaByJs),
                        onBoth("a JavaScript node joins by a Java node", 20, Joining::jsByJava))
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
}

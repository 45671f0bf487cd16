package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;
import static org.dhtrpc.interop.InteropCase.onBoth;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Pong;
import org.dhtrpc.Query;
import org.dhtrpc.QueryStream;
import org.dhtrpc.interop.Lab.Mixed;

/** Who is listed, and who only asks. */
final class Standing {
    private static final Key TARGET = Key.hashOf(Bytes.utf8("standing"));

    private Standing() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        onBoth("an ephemeral Java node answers, and no JavaScript node lists it", 20, Standing::java),
                        onBoth("an ephemeral JavaScript node answers, and no Java node lists it", 20, Standing::js),
                        on(
                                Wires.DHT_RPC_6,
                                "a Java node with all defaults takes part, and is not listed yet",
                                20,
                                Standing::adaptive),
                        onBoth("all persistent nodes of a small network list each other", 30, Standing::persistent))
                .flatMap(cases -> cases);
    }

    private static void java(Lab lab) {
        Mixed network = lab.mixed(3, 3);
        JavaNode client = lab.javaClient(network.js().get(0).address());
        QueryStream search = client.dht.findNode(TARGET);
        Lab.await(search.results());
        Check.equal(6, Lab.await(search.summary()).replies(), "how many have been asked by it");

        for (JsNode js : network.js()) {
            JsNode.Answer pong = Lab.await(js.ping(client.address()));
            Check.equal(null, pong.id(), "the id that it tells");
            Check.equal(js.address(), pong.to(), "the address that it tells");
            Check.that(!js.contacts().contains(client.address()), js.address() + " lists it");
        }
        for (JavaNode java : network.java()) {
            Check.that(!java.contacts().contains(client.address()), java.address() + " lists it");
        }
    }

    private static void adaptive(Lab lab) {
        JsNode first = lab.firstJs();
        JsNode other = lab.js(first.address());
        JavaNode java = lab.start(builder -> builder.bootstrap(first.address()));
        Lab.await(java.dht.ready());

        Check.that(java.dht.ephemeral(), "It is persistent already");
        Check.equal(
                2,
                Lab.await(java.dht
                                .closest(Query.of(lab.wire.store, TARGET).value(Bytes.EMPTY))
                                .results())
                        .size(),
                "how many nodes store for it");
        Check.equal(null, Lab.await(other.ping(java.address())).id(), "the id that it tells");
        Check.that(!first.contacts().contains(java.address()), "It is listed");
    }

    private static void js(Lab lab) {
        Mixed network = lab.mixed(3, 3);
        JsNode client = lab.jsClient(network.java().get(0).address());
        Check.same(
                network.nearest(TARGET, client.address()),
                Lab.await(client.findNode(TARGET)).closest(),
                "whom it finds");

        Endpoint address = client.address();
        for (JavaNode java : network.java()) {
            Pong pong = Lab.await(java.dht.ping(address));
            Check.equal(null, pong.id(), "the id that it tells");
            Check.equal(java.address(), pong.address(), "the address that it tells");
            Check.that(!java.contacts().contains(address), java.address() + " lists it");
        }
        Lab.await(network.java().get(1).dht.request(address, Query.of(lab.wire.echo, TARGET)));
    }

    private static void persistent(Lab lab) {
        // One after the other: a node of ours lists who asks once it has answered a ping, and until then tells nobody
        // of it.
        JavaNode first = lab.first();
        List<JavaNode> java = new ArrayList<>(List.of(first));
        List<JsNode> js = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            js.add(lab.js(first.address()));
            first.lists(js.get(i).address());
            java.add(lab.java(first.address()));
            first.lists(java.get(i + 1).address());
        }
        Mixed network = new Mixed(java, js);
        for (JavaNode node : java) {
            node.lists(network.nearest(TARGET, node.address()).toArray(Endpoint[]::new));
        }
        for (JsNode node : js) {
            node.lists(network.nearest(TARGET, node.address()).toArray(Endpoint[]::new));
        }
    }
}

package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Pong;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.jspecify.annotations.Nullable;

/** What dht-rpc 6 has beside ping and find_node: ping_nat, delayed_ping, down_hint, relays. */
final class BuiltIns {
    private static final Duration DELAY = Duration.ofMillis(300);
    private static final Key TARGET = Key.hashOf(Bytes.utf8("built-ins"));

    private BuiltIns() {}

    static Stream<InteropCase> cases() {
        Wires wire = Wires.DHT_RPC_6;
        return Stream.of(
                        on(
                                wire,
                                "JavaScript nodes tell a Java node that there is no firewall",
                                20,
                                BuiltIns::javaIsOpen),
                        on(wire, "Java nodes tell a JavaScript node that there is no firewall", 20, BuiltIns::jsIsOpen),
                        on(
                                wire,
                                "a Java node that was alone is listed by the first JavaScript node",
                                20,
                                BuiltIns::alone),
                        on(wire, "a JavaScript node answers a ping later", 20, BuiltIns::jsIsLate),
                        on(wire, "a Java node answers a ping later", 20, BuiltIns::javaIsLate),
                        on(wire, "a JavaScript node heeds the down hint of a Java lookup", 40, BuiltIns::javaHints),
                        on(wire, "a Java node heeds the down hint of a JavaScript lookup", 40, BuiltIns::jsHints),
                        on(
                                wire,
                                "asker, relay and answerer of either kind understand each other",
                                20,
                                BuiltIns::relays))
                .flatMap(cases -> cases);
    }

    private static void javaIsOpen(Lab lab) {
        JsNode first = lab.firstJs();
        List<JsNode> others = Lab.await(lab.js(5, first.address()));
        JavaNode java = lab.java(first.address());

        Check.that(!java.dht.ephemeral(), "The Java node is ephemeral");
        Check.equal(java.address(), java.dht.publicAddress(), "what it takes for its address");
        Check.equal(java.id(), Lab.await(first.ping(java.address())).id(), "the id that it tells");
        first.lists(java.address());
        int asked = Stream.concat(Stream.of(first), others.stream())
                .mapToInt(js -> js.describe().get("received").get("pingNat").integer())
                .sum();
        Check.that(asked >= 3, "It has asked " + asked + " nodes to answer to its other socket");
        lab.note(asked + " were asked");
    }

    private static void jsIsOpen(Lab lab) {
        JavaNode first = lab.first();
        lab.java(5, first.address());
        JsNode js = Lab.await(lab.js(1, Map.of("bootstrap", List.of(first.address()), "ephemeral", false)))
                .get(0);

        Json told = js.describe();
        Check.that(js.id() != null, "The JavaScript node is ephemeral");
        Check.that(!told.get("firewalled").truth(), "It believes in a firewall");
        int answers = told.get("stats").get("commands").get("pingNat").get("rx").integer();
        Check.that(answers >= 3, "It has " + answers + " answers on its other socket");
        first.lists(js.address());
        lab.note(answers + " have answered");
    }

    private static void alone(Lab lab) {
        JavaNode java = lab.start(builder -> builder.ephemeral(false));
        CompletableFuture<Endpoint> listed = new CompletableFuture<>();
        java.dht.onEvent(event -> {
            if (event instanceof DhtEvent.BecamePersistent became) {
                listed.complete(became.address());
            }
        });
        Check.that(java.dht.ephemeral(), "It knows where it is reached before anybody has told it");
        JsNode js = lab.js(java.address());

        Check.equal(java.address(), Lab.await(listed), "where it is reached");
        js.lists(java.address());
        Check.equal(java.id(), Lab.await(js.ping(java.address())).id(), "the id that it tells");
    }

    private static void jsIsLate(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());

        long start = System.nanoTime();
        Pong pong = Lab.await(java.dht.ping(js.address(), DELAY));
        Check.that(System.nanoTime() - start >= DELAY.toNanos(), "It answers too early");
        Check.equal(js.id(), pong.id(), "its id");
        Check.equal(java.address(), pong.address(), "our address");
        Check.equal(1, js.describe().get("received").get("delayedPing").integer(), "the delayed pings that it got");
    }

    private static void javaIsLate(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());

        Json pong = Lab.await(js.ask("delayedPing", "to", java.address(), "delay", DELAY.toMillis()));
        // Node's timers are of whole milliseconds, and may be one early.
        Check.that(pong.get("elapsed").number() >= DELAY.toMillis() - 1, "It answers too early: " + pong);
        Check.equal(java.id().toString(), pong.get("id").text(), "our id");
        Check.equal(js.address().toString(), pong.get("to").text(), "its address");
    }

    private static void javaHints(Lab lab) {
        JsNode first = lab.firstJs();
        JsNode mortal = lab.js(first.address());
        first.lists(mortal.address());
        mortal.destroy();

        // It has not met the mortal one itself, or it would have nobody to tell.
        JavaNode java = lab.start(builder -> builder.ephemeral(true).bootstrap(first.address()));
        Lab.await(java.dht.findNode(Objects.requireNonNull(mortal.id())).results());

        first.drops(mortal.address());
        int heard = first.describe().get("received").get("downHint").integer();
        DhtStats stats = Lab.await(java.dht.stats());
        Check.that(heard > 0, "The JavaScript node has found out by itself");
        Check.that(stats.hintsSent() > 0, "The Java node counts no hint");
    }

    private static void jsHints(Lab lab) {
        JavaNode first = lab.first();
        JsNode mortal = lab.js(first.address());
        first.lists(mortal.address());
        JsNode js = lab.js(first.address());
        mortal.destroy();

        Lab.await(js.findNode(Objects.requireNonNull(mortal.id())));

        // It may keep the place of a node that it names no more.
        Lab.await(js.ask("unnamed", "by", first.address(), "who", mortal.address(), "target", mortal.id()));
        Check.that(Lab.await(first.dht.stats()).hintsReceived() > 0, "The Java node has found out by itself");
        int sent = js.describe()
                .get("stats")
                .get("commands")
                .get("downHint")
                .get("tx")
                .integer();
        Check.that(sent > 0, "The JavaScript node has sent no hint");
    }

    private static void relays(Lab lab) {
        JavaNode java = lab.first();
        JavaNode otherJava = lab.java(java.address());
        JavaNode thirdJava = lab.java(java.address());
        JsNode js = lab.js(java.address());
        JsNode otherJs = lab.js(java.address());
        JsNode thirdJs = lab.js(java.address());

        relayed(java, js.address(), thirdJs.address());
        relayed(java, js.address(), thirdJava.address());
        relayed(java, otherJava.address(), thirdJs.address());
        relayed(js, java.address(), thirdJava.address());
        relayed(js, java.address(), thirdJs.address());
        relayed(js, otherJs.address(), thirdJava.address());
    }

    private static void relayed(JavaNode asker, Endpoint relay, Endpoint answerer) {
        Query query = Query.of(Wires.RELAY, TARGET).value(toBeRelayed(answerer)).answeredBy(answerer);
        QueryResult result = Lab.await(asker.dht.request(relay, query));
        check(result.from(), answerer, result.value());
    }

    private static void relayed(JsNode asker, Endpoint relay, Endpoint answerer) {
        JsNode.Answer answer = Lab.await(asker.request(relay, Wires.RELAY, TARGET, toBeRelayed(answerer), null));
        check(answer.from(), answerer, answer.value());
        Check.equal(asker.address(), answer.to(), "to whom it is answered");
    }

    private static Bytes toBeRelayed(Endpoint answerer) {
        return Bytes.utf8("relay " + answerer + " said");
    }

    private static void check(Endpoint from, Endpoint answerer, @Nullable Bytes value) {
        Check.equal(answerer, from, "who answers");
        Check.equal(Bytes.utf8("said relayed answered"), value, "the answer");
    }
}

package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.spi.Punched;

/** What is refused, and how it is said. */
final class Errors {
    private static final Key TARGET = Key.hashOf(Bytes.utf8("errors"));
    private static final Bytes MADE_UP = Bytes.of(new byte[32]);
    private static final Bytes CODE = Bytes.utf8("300");
    private static final Endpoint NOBODY = Endpoint.parse("127.0.0.1:9");

    private Errors() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        on(Wires.DHT_RPC_6, "error codes of JavaScript nodes reach Java callers", 20, Errors::ofJs),
                        on(Wires.DHT_RPC_6, "error codes of Java nodes reach JavaScript callers", 20, Errors::ofJava),
                        on(
                                Wires.DHT_RPC_6,
                                "a Java node refuses a made-up token, and gives a real one",
                                20,
                                Errors::token),
                        on(Wires.SEED, "what a JavaScript handler refuses times out in Java", 20, Errors::silentJs),
                        on(Wires.SEED, "what a Java handler refuses times out in JavaScript", 20, Errors::silentJava),
                        on(
                                Wires.SEED,
                                "searches of either side go on past a node without the command",
                                20,
                                Errors::pass),
                        on(
                                Wires.SEED,
                                "hole punches of either kind of node, to either, by way of either",
                                20,
                                Errors::punch),
                        on(
                                Wires.SEED,
                                "a Java node is silent on a made-up token, and commits nothing",
                                20,
                                Errors::silentToken))
                .flatMap(cases -> cases);
    }

    private static void ofJs(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        code(ErrorCode.UNKNOWN_COMMAND, java, js, Query.of(Wires.UNKNOWN, TARGET));
        code(ErrorCode.UNKNOWN_COMMAND, java, js, Query.of(Command.builtIn(9), TARGET));
        code(300, java, js, Query.of(lab.wire.fail, TARGET).value(CODE));
        code(16, java, js, Query.of(lab.wire.fail, TARGET).value(Bytes.utf8("16")));
    }

    private static void code(int expected, JavaNode java, JsNode js, Query query) {
        DhtException failure =
                Check.fails(Reason.REFUSED, java.dht.request(js.address(), query), "the answer to " + query);
        Check.equal(expected, failure.code(), "the code for " + query);
    }

    private static void ofJava(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        Check.equal(
                ErrorCode.UNKNOWN_COMMAND,
                Lab.await(js.request(java.address(), Wires.UNKNOWN, TARGET, null, null))
                        .error(),
                "the code for an unknown command");
        Check.equal(
                300,
                Lab.await(js.request(java.address(), lab.wire.fail, TARGET, CODE, null))
                        .error(),
                "the code of a handler");
    }

    private static void token(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());

        JsNode.Answer refused = Lab.await(js.request(java.address(), lab.wire.store, TARGET, CODE, MADE_UP));
        Check.equal(ErrorCode.INVALID_TOKEN, refused.error(), "the code for a made-up token");
        Check.equal(0, java.commits(TARGET), "how many commits that makes");

        JsNode.Answer accepted = Lab.await(js.request(java.address(), lab.wire.store, TARGET, CODE, refused.token()));
        Check.equal(ErrorCode.NONE, accepted.error(), "the code for the token of that refusal");
        Check.equal(1, java.commits(TARGET), "how many commits that makes");
    }

    private static void silentJs(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        Query query = Query.of(lab.wire.fail, TARGET).deadline(Duration.ofSeconds(2));
        Check.fails(Reason.TIMED_OUT, java.dht.request(js.address(), query), "the answer of a handler that refuses");
    }

    private static void silentJava(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        AgentException failure = Check.fails(
                js.request(java.address(), lab.wire.fail, TARGET, null, null), "the answer of a handler that refuses");
        Check.equal("ETIMEDOUT: Request timed out", failure.getMessage(), "how it fails");
    }

    private static void silentToken(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        AgentException failure = Check.fails(
                js.request(java.address(), lab.wire.store, TARGET, CODE, MADE_UP), "the answer to a made-up token");
        Check.equal("ETIMEDOUT: Request timed out", failure.getMessage(), "how it fails");
        Check.that(java.calls.isEmpty(), "A handler has run");

        Bytes token = Lab.await(js.request(java.address(), lab.wire.store, TARGET, null, null))
                .token();
        Lab.await(js.request(java.address(), lab.wire.store, TARGET, CODE, token));
        Check.equal(1, java.commits(TARGET), "how many commits a real one makes");
    }

    private static void pass(Lab lab) {
        Endpoint ignorant = lab.bare(builder -> builder.ephemeral(false)).localAddress();
        JsNode js = lab.js(ignorant);
        JsNode otherJs = lab.js(ignorant);
        JavaNode java = lab.java(ignorant);
        java.lists(ignorant, js.address(), otherJs.address());

        List<Endpoint> stored =
                Lab.await(java.dht
                                .closest(Query.of(lab.wire.store, TARGET).value(CODE))
                                .results())
                        .stream()
                        .map(QueryResult::from)
                        .toList();
        Check.same(List.of(js.address(), otherJs.address()), stored, "where the Java node has stored");
        JsNode.Outcome outcome = Lab.await(js.commit(lab.wire.store, TARGET, CODE));
        Check.same(
                List.of(java.address(), otherJs.address()),
                outcome.answers().stream().map(JsNode.Answer::from).toList(),
                "where the JavaScript node has stored");
    }

    private static void punch(Lab lab) {
        JavaNode java = lab.first();
        JsNode js = lab.js(java.address());
        JsNode otherJs = lab.js(java.address());
        JavaNode otherJava = lab.java(java.address());
        java.lists(js.address(), otherJs.address(), otherJava.address());
        otherJava.lists(java.address(), js.address(), otherJs.address());
        Queue<DhtEvent> relayed = new ConcurrentLinkedQueue<>();
        java.dht.onEvent(event -> {
            if (event instanceof DhtEvent.PingRelayed) {
                relayed.add(event);
            }
        });

        punch(js, otherJs.address(), java.address());
        punch(js, otherJava.address(), java.address());
        punch(js, otherJava.address(), otherJs.address());
        punch(otherJava, js.address(), java.address());
        punch(otherJava, js.address(), otherJs.address());
        punch(otherJava, java.address(), js.address());
        Check.same(
                List.of(
                        new DhtEvent.PingRelayed(js.address(), otherJs.address()),
                        new DhtEvent.PingRelayed(js.address(), otherJava.address()),
                        new DhtEvent.PingRelayed(otherJava.address(), js.address())),
                relayed.stream().distinct().toList(),
                "what the Java node has passed on");

        AgentException failure = Check.fails(
                js.ask("holepunch", "to", NOBODY, "referrer", java.address()), "a hole punch to whom nobody knows");
        Check.equal("ETIMEDOUT: Request timed out", failure.getMessage(), "how it fails");
        Check.fails(
                Reason.PUNCH_FAILED,
                otherJava.dht.holepunch(NOBODY, java.address()),
                "a hole punch of a Java node to whom nobody knows");
        long refused = Lab.await(java.dht.stats()).rejected().getOrDefault(Rejection.RELAY_REFUSED, 0L);
        Check.that(refused > 1, "The Java node has refused " + refused);
    }

    private static void punch(JsNode from, Endpoint to, Endpoint referrer) {
        Lab.await(from.ask("holepunch", "to", to, "referrer", referrer));
    }

    private static void punch(JavaNode from, Endpoint to, Endpoint referrer) {
        Punched punched = Lab.await(from.dht.holepunch(to, referrer));
        Check.equal(to, punched.endpoint(), "where a peer is reached");
        Check.equal("relayed ping", punched.path(), "how a peer is reached");
    }
}

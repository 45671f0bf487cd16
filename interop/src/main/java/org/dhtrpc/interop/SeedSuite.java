package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.interop.JsNode.Answer;
import org.dhtrpc.interop.JsNode.Call;
import org.dhtrpc.interop.Lab.Mixed;

/** What the five tests of the seed's own suite demand, with a bootstrap node of the one kind, and of the other. */
final class SeedSuite {
    private static final Bytes HELLO = Bytes.utf8("hello");
    private static final Bytes WORLD = Bytes.utf8("world");
    private static final Key TARGET = Key.hashOf(HELLO);

    private SeedSuite() {}

    static Stream<InteropCase> cases() {
        return Stream.of(
                        on(Wires.SEED, "T1, simple closest, by a Java bootstrap node", 20, SeedSuite::jsCloses),
                        on(Wires.SEED, "T1, simple closest, by a JavaScript bootstrap node", 20, SeedSuite::javaCloses),
                        on(Wires.SEED, "T2, simple query, by a Java bootstrap node", 20, SeedSuite::jsQueries),
                        on(Wires.SEED, "T2, simple query, by a JavaScript bootstrap node", 20, SeedSuite::javaQueries),
                        on(Wires.SEED, "T3, targeted query, by a Java bootstrap node", 20, SeedSuite::jsTargets),
                        on(
                                Wires.SEED,
                                "T3, targeted query, by a JavaScript bootstrap node",
                                20,
                                SeedSuite::javaTargets),
                        on(Wires.SEED, "T4, targeted closest, by a Java bootstrap node", 20, SeedSuite::jsCommits),
                        on(
                                Wires.SEED,
                                "T4, targeted closest, by a JavaScript bootstrap node",
                                20,
                                SeedSuite::javaCommits),
                        on(Wires.SEED, "T5, swarm of 256, by a Java bootstrap node", 60, SeedSuite::jsSwarms),
                        on(Wires.SEED, "T5, swarm of 256, by a JavaScript bootstrap node", 60, SeedSuite::javaSwarms))
                .flatMap(cases -> cases);
    }

    /** Ours, which knows no command but the built-in ones. */
    private static Endpoint javaBootstrap(Lab lab) {
        return lab.bare(builder -> builder.ephemeral(true)).localAddress();
    }

    private static Endpoint jsBootstrap(Lab lab) {
        return Lab.await(lab.js(1, Map.of("ephemeral", true))).get(0).address();
    }

    private static void jsCloses(Lab lab) {
        Endpoint bootstrap = javaBootstrap(lab);
        JsNode a = lab.js(bootstrap);
        JsNode b = lab.js(bootstrap);

        List<Answer> answers = Lab.await(b.commit("echo", TARGET, HELLO)).answers();

        Check.equal(List.of(HELLO), values(answers), "the answers");
        Check.equal(a.address(), answers.get(0).from(), "who answers");
        Check.equal(a.id(), answers.get(0).id(), "its id");
        Check.equal(
                List.of(new Call("echo", true, HELLO, b.address())),
                a.calls().stream().filter(Call::commit).toList(),
                "the commits");
    }

    private static void javaCloses(Lab lab) {
        Endpoint bootstrap = jsBootstrap(lab);
        JavaNode a = lab.java(bootstrap);
        JavaNode b = lab.java(bootstrap);

        List<QueryResult> results =
                Lab.await(b.dht.closest(Query.of("echo", TARGET).value(HELLO)).results());

        Check.equal(List.of(HELLO), results.stream().map(QueryResult::value).toList(), "the answers");
        Check.equal(a.address(), results.get(0).from(), "who answers");
        Check.equal(a.id(), results.get(0).id(), "its id");
        Check.equal(
                List.of(new IncomingQuery("echo", TARGET, HELLO, b.address(), b.id(), Phase.COMMIT)),
                a.calls.stream().filter(call -> call.phase() == Phase.COMMIT).toList(),
                "the commits");
    }

    private static void jsQueries(Lab lab) {
        Endpoint bootstrap = javaBootstrap(lab);
        JsNode a = lab.js(bootstrap);

        // It does not wait until it has joined.
        JsNode b = Lab.await(lab.js(1, Map.of("bootstrap", List.of(bootstrap), "hasty", true)))
                .get(0);
        List<Answer> answers = Lab.await(b.query("hello", TARGET)).answers();

        Check.equal(List.of(WORLD), values(answers), "the answers");
        Check.equal(List.of(new Call("hello", false, null, b.address())), a.calls(), "the calls");
    }

    private static void javaQueries(Lab lab) {
        Endpoint bootstrap = jsBootstrap(lab);
        JavaNode a = lab.java(bootstrap);
        List<IncomingQuery> calls = new ArrayList<>();
        a.dht.onQuery("hello", query -> {
            calls.add(query);
            return WORLD;
        });

        // It does not wait until it has joined.
        JavaNode b = lab.start(builder -> builder.ephemeral(false).bootstrap(bootstrap));
        List<QueryResult> results =
                Lab.await(b.dht.query(Query.of("hello", TARGET)).results());

        Check.equal(List.of(WORLD), results.stream().map(QueryResult::value).toList(), "the answers");
        Check.equal(
                List.of(new IncomingQuery("hello", TARGET, null, b.address(), b.id(), Phase.DISCOVERY)),
                calls,
                "the calls");
    }

    private static void jsTargets(Lab lab) {
        Endpoint bootstrap = javaBootstrap(lab);
        JsNode a = lab.js(bootstrap);
        JsNode b = lab.js(bootstrap);
        JsNode client = lab.js(bootstrap);

        List<Answer> answers = JsNode.Outcome.of(Lab.await(client.ask(
                        "query", "command", "echo", "target", TARGET, "value", HELLO, "nodes", List.of(a.address()))))
                .answers();

        Check.equal(List.of(HELLO), values(answers), "the answers");
        Check.equal(a.address(), answers.get(0).from(), "who answers");
        Check.equal(List.of(), b.calls(), "the calls of the other node");
    }

    private static void javaTargets(Lab lab) {
        Endpoint bootstrap = jsBootstrap(lab);
        JavaNode a = lab.java(bootstrap);
        JavaNode b = lab.java(bootstrap);
        JavaNode client = lab.java(bootstrap);

        List<QueryResult> results = Lab.await(client.dht
                .query(Query.of("echo", TARGET).value(HELLO).nodes(a.address()))
                .results());

        Check.equal(List.of(HELLO), results.stream().map(QueryResult::value).toList(), "the answers");
        Check.equal(a.address(), results.get(0).from(), "who answers");
        Check.that(b.calls.isEmpty(), "The other node was called");
    }

    private static void jsCommits(Lab lab) {
        Endpoint bootstrap = javaBootstrap(lab);
        JsNode a = lab.js(bootstrap);
        JsNode b = lab.js(bootstrap);
        JsNode client = lab.js(bootstrap);

        List<Answer> answers = JsNode.Outcome.of(Lab.await(client.ask(
                        "query",
                        "command",
                        "echo",
                        "target",
                        TARGET,
                        "value",
                        HELLO,
                        "commit",
                        true,
                        "nodes",
                        List.of(a.address()))))
                .answers();

        Check.equal(List.of(HELLO), values(answers), "the answers");
        Check.equal(1L, a.calls().stream().filter(Call::commit).count(), "the commits");
        Check.equal(List.of(), b.calls(), "the calls of the other node");
    }

    private static void javaCommits(Lab lab) {
        Endpoint bootstrap = jsBootstrap(lab);
        JavaNode a = lab.java(bootstrap);
        JavaNode b = lab.java(bootstrap);
        JavaNode client = lab.java(bootstrap);

        List<QueryResult> results = Lab.await(client.dht
                .closest(Query.of("echo", TARGET).value(HELLO).nodes(a.address().toString()))
                .results());

        Check.equal(List.of(HELLO), results.stream().map(QueryResult::value).toList(), "the answers");
        Check.equal(
                1L,
                a.calls.stream().filter(call -> call.phase() == Phase.COMMIT).count(),
                "the commits");
        Check.that(b.calls.isEmpty(), "The other node was called");
    }

    private static void jsSwarms(Lab lab) {
        Endpoint bootstrap = javaBootstrap(lab);
        List<JsNode> swarm = Lab.await(lab.js(256, Map.of("bootstrap", List.of(bootstrap), "batch", 256)));
        Mixed network = new Mixed(List.of(), swarm);
        JsNode me = lab.jsClient(bootstrap);

        List<Answer> answers = Lab.await(me.commit("store", TARGET, HELLO)).answers();

        Check.equal(IntStream.range(0, Lab.K).mapToObj(i -> HELLO).toList(), values(answers), "the answers");
        Check.equal(Lab.K, network.commits(TARGET), "the commits");
        // They have all started at once; the package's own first node does not always get them to know each other
        // either.
        List<Endpoint> holders = network.holders(TARGET);
        long exact = network.nearest(TARGET, me.address()).stream()
                .filter(holders::contains)
                .count();
        lab.note("on " + exact + " of the 20 nearest");
        Check.that(Lab.await(me.find(TARGET)).values().contains(HELLO), "The value is not found");
        Lab.await(lab.agent.ask("destroyAll", Map.of()));
    }

    private static void javaSwarms(Lab lab) {
        Endpoint bootstrap = jsBootstrap(lab);
        List<JavaNode> swarm = lab.java(256, bootstrap);
        Mixed network = new Mixed(swarm, List.of());
        JavaNode me = lab.javaClient(bootstrap);

        List<QueryResult> results =
                Lab.await(me.dht.closest(Query.of("store", TARGET).value(HELLO)).results());

        Check.equal(
                IntStream.range(0, Lab.K).mapToObj(i -> HELLO).toList(),
                results.stream().map(QueryResult::value).toList(),
                "the answers");
        Check.equal(Lab.K, network.commits(TARGET), "the commits");
        Check.same(network.nearest(TARGET, me.address()), network.holders(TARGET), "who holds the value");
        // All is destroyed as soon as the value is found, by whoever is told.
        Bytes found = Lab.await(me.dht
                .query(Query.of("store", TARGET))
                .first(result -> result.value() != null)
                .thenApply(first -> {
                    swarm.stream().map(node -> node.dht).forEach(Dht::close);
                    me.dht.close();
                    return first.map(QueryResult::value).orElse(null);
                }));
        Check.equal(HELLO, found, "what is found");
    }

    private static List<Bytes> values(List<Answer> answers) {
        List<Bytes> values = new ArrayList<>();
        for (Answer answer : answers) {
            values.add(answer.value() == null ? Bytes.utf8("none") : answer.value());
        }
        return values;
    }
}

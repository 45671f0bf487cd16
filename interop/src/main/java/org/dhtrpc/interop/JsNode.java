package org.dhtrpc.interop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.jspecify.annotations.Nullable;

/**
 * A node of an npm package.
 *
 * @param agent who hosts it
 * @param wire what it speaks
 * @param number what the agent calls it
 * @param address where it is reached
 * @param id its id when it had joined, null if it was ephemeral
 */
record JsNode(
        Agent agent,
        Wires wire,
        int number,
        Endpoint address,
        @Nullable Key id) {
    /** What such a node answered to one request or one step of a query. */
    record Answer(
            Endpoint from,
            @Nullable Key id,
            @Nullable Endpoint to,
            int error,
            @Nullable Bytes token,
            @Nullable Bytes value) {
        static Answer of(Json json) {
            String id = json.get("id").textOrNull();
            String to = json.get("to").textOrNull();
            return new Answer(
                    Endpoint.parse(json.get("from").text()),
                    id == null ? null : Key.parse(id),
                    to == null ? null : Endpoint.parse(to),
                    json.get("error").isNull() ? 0 : json.get("error").integer(),
                    bytes(json.get("token")),
                    bytes(json.get("value")));
        }

        private static @Nullable Bytes bytes(Json json) {
            String hex = json.textOrNull();
            return hex == null ? null : Bytes.parse(hex);
        }
    }

    /** How a query went: its answers, how many nodes it asked, and the nearest that it found. */
    record Outcome(List<Answer> answers, int requests, List<Endpoint> closest) {
        static Outcome of(Json json) {
            return new Outcome(
                    json.get("results").list().stream().map(Answer::of).toList(),
                    json.get("requests").integer(),
                    json.get("closest").list().stream()
                            .map(each -> Endpoint.parse(each.get("address").text()))
                            .toList());
        }

        /** The values that came, each once. */
        Set<Bytes> values() {
            List<Bytes> values = new ArrayList<>();
            for (Answer answer : answers) {
                if (answer.value() != null) {
                    values.add(answer.value());
                }
            }
            return Set.copyOf(values);
        }
    }

    static JsNode of(Agent agent, Wires wire, Json json) {
        String id = json.get("id").textOrNull();
        return new JsNode(
                agent,
                wire,
                json.get("node").integer(),
                Endpoint.parse("127.0.0.1:" + json.get("port").integer()),
                id == null ? null : Key.parse(id));
    }

    /** What to ask: names and values in turn; the value null is left out. */
    CompletableFuture<Json> ask(String verb, @Nullable Object... named) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("node", number);
        for (int i = 0; i < named.length; i += 2) {
            Object value = named[i + 1];
            if (value != null) {
                order.put(String.valueOf(named[i]), value);
            }
        }
        return agent.ask(verb, order);
    }

    CompletableFuture<Outcome> query(String command, Key target) {
        return ask("query", "command", wire.command(command), "target", target).thenApply(Outcome::of);
    }

    /** A query that ends with the first value. */
    CompletableFuture<Outcome> find(Key target) {
        return ask("query", "command", wire.command(wire.store), "target", target, "first", true)
                .thenApply(Outcome::of);
    }

    CompletableFuture<Outcome> commit(String command, Key target, Bytes value) {
        return ask("query", "command", wire.command(command), "target", target, "value", value, "commit", true)
                .thenApply(Outcome::of);
    }

    CompletableFuture<Outcome> findNode(Key target) {
        return ask("findNode", "target", target).thenApply(Outcome::of);
    }

    CompletableFuture<Answer> request(
            Endpoint to, String command, Key target, @Nullable Bytes value, @Nullable Bytes token) {
        return ask(
                        "request",
                        "to",
                        to,
                        "command",
                        wire.command(command),
                        "target",
                        target,
                        "value",
                        value,
                        "token",
                        token)
                .thenApply(Answer::of);
    }

    CompletableFuture<Answer> ping(Endpoint to) {
        return ask("ping", "to", to).thenApply(Answer::of);
    }

    /** A call of a handler of the application's. */
    record Call(String command, boolean commit, @Nullable Bytes value, Endpoint from) {}

    /** The calls since the last time. */
    List<Call> calls() {
        return Lab.await(ask("calls")).list().stream()
                .map(each -> new Call(
                        each.get("command").text(),
                        each.get("commit").truth(),
                        Answer.bytes(each.get("value")),
                        Endpoint.parse(each.get("from").text())))
                .toList();
    }

    /** Everything that the agent tells of it. */
    Json describe() {
        return Lab.await(ask("describe"));
    }

    /** The addresses in the routing table. */
    Set<Endpoint> contacts() {
        return describe().get("contacts").list().stream()
                .map(each -> Endpoint.parse(each.text()))
                .collect(Collectors.toSet());
    }

    /** Waits until all these are in the routing table. */
    void lists(Endpoint... who) {
        Lab.await(ask("lists", "who", Arrays.asList(who)));
    }

    /** Waits until none of these is. */
    void drops(Endpoint... who) {
        Lab.await(ask("drops", "who", Arrays.asList(who)));
    }

    void destroy() {
        Lab.await(ask("destroy"));
    }
}

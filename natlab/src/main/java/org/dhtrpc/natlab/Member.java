package org.dhtrpc.natlab;

import com.google.gson.JsonObject;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Endpoint;

/** A node on a host. */
record Member(Host host, int number) {
    /** What it calls itself when it is asked. */
    String name() {
        return host.name + "/" + number;
    }

    /** Where another node sees it, which has seen it then. */
    CompletableFuture<Endpoint> where(Endpoint referrer) {
        return host.ask("where", number, referrer).thenApply(at -> Endpoint.parse(text(at, "address")));
    }

    CompletableFuture<Found> punch(Endpoint peer, Endpoint referrer) {
        return host.ask("punch", number, peer, referrer)
                .thenApply(path -> new Found(
                        Endpoint.parse(text(path, "endpoint")),
                        text(path, "path"),
                        path.get("ms").getAsDouble(),
                        path.get("probes").getAsInt()));
    }

    /** A path, how long it took to find it, and with how many probes. */
    record Found(Endpoint endpoint, String path, double ms, int probes) {}

    /** Who answers there, and where he sees this node. */
    CompletableFuture<Seen> who(Endpoint there) {
        return host.ask("who", number, there)
                .thenApply(answer -> new Seen(text(answer, "name"), Endpoint.parse(text(answer, "seen"))));
    }

    /** What somebody says of himself, and of us. */
    record Seen(String name, Endpoint at) {}

    CompletableFuture<JsonObject> profile() {
        return host.ask("profile", number);
    }

    CompletableFuture<Endpoint> stun(Endpoint server) {
        return host.ask("stun", number, server).thenApply(at -> Endpoint.parse(text(at, "address")));
    }

    CompletableFuture<JsonObject> close() {
        return host.ask("close", number);
    }

    private static String text(JsonObject answer, String field) {
        return answer.get(field).getAsString();
    }
}

package org.dhtrpc.interop;

import static org.dhtrpc.interop.InteropCase.on;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.interop.Lab.Mixed;
import org.jspecify.annotations.Nullable;

/** Tokens of dht-rpc 6 live for 7.5 to 15 s, and a commit may come later than that. */
final class Tokens {
    private static final Bytes VALUE = Bytes.utf8("late");
    private static final Key TARGET = Key.hashOf(VALUE);

    private Tokens() {}

    static Stream<InteropCase> cases() {
        return on(
                Wires.DHT_RPC_6, "a Java commit with tokens that have died in the meantime succeeds", 45, Tokens::late);
    }

    private static void late(Lab lab) {
        Mixed network = lab.mixed(1, 8);
        JavaNode java = network.java().get(0);
        java.lists(network.nearest(TARGET, java.address()).toArray(Endpoint[]::new));
        QueryStream stream = java.dht.closest(
                Query.of(lab.wire.store, TARGET).value(VALUE).verbose(true).concurrency(3));
        Held held = new Held();
        stream.subscribe(held);
        Lab.await(held.first);

        // Tokens are of the host alone: those that the others are given from now on are as old as ours, or younger.
        JsNode other = Lab.await(lab.js(1, network.js().get(0).address())).get(0);
        List<CompletableFuture<Json>> deaths = network.js().stream()
                .map(js -> other.ask("outlive", "of", js.address()))
                .toList();
        deaths.forEach(Lab::await);
        held.release();

        Lab.await(held.end);
        QuerySummary summary = Lab.await(stream.summary());
        Check.that(summary.errors() > 0, "No token has died: " + summary);
        Check.equal(
                network.js().size(),
                (int) held.results.stream()
                                .filter(each -> each.phase() == Phase.COMMIT && VALUE.equals(each.value()))
                                .count()
                        - (held.from(other) ? 1 : 0),
                "how many nodes have committed");
        lab.note(summary.errors() + " tokens had died");
    }

    /** Demands one result, and the others when it is released. */
    private static final class Held implements Flow.Subscriber<QueryResult> {
        final CompletableFuture<QueryResult> first = new CompletableFuture<>();
        final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        final List<QueryResult> results = new ArrayList<>();
        private volatile Flow.@Nullable Subscription subscription;

        void release() {
            Objects.requireNonNull(subscription).request(Long.MAX_VALUE);
        }

        boolean from(JsNode js) {
            return results.stream()
                    .anyMatch(
                            each -> each.phase() == Phase.COMMIT && each.from().equals(js.address()));
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(QueryResult result) {
            results.add(result);
            first.complete(result);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}

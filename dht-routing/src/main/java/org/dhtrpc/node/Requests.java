package org.dhtrpc.node;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Phase;
import org.dhtrpc.Pong;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.message.Command;
import org.dhtrpc.routing.Effect;
import org.dhtrpc.spi.Punched;

/** What a caller asks of one node and gets one answer to. From any thread. */
final class Requests {
    private final Driver driver;
    private final Limits limits;
    private final Punching punching;
    private final Duration timeout;

    /** @param timeout of a request that does not say otherwise itself */
    Requests(Driver driver, Limits limits, Punching punching, Duration timeout) {
        this.driver = driver;
        this.limits = limits;
        this.punching = punching;
        this.timeout = timeout;
    }

    CompletableFuture<QueryResult> request(Endpoint to, Query query) {
        limits.check(to);
        return ask(to, question(query), Requests::result, driver.dispatch::request);
    }

    CompletableFuture<QueryResult> request(String to, Query query) {
        limits.check(to);
        return ask(to, question(query), Requests::result, driver.dispatch::request);
    }

    private Direct.Question question(Query query) {
        limits.check(query);
        if (query.targeted()) {
            throw new IllegalArgumentException(
                    "A request goes to the node that it is given, but its query names others: "
                            + Stream.concat(query.nodes().stream().map(Endpoint::toString), query.hosts().stream())
                                    .toList());
        }
        Duration given = query.deadline();
        return new Direct.Question(query.command(), query.target(), query.value(), given != null ? given : timeout);
    }

    private static QueryResult result(Effect.Answer answer) {
        return new QueryResult(
                Phase.DISCOVERY,
                answer.from(),
                answer.id(),
                null,
                answer.reply().value(),
                Duration.ofNanos(answer.roundTripNanos()));
    }

    CompletableFuture<Pong> ping(Endpoint to) {
        limits.check(to);
        return ask(to, ping(), Requests::pong, driver.dispatch::request);
    }

    CompletableFuture<Pong> ping(String to) {
        limits.check(to);
        return ask(to, ping(), Requests::pong, driver.dispatch::request);
    }

    private Direct.Question ping() {
        return new Direct.Question(Command.PING, null, null, timeout);
    }

    private static Pong pong(Effect.Answer answer) {
        return new Pong(
                Objects.requireNonNull(answer.reply().to(), "a pong without an address is no reply"),
                answer.from(),
                answer.id(),
                Duration.ofNanos(answer.roundTripNanos()));
    }

    private <P, T> CompletableFuture<T> ask(
            P to, Direct.Question question, Function<Effect.Answer, T> result, BiConsumer<P, Direct<?>> way) {
        Direct<T> direct = new Direct<>(question, result, driver.promise());
        handOver(direct.future(), () -> way.accept(to, direct));
        return direct.future().whenCancelled(() -> driver.execute(() -> driver.dispatch.cancel(direct)));
    }

    /** One that was refused has nothing to do on the loop. */
    private void handOver(LoopFuture<?> future, Runnable work) {
        if (!future.isDone()) {
            driver.execute(() -> {
                if (!future.isDone()) {
                    work.run();
                }
            });
        }
    }

    CompletableFuture<Punched> holepunch(String peer, String referrer) {
        limits.check(peer);
        limits.check(referrer);
        LoopFuture<Punched> future = driver.promise();
        if (punching.installed()) {
            handOver(future, () -> driver.dispatch.punch(List.of(peer, referrer), future));
        } else {
            future.end(Punching.missing(peer, referrer));
        }
        return future;
    }
}

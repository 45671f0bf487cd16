package org.dhtrpc.node;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Phase;
import org.dhtrpc.Pong;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.message.Command;
import org.dhtrpc.routing.Arguments;
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
        return ask(to, question(query));
    }

    CompletableFuture<QueryResult> request(String to, Query query) {
        limits.check(to);
        return ask(to, question(query));
    }

    private Direct<QueryResult> question(Query query) {
        limits.check(query);
        Endpoint other = query.answeredBy();
        if (other != null) {
            limits.check(other);
        }
        if (query.targeted()) {
            throw new IllegalArgumentException(
                    "A request goes to the node that it is given, but its query names others: "
                            + Stream.concat(query.nodes().stream().map(Endpoint::toString), query.hosts().stream())
                                    .toList());
        }
        Duration given = query.deadline();
        return new Direct<>(
                driver,
                query.command(),
                query.target(),
                query.value(),
                query.answeredBy(),
                (given != null ? given : timeout).toNanos(),
                Requests::result);
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
        return ask(to, ping());
    }

    CompletableFuture<Pong> ping(String to) {
        limits.check(to);
        return ask(to, ping());
    }

    CompletableFuture<Pong> ping(Endpoint to, Duration delay) {
        limits.check(to);
        limits.check(Command.DELAYED_PING);
        if (delay.isNegative() || delay.compareTo(Duration.ofMillis(Dht.MAX_PING_DELAY_MS)) > 0) {
            throw new IllegalArgumentException(
                    "A ping is answered after 0 to " + Dht.MAX_PING_DELAY_MS + " ms, not " + delay);
        }
        return ask(
                to,
                new Direct<>(
                        driver,
                        Command.DELAYED_PING,
                        null,
                        Arguments.ofDelay(delay),
                        null,
                        timeout.plus(delay).toNanos(),
                        Requests::pong));
    }

    private Direct<Pong> ping() {
        return new Direct<>(driver, Command.PING, null, null, null, timeout.toNanos(), Requests::pong);
    }

    private static Pong pong(Effect.Answer answer) {
        return new Pong(
                Objects.requireNonNull(answer.reply().to(), "a pong without an address is no reply"),
                answer.from(),
                answer.id(),
                Duration.ofNanos(answer.roundTripNanos()));
    }

    private <T> Direct<T> ask(Endpoint to, Direct<T> direct) {
        if (driver.callers.admit(direct)) {
            driver.execute(() -> driver.dispatch.request(to, direct));
        }
        return direct;
    }

    private <T> Direct<T> ask(String to, Direct<T> direct) {
        if (driver.callers.admit(direct)) {
            // Whoever loses interest may do so while the name is looked up, where nobody else would notice.
            direct.whenComplete((answer, failure) -> driver.execute(direct::leave));
            driver.execute(() -> driver.dispatch.request(to, direct));
        }
        return direct;
    }

    CompletableFuture<Punched> holepunch(String peer, String referrer) {
        limits.check(peer);
        limits.check(referrer);
        LoopFuture<Punched> future = driver.promise();
        if (!punching.installed()) {
            future.end(Punching.missing(peer, referrer));
        } else if (!future.isDone()) {
            driver.execute(() -> driver.dispatch.punch(List.of(peer, referrer), future));
        }
        return future;
    }
}

package org.dhtrpc.it;

import static org.dhtrpc.it.Loopback.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.QueryStream;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;

/** More work for a node than it can do: calls that no handler answers, queries that nobody does, results that nobody takes. */
final class Backlog implements AutoCloseable {
    /** {@code KademliaConfig.MAX_CALLS}. */
    private static final int MOST_CALLS = 1_024;

    /** {@code KademliaConfig.MAX_OPERATIONS}. */
    private static final int MOST_OPERATIONS = 4_096;

    private static final int WINDOW = 32;

    private final Loopback network = new Loopback();
    private final Stranger stranger = new Stranger();
    private final Findings findings = new Findings("backlog");
    private final Witness witness = new Witness();
    private final Dht node;
    private final Endpoint address;

    /** A node whose handlers are given up soon. */
    Backlog() {
        node = network.start(builder -> builder.requestTimeout(Duration.ofSeconds(1)));
        address = node.localAddress();
        witness.watch(node);
    }

    /** Calls from one address that are never answered. */
    void calls(int count, Duration most) {
        node.onQueryAsync("never", query -> new CompletableFuture<>());
        long end = System.nanoTime() + most.toNanos();
        int sent = 0;
        int waiting = 0;
        int refused = 0;
        int others = 0;
        while (sent < count && System.nanoTime() - end < 0) {
            for (int i = 0; i < WINDOW; i++, sent++) {
                stranger.send(address, stranger.request(address, "never", false, null, null));
            }
            for (Message message : stranger.untilPong(address)) {
                boolean overloaded = message instanceof Reply reply && reply.error() == ErrorCode.OVERLOADED;
                refused += overloaded ? 1 : 0;
                others += overloaded ? 0 : 1;
            }
            waiting = Math.max(waiting, await(node.stats()).pendingCalls());
        }
        findings.figure("calls from one address that no handler answers", sent);
        findings.promise("all " + count + " calls are sent within " + most, sent >= count);
        findings.figure("most that wait at once", waiting);
        findings.promise("at most " + MOST_CALLS + " calls wait", waiting <= MOST_CALLS);
        findings.figure("refused as overloaded", refused);
        findings.promise("the rest is refused as overloaded", others == 0 && (sent <= MOST_CALLS || refused > 0));
        pinged("calls", address);
        findings.promise("calls that no handler answers are given up", until(node, stats -> stats.pendingCalls() == 0));
    }

    /** Queries to somebody who never answers, by a node that has patience. */
    void queries(int count) {
        Dht caller = network.start(builder -> builder.requestTimeout(Duration.ofMinutes(5)));
        witness.watch(caller);
        try (Stranger silent = new Stranger()) {
            List<QueryStream> streams = new ArrayList<>(count);
            Map<Reason, Long> refusals = new ConcurrentHashMap<>();
            for (int i = 0; i < count; i++) {
                QueryStream stream = caller.query(
                        Query.of("never", Key.ZERO).nodes(silent.endpoint()).deadline(Duration.ofHours(1)));
                streams.add(stream);
                stream.results().whenComplete((results, failure) -> count(refusals, failure));
            }
            int open = Math.min(count, MOST_OPERATIONS);
            findings.figure("queries that nobody answers", count);
            findings.promise("queries are open", until(caller, stats -> stats.operations() >= open));
            pinged("queries", caller.localAddress());
            int most = await(caller.stats()).operations();
            findings.figure("of these open", most);
            findings.promise("at most " + MOST_OPERATIONS + " queries are open, but " + most, most == open);
            Map<Reason, Long> wanted = count > open ? Map.of(Reason.OVERLOADED, (long) count - open) : Map.of();
            findings.figure("refused as one too many", refusals.getOrDefault(Reason.OVERLOADED, 0L));
            findings.promise("the others are refused as too many, but " + refusals, refusals.equals(wanted));

            streams.forEach(QueryStream::cancel);
            findings.promise("queries leave nothing behind", until(caller, stats -> stats.operations() == 0));
            findings.promise(
                    "the node may ask again", await(caller.ping(address)).id().equals(node.id()));
        }
    }

    private static void count(Map<Reason, Long> refusals, Throwable failure) {
        if (failure instanceof DhtException refusal && refusal.reason() != Reason.CANCELLED) {
            refusals.merge(refusal.reason(), 1L, Long::sum);
        }
    }

    /** Subscribers that ask for one result each, and for no second one. */
    void subscribers(int count) {
        int concurrency = 2;
        Dht caller = network.start(builder -> builder.concurrency(concurrency));
        Endpoint[] answering = new Endpoint[16];
        for (int i = 0; i < answering.length; i++) {
            Dht each = network.start();
            each.onQuery("echo", query -> Bytes.utf8("echo"));
            answering[i] = each.localAddress();
        }
        long before = await(caller.stats()).requestsSent();
        Taker taker = new Taker();
        List<QueryStream> streams = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            QueryStream stream = caller.query(Query.of("echo", Key.ZERO).nodes(answering));
            streams.add(stream);
            stream.subscribe(taker.subscriber());
        }
        int open = Math.min(count, MOST_OPERATIONS);
        findings.figure("subscribers that take one result", count);
        findings.promise(
                "each gets its result, or is one too many",
                until(caller, stats -> taker.results.get() == open && taker.ends() == count - open));
        findings.promise("requests come to rest", until(caller, stats -> stats.pendingRequests() == 0));
        DhtStats stats = await(caller.stats());
        findings.figure("requests per subscriber", (double) (stats.requestsSent() - before) / open);
        // In such a crowd datagrams get lost: another is asked then, and the one who seemed silent is pinged.
        findings.figure("requests that nobody answered", stats.requestsFailed());
        findings.promise(
                "nobody further is asked while results wait",
                stats.requestsSent() - before <= (long) open * (1 + concurrency) + 2 * stats.requestsFailed());
        findings.promise(
                "one too many is told so, but " + taker.failures,
                taker.failures.keySet().equals(count > open ? Set.of(Reason.OVERLOADED) : Set.of()));
        findings.promise("streams stay open", stats.operations() == open);
        streams.forEach(QueryStream::cancel);
        findings.promise("streams that are cancelled are gone", until(caller, later -> later.operations() == 0));
    }

    /** Subscribers that take one result each. */
    private static final class Taker {
        private final AtomicLong results = new AtomicLong();
        private final Map<Reason, Long> failures = new ConcurrentHashMap<>();

        long ends() {
            return failures.values().stream().mapToLong(Long::longValue).sum();
        }

        Flow.Subscriber<QueryResult> subscriber() {
            return new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                public void onNext(QueryResult result) {
                    results.incrementAndGet();
                }

                @Override
                public void onError(Throwable failure) {
                    failures.merge(((DhtException) failure).reason(), 1L, Long::sum);
                }

                @Override
                public void onComplete() {}
            };
        }
    }

    /** Somebody pings the node, which has much to do. */
    private void pinged(String meanwhile, Endpoint busy) {
        long start = System.nanoTime();
        stranger.untilPong(busy);
        findings.figure("ping after " + meanwhile + ", ms", (System.nanoTime() - start) / 1e6);
    }

    private static boolean until(Dht dht, Predicate<DhtStats> state) {
        long end = System.nanoTime() + Loopback.PATIENCE.toNanos();
        while (!state.test(await(dht.stats()))) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /** All that was found. */
    Findings findings() {
        witness.testify(findings);
        return findings;
    }

    @Override
    public void close() {
        witness.close();
        stranger.close();
        network.close();
    }
}

package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.it.Loopback.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.IncomingQuery;
import org.dhtrpc.Key;
import org.dhtrpc.Phase;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The five tests of the seed's own suite, test for test, in our API and over real UDP. */
class SeedTest {
    private static final Bytes HELLO = Bytes.utf8("hello");
    private static final Key TARGET = Key.hashOf(HELLO);

    private final Loopback network = new Loopback();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void simple_closest() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Dht a = network.start(bootstrap);
        Dht b = network.start(bootstrap);
        Queue<IncomingQuery> received = new ConcurrentLinkedQueue<>();
        a.onClosest("echo", query -> {
            received.add(query);
            return query.value();
        });
        await(a.ready());

        List<QueryResult> responses =
                await(b.closest(Query.of("echo", TARGET).value(HELLO)).results());

        assertThat(responses).singleElement().satisfies(response -> {
            assertThat(response.value()).isEqualTo(HELLO);
            assertThat(response.phase()).isEqualTo(Phase.COMMIT);
            assertThat(response.from()).isEqualTo(a.localAddress());
            assertThat(response.id()).isEqualTo(a.id());
        });
        assertThat(received)
                .containsExactly(new IncomingQuery("echo", TARGET, HELLO, b.localAddress(), b.id(), Phase.COMMIT));
    }

    @Test
    void simple_query() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Dht a = network.start(bootstrap);
        AtomicReference<IncomingQuery> received = new AtomicReference<>();
        a.onQuery("hello", query -> {
            received.set(query);
            return Bytes.utf8("world");
        });
        await(a.ready());

        // It does not wait until it is ready.
        Dht b = network.start(bootstrap);
        List<QueryResult> responses = await(b.query(Query.of("hello", TARGET)).results());

        assertThat(responses).extracting(QueryResult::value).containsExactly(Bytes.utf8("world"));
        assertThat(received.get().value()).isNull();
    }

    @Test
    void targeted_query() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Dht a = network.start(bootstrap);
        Dht b = network.start(bootstrap);
        AtomicInteger wrong = new AtomicInteger();
        a.onQuery("echo", IncomingQuery::value);
        b.onQuery("echo", query -> Bytes.of((byte) wrong.incrementAndGet()));
        await(a.ready());
        await(b.ready());

        Dht client = network.start(bootstrap);
        List<QueryResult> responses =
                await(client.query(Query.of("echo", TARGET).value(HELLO).nodes(a.localAddress()))
                        .results());

        assertThat(responses).singleElement().satisfies(response -> {
            assertThat(response.value()).isEqualTo(HELLO);
            assertThat(response.from()).isEqualTo(a.localAddress());
        });
        assertThat(wrong).hasValue(0);
    }

    @Test
    void targeted_closest() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        Dht a = network.start(bootstrap);
        Dht b = network.start(bootstrap);
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger commits = new AtomicInteger();
        a.onClosest("echo", query -> {
            commits.incrementAndGet();
            return query.value();
        });
        b.onClosest("echo", query -> Bytes.of((byte) wrong.incrementAndGet()));
        await(a.ready());
        await(b.ready());

        Dht client = network.start(bootstrap);
        List<QueryResult> responses = await(client.closest(Query.of("echo", TARGET)
                        .value(HELLO)
                        .nodes(a.localAddress().toString()))
                .results());

        assertThat(responses).extracting(QueryResult::value).containsExactly(HELLO);
        assertThat(commits).hasValue(1);
        assertThat(wrong).hasValue(0);
    }

    @Test
    void swarm_query() {
        Endpoint bootstrap = network.bootstrap().localAddress();
        AtomicInteger commits = new AtomicInteger();
        List<Dht> swarm = new ArrayList<>();
        List<Transport> sockets = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            Transport socket = network.socket();
            Dht node = network.start(socket, builder -> builder.bootstrap(bootstrap));
            AtomicReference<Bytes> value = new AtomicReference<>();
            node.onClosest("kv", query -> {
                commits.incrementAndGet();
                value.set(query.value());
                return query.value();
            });
            node.onQuery("kv", query -> value.get());
            swarm.add(node);
            sockets.add(socket);
        }
        swarm.forEach(node -> await(node.ready()));
        Transport socket = network.socket();
        Dht me = network.start(socket, builder -> builder.bootstrap(bootstrap));

        List<QueryResult> responses =
                await(me.closest(Query.of("kv", TARGET).value(HELLO)).results());

        assertThat(responses)
                .hasSize(20)
                .allSatisfy(response -> assertThat(response.value()).isEqualTo(HELLO));
        assertThat(commits).hasValue(20);

        EndsEverything finder = new EndsEverything(swarm, me, socket.loop()::execute);
        me.query(Query.of("kv", TARGET)).subscribe(finder);

        assertThat(await(finder.found)).isEqualTo(HELLO);
        swarm.forEach(SeedTest::assertClosed);
        assertClosed(me);
        sockets.add(socket);
        assertThat(sockets)
                .allSatisfy(each -> assertThatThrownBy(() -> each.open((from, datagram) -> {}))
                        .hasMessage("The transport on %s is closed", each.localAddress()));
        assertThat(finder.afterTheEnd).isEmpty();
        // The loops have survived it.
        assertThat(await(network.start().ping(bootstrap)).from()).isEqualTo(bootstrap);
    }

    private static void assertClosed(Dht node) {
        assertThatThrownBy(() -> node.ping(node.localAddress()))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(DhtException.Reason.CLOSED));
    }

    /** As soon as it is given the value, destroys all nodes and the stream, from inside the handler. */
    private static final class EndsEverything implements Flow.Subscriber<QueryResult> {
        private final List<Dht> others;
        private final Dht own;
        private final Executor loop;
        private final CompletableFuture<Bytes> found = new CompletableFuture<>();
        private final Queue<Object> afterTheEnd = new ConcurrentLinkedQueue<>();
        private Flow.Subscription subscription;
        private boolean cancelled;

        EndsEverything(List<Dht> others, Dht own, Executor loop) {
            this.others = others;
            this.own = own;
            this.loop = loop;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(QueryResult result) {
            if (cancelled) {
                afterTheEnd.add(result);
            } else if (result.value() != null) {
                others.forEach(Dht::close);
                own.close();
                subscription.cancel();
                cancelled = true;
                // Behind what the loop still has to do for the node that was closed while it delivered this.
                loop.execute(() -> found.complete(result.value()));
            }
        }

        @Override
        public void onError(Throwable failure) {
            // The close may end the stream before the cancel does; then as closed, once.
            if (cancelled || !(failure instanceof DhtException end && end.reason() == DhtException.Reason.CLOSED)) {
                afterTheEnd.add(failure);
            }
        }

        @Override
        public void onComplete() {
            if (cancelled) {
                afterTheEnd.add("complete");
            } else {
                found.completeExceptionally(new AssertionError("Nobody had the value"));
            }
        }
    }
}

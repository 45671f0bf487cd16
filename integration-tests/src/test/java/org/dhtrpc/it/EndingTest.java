package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.it.Loopback.PATIENCE;
import static org.dhtrpc.it.Loopback.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryStream;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;
import org.junit.jupiter.api.Test;

/** Nodes that are closed while their loop is busy, or whose loop has ended before them. */
class EndingTest {
    private static final Query QUERY = Query.of("wait", Key.hashOf(Bytes.utf8("target")));
    private static final Endpoint NOBODY = Endpoint.parse("127.0.0.1:9");

    private static Dht node(NioLoop loop) {
        return DhtNode.builder()
                .transport(NioTransport.bind(loop, Loopback.HOST, 0))
                .codec(new MsgpackCodec())
                .build();
    }

    private static void assertClosed(CompletableFuture<?> future) {
        assertThatThrownBy(() -> await(future))
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.CLOSED));
    }

    @Test
    void a_loop_that_ends_before_its_nodes_leaves_nobody_waiting() {
        NioLoop loop = NioLoop.start();
        Dht node = node(loop);
        CompletableFuture<?> ping = node.ping(NOBODY);
        QueryStream stream = node.query(QUERY.nodes(NOBODY));
        CompletableFuture<?> results = stream.results();

        loop.close();

        assertClosed(ping);
        assertClosed(results);
        await(stream.summary());
        assertThatThrownBy(() -> node.ping(NOBODY)).hasMessageContaining("closed");
        node.close();
    }

    @Test
    void a_node_whose_handler_holds_the_loop_can_be_closed_and_leaves_nobody_waiting() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        try (NioLoop loop = NioLoop.start();
                NioLoop another = NioLoop.start()) {
            Dht node = node(loop);
            node.onQuery("wait", query -> {
                held.countDown();
                return letGo.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) ? Bytes.EMPTY : null;
            });
            Dht peer = node(another);
            CompletableFuture<?> asked = peer.request(node.localAddress(), QUERY);
            assertThat(held.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            CompletableFuture<?> ping = node.ping(NOBODY);

            node.close();

            assertThat(letGo.getCount()).as("the handler still holds the loop").isEqualTo(1);
            assertClosed(ping);
            assertThatThrownBy(() -> node.ping(NOBODY)).hasMessageContaining("closed");
            assertThat(asked).isNotDone();
            letGo.countDown();
            peer.close();
        }
    }

    @Test
    void two_nodes_whose_handlers_close_each_other_both_end() throws Exception {
        try (NioLoop one = NioLoop.start();
                NioLoop other = NioLoop.start();
                NioLoop free = NioLoop.start()) {
            Dht left = node(one);
            Dht right = node(other);
            CountDownLatch bothIn = new CountDownLatch(2);
            CountDownLatch bothOut = new CountDownLatch(2);
            left.onQuery("wait", query -> closeWhenBothAreIn(right, bothIn, bothOut));
            right.onQuery("wait", query -> closeWhenBothAreIn(left, bothIn, bothOut));

            // A third node asks: a loop that is held could not send.
            Dht third = node(free);
            third.request(right.localAddress(), QUERY);
            third.request(left.localAddress(), QUERY);

            assertThat(bothOut.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> left.ping(NOBODY)).hasMessageContaining("closed");
            assertThatThrownBy(() -> right.ping(NOBODY)).hasMessageContaining("closed");
        }
    }

    private static Bytes closeWhenBothAreIn(Dht node, CountDownLatch bothIn, CountDownLatch bothOut)
            throws InterruptedException {
        bothIn.countDown();
        boolean in = bothIn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        node.close();
        bothOut.countDown();
        return in ? Bytes.EMPTY : Bytes.utf8("alone");
    }
}

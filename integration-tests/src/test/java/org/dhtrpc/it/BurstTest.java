package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.it.Loopback.await;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.junit.jupiter.api.Test;

/** Calls that are made all at once, on real sockets, which have room for so much. */
class BurstTest {
    private static final int CALLS = 2_000;

    @Test
    void a_burst_of_calls_from_one_node_to_another_loses_no_datagram() {
        try (Loopback loopback = new Loopback()) {
            Dht server = loopback.start();
            Dht client = loopback.start();
            server.onQuery("echo", query -> query.value());
            Query query = Query.of("echo", Key.ZERO).value(Bytes.of(new byte[100]));

            // On the loop, which reads no answer before all have been made.
            await(client.ping(server.localAddress())
                    .thenCompose(pong -> CompletableFuture.allOf(IntStream.range(0, CALLS)
                            .mapToObj(i -> client.request(server.localAddress(), query))
                            .toArray(CompletableFuture<?>[]::new))));
            // Behind all that may still be on its way: what a slow machine has repeated.
            await(client.ping(server.localAddress()));

            DhtStats asked = await(client.stats());
            DhtStats answered = await(server.stats());
            long requests = asked.requestsSent() + asked.repeatsSent() - answered.requestsReceived();
            long replies = answered.repliesSent() - asked.repliesReceived() - rejected(asked);
            // A few may have been sent since by the nodes themselves.
            assertThat(requests).as("lost requests").isLessThan(10);
            assertThat(replies).as("lost replies").isLessThan(10);
        }
    }

    private static long rejected(DhtStats stats) {
        return stats.rejected().values().stream().mapToLong(Long::longValue).sum();
    }
}

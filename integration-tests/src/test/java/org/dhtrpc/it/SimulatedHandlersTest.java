package org.dhtrpc.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.SimulatedHost;
import org.dhtrpc.testkit.SimulatedNetwork;
import org.dhtrpc.testkit.SimulationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers that answer later, on a simulated network: on its loop they may, from elsewhere they end the run. */
class SimulatedHandlersTest {
    private static final Bytes VALUE = Bytes.utf8("value");

    private final SimulatedNetwork network = SimulatedNetwork.seeded(12).build();
    private final SimulatedHost host = network.host();
    private final Dht server = SimulatedStore.node(host).build();
    private final Dht client = SimulatedStore.node(network.host()).build();
    private final EventLoop loop = host.transport().loop();

    @AfterEach
    void close() {
        network.close();
    }

    private CompletableFuture<QueryResult> ask() {
        return client.request(server.localAddress(), Query.of("work", Key.ZERO));
    }

    @Test
    void an_answer_that_is_worked_out_on_the_loop_arrives() {
        server.onQueryAsync("work", query -> CompletableFuture.supplyAsync(() -> VALUE, loop::execute));
        assertThat(network.await(ask()).value()).as("%s", network).isEqualTo(VALUE);
    }

    @Test
    void an_answer_may_take_virtual_time() {
        server.onQueryAsync("work", query -> {
            CompletableFuture<Bytes> answer = new CompletableFuture<>();
            loop.schedule(loop.nanoTime() + Duration.ofSeconds(2).toNanos(), () -> answer.complete(VALUE));
            return answer;
        });
        assertThat(network.await(ask()).value()).as("%s", network).isEqualTo(VALUE);
        assertThat(network.elapsed()).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void an_answer_from_another_thread_ends_the_run_and_is_named() {
        server.onQueryAsync("work", query -> {
            CompletableFuture<Bytes> answer = new CompletableFuture<>();
            // Once the handler has returned, and while the run goes on for certain.
            loop.execute(() -> {
                Thread thread = new Thread(() -> answer.complete(VALUE), "elsewhere");
                thread.start();
                join(thread);
            });
            return answer;
        });
        assertThatThrownBy(() -> network.await(ask()))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("'elsewhere'")
                .hasMessageContaining("seed 12");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

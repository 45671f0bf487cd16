package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.assertFailed;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtEvent;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is closed on one thread while others close and use it, and its loop turns. */
@Timeout(120)
class ClosingOnThreadsTest {
    private static final int ROUNDS = 30;

    private final NodeBench bench = NodeBench.withPeer();
    private final AtomicInteger returned = new AtomicInteger();

    /** Does these at once, on a thread each, while the loop turns on this one. */
    private void together(Runnable... calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.length);
        List<Thread> threads = new ArrayList<>();
        for (Runnable call : calls) {
            Thread thread = new Thread(() -> {
                try {
                    start.await(20, TimeUnit.SECONDS);
                    call.run();
                    returned.incrementAndGet();
                } catch (Exception e) {
                    throw new AssertionError(e);
                } finally {
                    // So that the loop has a look.
                    bench.loop.execute(() -> {});
                }
            });
            threads.add(thread);
            thread.start();
        }
        bench.loop.turnUntil(() -> returned.get() == calls.length);
        for (Thread thread : threads) {
            thread.join();
        }
        bench.loop.turn();
    }

    @Test
    void of_two_that_close_it_both_return_and_it_ends_once() throws Exception {
        Queue<DhtEvent> events = new ConcurrentLinkedQueue<>();
        bench.node.onEvent(events::add);
        CompletableFuture<?> waiting = bench.node.ping(PEER);

        together(bench.node::close, bench.node::close);

        assertFailed(waiting, Reason.CLOSED);
        assertThat(events).containsOnlyOnce(new DhtEvent.StateChanged(DhtState.CLOSED));
        verify(bench.transport, timeout(30_000)).close();
        assertThat(bench.loop.alarms()).isZero();
    }

    @Test
    void whoever_calls_while_it_is_closed_is_refused_or_ended() throws Exception {
        endsEachCall(Dht::close, Reason.CLOSED);
    }

    @Test
    void whoever_calls_while_the_transport_is_closed_is_refused_or_ended() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            ClosingOnThreadsTest round = new ClosingOnThreadsTest();
            round.callsAgainst(round.bench.receiver()::closed, Reason.CLOSED);
        }
    }

    @Test
    void whoever_calls_while_it_is_suspended_is_ended() throws Exception {
        endsEachCall(Dht::suspend, Reason.SUSPENDED);
    }

    private static void endsEachCall(Consumer<Dht> end, Reason reason) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            ClosingOnThreadsTest round = new ClosingOnThreadsTest();
            round.callsAgainst(() -> end.accept(round.bench.node), reason);
        }
    }

    private void callsAgainst(Runnable end, Reason reason) throws Exception {
        Queue<CompletableFuture<?>> futures = new ConcurrentLinkedQueue<>();
        together(
                end,
                () -> call(futures, node -> node.ping(PEER)),
                () -> call(futures, node -> node.query(Ending.QUERY).results()));
        assertThat(futures).allSatisfy(future -> assertFailed(future, reason));
        assertThat(bench.node)
                .extracting("driver.callers.waiting")
                .asInstanceOf(InstanceOfAssertFactories.COLLECTION)
                .isEmpty();
    }

    private void call(Queue<CompletableFuture<?>> futures, Function<Dht, CompletableFuture<?>> call) {
        try {
            futures.add(call.apply(bench.node));
        } catch (DhtException e) {
            assertThat(e.reason()).isEqualTo(Reason.CLOSED);
        }
    }
}

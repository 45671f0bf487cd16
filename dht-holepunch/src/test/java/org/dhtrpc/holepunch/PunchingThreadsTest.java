package org.dhtrpc.holepunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dhtrpc.Endpoint;
import org.dhtrpc.transport.nio.NioTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on loopback: everybody may call and send, whatever becomes of the paths meanwhile. */
@Timeout(60)
class PunchingThreadsTest {
    private static final int THREADS = 2;

    private final PunchBudget budget = new PunchBudget(10_000, 1_000, 100);
    private final PunchingTransport referrer = transport();
    private final PunchingTransport here = transport();
    private final PunchingTransport there = transport();
    private final CountDownLatch heard = new CountDownLatch(1);

    private PunchingTransport transport() {
        return PunchingTransport.over(
                NioTransport.bind("127.0.0.1", 0),
                PunchOptions.defaults()
                        .privateAddresses(true)
                        .portMapping(false)
                        .budget(budget));
    }

    @AfterEach
    void close() {
        List.of(referrer, here, there).forEach(PunchingTransport::close);
    }

    private void open() throws InterruptedException, ExecutionException, TimeoutException {
        referrer.open((from, datagram) -> {});
        here.open((from, datagram) -> {});
        there.open((from, datagram) -> heard.countDown());
        there.stun(referrer.localAddress()).get(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<PunchResult> punch() {
        return here.punch(there.localAddress(), referrer.localAddress()).toCompletableFuture();
    }

    @Test
    void any_thread_sends_along_a_path_while_it_is_replaced_and_closed()
            throws InterruptedException, ExecutionException, TimeoutException {
        open();
        Endpoint to = punch().get(30, TimeUnit.SECONDS).endpoint();
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Void>> senders = new java.util.ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            senders.add(CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    here.send(to, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    Thread.onSpinWait();
                }
            }));
        }
        assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(punch().get(30, TimeUnit.SECONDS).endpoint()).isEqualTo(to);
        }
        here.close();
        done.set(true);
        CompletableFuture.allOf(senders.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        there.close();
        assertThat(budget.sockets()).isZero();
    }

    @Test
    void calls_from_any_thread_all_end_when_it_is_closed_between_them()
            throws InterruptedException, ExecutionException, TimeoutException {
        open();
        Queue<CompletableFuture<?>> calls = new ConcurrentLinkedQueue<>();
        CountDownLatch some = new CountDownLatch(200);
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Void>> callers = new java.util.ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            callers.add(CompletableFuture.runAsync(() -> {
                for (int j = 0; j < 500 && !done.get(); j++) {
                    calls.add(j % 3 == 0 ? punch() : j % 3 == 1 ? here.stats() : here.profile());
                    some.countDown();
                }
            }));
        }
        assertThat(some.await(30, TimeUnit.SECONDS)).isTrue();
        here.close();
        done.set(true);
        CompletableFuture.allOf(callers.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        assertThat(calls).hasSizeGreaterThanOrEqualTo(200).allMatch(CompletableFuture::isDone);
    }
}

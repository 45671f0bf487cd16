package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.dhtrpc.spi.EventLoop;

/** Waits for what must happen, for so long that only a fault takes longer. */
final class Patience {
    static final int DEADLINE_SECONDS = 20;

    private Patience() {}

    /** What the supplier says on the loop. */
    static <T> T on(EventLoop loop, Supplier<T> supplier) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(supplier.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Returns when everything that was ready on the loop before has run: a turn takes tasks, datagrams and then timers, so
     * that between the two timers there is a look at the sockets, and what it found is delivered.
     */
    static void settle(EventLoop loop) throws InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        Runnable last = () -> loop.schedule(loop.nanoTime(), settled::countDown);
        loop.schedule(loop.nanoTime(), () -> loop.execute(last));
        await(settled);
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .as("something that should have happened")
                .isTrue();
    }

    static void ended(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        assertThat(thread.isAlive()).as("the thread of a loop that was closed").isFalse();
    }
}

package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Patience.await;
import static org.dhtrpc.transport.nio.Patience.ended;
import static org.dhtrpc.transport.nio.Patience.on;

import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dhtrpc.spi.EventLoop.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a loop ends, and what ends with it. */
@Timeout(120)
class NioLoopEndTest {
    private final NioLoop loop = NioLoop.start("loop under test");

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void E9_after_close_tasks_and_timers_are_dropped_and_the_thread_ends() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        Thread thread = on(loop, Thread::currentThread);
        Timer before = loop.schedule(loop.nanoTime() + TimeUnit.HOURS.toNanos(1), () -> ran.set(true));
        loop.close();
        loop.close();
        loop.execute(() -> ran.set(true));
        Timer after = loop.schedule(loop.nanoTime(), () -> ran.set(true));
        ended(thread);
        before.cancel();
        after.cancel();
        assertThat(ran).isFalse();
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void close_does_not_wait_for_a_task_that_is_running() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<Boolean> sawClose = new CompletableFuture<>();
        loop.execute(() -> {
            running.countDown();
            sawClose.complete(awaited(closed));
        });
        await(running);
        loop.close();
        closed.countDown();
        assertThat(sawClose.get(2 * DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closing_a_shared_loop_closes_its_transports() throws Exception {
        NioTransport one = NioTransport.bind(loop, "127.0.0.1", 0);
        NioTransport two = NioTransport.bind(loop, "127.0.0.1", 0);
        two.open((from, datagram) -> {});
        loop.close();
        assertThatThrownBy(() -> one.open((from, datagram) -> {})).isInstanceOf(IllegalStateException.class);
        for (NioTransport closed : List.of(one, two)) {
            NioTransport.bind("127.0.0.1", closed.localAddress().port()).close();
        }
    }

    @Test
    void T17_closing_a_shared_loop_tells_all_receivers() {
        List<Inbox> inboxes = List.of(new Inbox(), new Inbox(), new Inbox());
        inboxes.forEach(inbox -> NioTransport.bind(loop, "127.0.0.1", 0).open(inbox));
        loop.close();
        assertThat(inboxes).allSatisfy(inbox -> assertThat(inbox.ends).containsExactly(Thread.currentThread()));
    }

    @Test
    void T17_a_loop_that_dies_of_an_error_closes_its_transports_and_tells_their_receivers() throws Exception {
        Selector selector = Selector.open();
        NioLoop dying = NioLoop.start("dying", selector);
        NioTransport transport = NioTransport.bind(dying, "127.0.0.1", 0);
        Inbox inbox = new Inbox();
        transport.open(inbox);
        Thread thread = on(dying, Thread::currentThread);
        selector.close();
        ended(thread);
        assertThat(inbox.ends).containsExactly(thread);
        NioTransport.bind("127.0.0.1", transport.localAddress().port()).close();
        assertThatThrownBy(() -> NioTransport.bind(dying, "127.0.0.1", 0)).hasMessage("The loop 'dying' is closed");
    }

    @Test
    void a_closed_loop_takes_no_transport() throws Exception {
        NioTransport probe = NioTransport.bind("127.0.0.1", 0);
        int port = probe.localAddress().port();
        probe.close();
        loop.close();
        assertThatThrownBy(() -> NioTransport.bind(loop, "127.0.0.1", port))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The loop 'loop under test' is closed");
        NioTransport.bind("127.0.0.1", port).close();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}

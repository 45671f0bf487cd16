package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Patience.on;
import static org.dhtrpc.transport.nio.Patience.settle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.contract.EventLoopContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract, and what a loop does for its sockets. */
@Timeout(120)
class NioLoopTest extends EventLoopContract {
    private final NioLoop loop = NioLoop.start("loop under test");

    @AfterEach
    void end() {
        loop.close();
    }

    @Override
    protected EventLoop start() {
        return NioLoop.start();
    }

    @Override
    protected void close(EventLoop loop) {
        ((NioLoop) loop).close();
    }

    @Test
    void E1_tasks_timers_and_datagrams_run_one_at_a_time() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        Runnable step = () -> {
            if (inside.incrementAndGet() != 1 || !loop.inLoop()) {
                overlaps.incrementAndGet();
            }
            Thread.onSpinWait();
            inside.decrementAndGet();
        };
        CountDownLatch done = new CountDownLatch(4 * 200);
        NioTransport receiving = NioTransport.bind(loop, "127.0.0.1", 0);
        CountDownLatch received = new CountDownLatch(1);
        receiving.open((from, datagram) -> {
            step.run();
            received.countDown();
        });
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(n -> new Thread(() -> {
                    for (int i = 0; i < 100; i++) {
                        loop.execute(() -> {
                            step.run();
                            done.countDown();
                        });
                        loop.schedule(loop.nanoTime() + i * 1000L, () -> {
                            step.run();
                            done.countDown();
                        });
                        receiving.send(receiving.localAddress(), ByteBuffer.allocate(1));
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        Patience.await(done);
        Patience.await(received);
        settle(loop);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void a_task_runs_before_a_datagram_that_came_after_it() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch received = new CountDownLatch(1);
        NioTransport transport = NioTransport.bind(loop, "127.0.0.1", 0);
        transport.open((from, datagram) -> {
            seen.add("datagram");
            received.countDown();
        });
        loop.execute(() -> {
            // They fill this turn, so that the task has to wait for the next one, and the datagram has come by then.
            for (int i = 1; i < NioLoop.BATCH; i++) {
                loop.execute(() -> {});
            }
            loop.execute(() -> seen.add("task"));
            transport.send(transport.localAddress(), datagram("now"));
        });
        Patience.await(received);
        assertThat(seen).containsExactly("task", "datagram");
    }

    @Test
    void E4_the_farthest_deadline_has_not_passed_yet() throws Exception {
        AtomicBoolean fired = new AtomicBoolean();
        CountDownLatch marker = new CountDownLatch(1);
        loop.schedule(loop.nanoTime() + Long.MAX_VALUE, () -> fired.set(true));
        loop.schedule(Long.MAX_VALUE, () -> fired.set(true));
        loop.schedule(loop.nanoTime(), marker::countDown);
        Patience.await(marker);
        assertThat(fired).isFalse();
    }

    @Test
    void E10_a_flood_on_one_socket_starves_neither_tasks_nor_timers_nor_other_sockets() throws Exception {
        NioTransport flooded = NioTransport.bind(loop, "127.0.0.1", 0);
        CountDownLatch flowing = new CountDownLatch(1_000);
        flooded.open((from, datagram) -> {
            // Two for one: the socket is never empty again.
            flooded.send(flooded.localAddress(), datagram.duplicate());
            flooded.send(flooded.localAddress(), datagram);
            flowing.countDown();
        });
        flooded.send(flooded.localAddress(), datagram("flood"));
        Patience.await(flowing);
        CountDownLatch timer = new CountDownLatch(1);
        loop.schedule(loop.nanoTime(), timer::countDown);
        Patience.await(timer);
        settle(loop);
        Inbox inbox = new Inbox();
        NioTransport other = NioTransport.bind(loop, "127.0.0.1", 0);
        other.open(inbox);
        other.send(other.localAddress(), datagram("through"));
        assertThat(inbox.takeUntil("through")).isEmpty();
    }

    @Test
    void E10_a_task_that_hands_itself_over_again_starves_neither_timers_nor_sockets() throws Exception {
        loop.execute(new Runnable() {
            @Override
            public void run() {
                loop.execute(this);
            }
        });
        CountDownLatch timer = new CountDownLatch(1);
        loop.schedule(loop.nanoTime(), timer::countDown);
        Patience.await(timer);
        Inbox inbox = new Inbox();
        NioTransport transport = NioTransport.bind(loop, "127.0.0.1", 0);
        transport.open(inbox);
        transport.send(transport.localAddress(), datagram("through"));
        inbox.take();
    }

    @Test
    void a_hundred_transports_share_one_thread() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch received = new CountDownLatch(100);
        List<NioTransport> transports = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            NioTransport transport = NioTransport.bind(loop, "127.0.0.1", 0);
            transport.open((from, datagram) -> {
                threads.add(Thread.currentThread());
                received.countDown();
            });
            transports.add(transport);
        }
        transports.forEach(to -> transports.get(0).send(to.localAddress(), ByteBuffer.allocate(8)));
        Patience.await(received);
        assertThat(threads).containsExactly(on(loop, Thread::currentThread));
    }

    @Test
    void E11_many_threads_hand_tasks_over_and_open_and_close_sockets_and_no_wake_up_is_lost() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            boolean sockets = n % 2 == 0;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int i = 0; i < 300; i++) {
                                if (sockets) {
                                    NioTransport transport = NioTransport.bind(loop, "127.0.0.1", 0);
                                    transport.open((from, datagram) -> {});
                                    transport.close();
                                }
                                on(loop, () -> true);
                            }
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        for (CompletableFuture<Void> each : all) {
            each.get(4 * DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void the_thread_is_a_daemon_and_has_the_name_it_was_given() throws Exception {
        Thread thread = on(loop, Thread::currentThread);
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("loop under test");
    }
}

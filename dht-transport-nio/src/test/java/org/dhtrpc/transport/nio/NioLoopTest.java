package org.dhtrpc.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.transport.nio.Inbox.datagram;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;
import static org.dhtrpc.transport.nio.Patience.await;
import static org.dhtrpc.transport.nio.Patience.on;
import static org.dhtrpc.transport.nio.Patience.settle;

import java.lang.ref.WeakReference;
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
import org.dhtrpc.spi.EventLoop.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NioLoopTest {
    private final NioLoop loop = NioLoop.start("loop under test");

    @AfterEach
    void end() {
        loop.close();
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
        await(done);
        await(received);
        settle(loop);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void E2_tasks_run_in_the_order_in_which_they_were_handed_over() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 1_000; i++) {
            int n = i;
            loop.execute(() -> seen.add(n));
        }
        settle(loop);
        assertThat(seen).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void E2_timers_fire_by_deadline_and_then_in_the_order_in_which_they_were_scheduled() throws Exception {
        List<Integer> seen = new ArrayList<>();
        CountDownLatch last = new CountDownLatch(1);
        on(loop, () -> {
            long soon = loop.nanoTime() + 1_000_000;
            loop.schedule(soon + 3, last::countDown);
            loop.schedule(soon + 2, () -> seen.add(4));
            loop.schedule(soon + 1, () -> seen.add(1));
            loop.schedule(soon + 1, () -> seen.add(2));
            loop.schedule(soon + 1, () -> seen.add(3));
            return loop.schedule(soon, () -> seen.add(0));
        });
        await(last);
        assertThat(seen).containsExactly(0, 1, 2, 3, 4);
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
        await(received);
        assertThat(seen).containsExactly("task", "datagram");
    }

    @Test
    void E3_nothing_runs_inside_the_call_that_hands_it_over() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch timer = new CountDownLatch(1);
        on(loop, () -> {
            loop.execute(() -> seen.add("task"));
            loop.schedule(loop.nanoTime() - 1, () -> {
                seen.add("timer");
                timer.countDown();
            });
            return seen.add("caller");
        });
        await(timer);
        settle(loop);
        assertThat(seen).hasSize(3).startsWith("caller").contains("task", "timer");
        Thread caller = Thread.currentThread();
        assertThat(on(loop, Thread::currentThread)).isNotSameAs(caller);
    }

    @Test
    void E4_a_timer_never_fires_before_its_time() throws Exception {
        List<Long> early = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            long deadline = loop.nanoTime() + i * 33_333L;
            loop.schedule(deadline, () -> {
                if (loop.nanoTime() - deadline < 0) {
                    early.add(deadline);
                }
                done.countDown();
            });
        }
        await(done);
        assertThat(early).isEmpty();
    }

    @Test
    void E11_an_earlier_timer_from_another_thread_wakes_a_loop_that_waits_for_a_later_one() throws Exception {
        loop.schedule(loop.nanoTime() + TimeUnit.HOURS.toNanos(1), () -> {});
        settle(loop);
        CountDownLatch fired = new CountDownLatch(1);
        loop.schedule(loop.nanoTime() + 1_000, fired::countDown);
        await(fired);
    }

    @Test
    void E4_the_farthest_deadline_has_not_passed_yet() throws Exception {
        AtomicBoolean fired = new AtomicBoolean();
        CountDownLatch marker = new CountDownLatch(1);
        loop.schedule(loop.nanoTime() + Long.MAX_VALUE, () -> fired.set(true));
        loop.schedule(Long.MAX_VALUE, () -> fired.set(true));
        loop.schedule(loop.nanoTime(), marker::countDown);
        await(marker);
        assertThat(fired).isFalse();
    }

    @Test
    void E5_the_clock_never_goes_back() throws Exception {
        long before = loop.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            long onLoop = on(loop, loop::nanoTime);
            long after = loop.nanoTime();
            assertThat(onLoop - before).isNotNegative();
            assertThat(after - onLoop).isNotNegative();
            before = after;
        }
    }

    @Test
    void E6_a_task_or_timer_that_throws_harms_no_other() throws Exception {
        CountDownLatch timers = new CountDownLatch(2);
        Runnable failing = () -> {
            throw new Boom();
        };
        loop.execute(failing);
        loop.schedule(loop.nanoTime(), timers::countDown);
        loop.schedule(loop.nanoTime(), failing);
        loop.schedule(loop.nanoTime(), timers::countDown);
        await(timers);
        assertThat(on(loop, loop::inLoop)).isTrue();
    }

    @Test
    void E6_a_task_whose_failure_cannot_even_be_logged_harms_no_other() throws Exception {
        loop.execute(() -> {
            throw new Unspeakable();
        });
        assertThat(on(loop, loop::inLoop)).isTrue();
    }

    /** What logs it, asks for its message. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new Boom();
        }
    }

    @Test
    void E6_a_task_that_interrupts_the_loop_harms_no_other() throws Exception {
        on(loop, () -> {
            Thread.currentThread().interrupt();
            return true;
        });
        settle(loop);
        assertThat(on(loop, () -> Thread.currentThread().isInterrupted())).isFalse();
    }

    @Test
    void E8_inLoop_is_true_on_the_loop_only() throws Exception {
        assertThat(loop.inLoop()).isFalse();
        assertThat(on(loop, loop::inLoop)).isTrue();
        CompletableFuture<Boolean> timer = new CompletableFuture<>();
        loop.schedule(loop.nanoTime(), () -> timer.complete(loop.inLoop()));
        assertThat(timer.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        try (NioLoop other = NioLoop.start()) {
            assertThat(on(other, loop::inLoop)).isFalse();
        }
    }

    @Test
    void E7_a_cancelled_timer_does_not_fire() throws Exception {
        AtomicBoolean fired = new AtomicBoolean();
        CountDownLatch later = new CountDownLatch(1);
        on(loop, () -> {
            long soon = loop.nanoTime();
            Timer second = loop.schedule(soon + 1, () -> fired.set(true));
            // Both are due at once, so that the first cancels what is next in line.
            loop.schedule(soon, second::cancel);
            loop.schedule(soon + 2, later::countDown);
            return soon;
        });
        await(later);
        assertThat(fired).isFalse();
    }

    @Test
    void E7_cancelling_is_idempotent_and_too_late_after_the_timer_has_fired() throws Exception {
        CountDownLatch fired = new CountDownLatch(1);
        Timer timer = loop.schedule(loop.nanoTime(), fired::countDown);
        await(fired);
        timer.cancel();
        timer.cancel();
        assertThat(on(loop, loop::inLoop)).isTrue();
    }

    @Test
    void E7_a_cancelled_timer_is_forgotten_long_before_its_time() {
        WeakReference<Object> held = new WeakReference<>(cancelled());
        while (held.get() != null) {
            System.gc();
        }
        assertThat(held.get()).isNull();
    }

    private Object cancelled() {
        Object payload = new byte[1];
        loop.schedule(
                        loop.nanoTime() + TimeUnit.DAYS.toNanos(1),
                        () -> assertThat(payload).isNotNull())
                .cancel();
        return payload;
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
        await(flowing);
        CountDownLatch timer = new CountDownLatch(1);
        loop.schedule(loop.nanoTime(), timer::countDown);
        await(timer);
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
        await(timer);
        Inbox inbox = new Inbox();
        NioTransport transport = NioTransport.bind(loop, "127.0.0.1", 0);
        transport.open(inbox);
        transport.send(transport.localAddress(), datagram("through"));
        inbox.take();
    }

    @Test
    void E10_a_timer_that_schedules_itself_again_for_now_starves_no_task() throws Exception {
        loop.schedule(0, new Runnable() {
            @Override
            public void run() {
                loop.schedule(0, this);
            }
        });
        assertThat(on(loop, loop::inLoop)).isTrue();
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
        await(received);
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

package org.dhtrpc.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.ThreadLoop;
import org.junit.jupiter.api.Test;

/** The contract, and what more this loop promises. */
class ThreadLoopTest extends EventLoopContract {
    @Override
    protected EventLoop start() {
        return ThreadLoop.start("loop under test");
    }

    @Override
    protected void close(EventLoop ended) {
        ((ThreadLoop) ended).close();
    }

    @Test
    void its_thread_has_the_name_and_keeps_no_program_alive() {
        Thread thread = on(loop, Thread::currentThread);
        assertThat(thread.getName()).isEqualTo("loop under test");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void its_thread_ends_with_it() {
        Thread thread = on(loop, Thread::currentThread);
        close(loop);
        until("the thread has ended", () -> !thread.isAlive());
        EventLoop other = started();
        Thread closesItself = on(other, () -> {
            close(other);
            return Thread.currentThread();
        });
        until("the other one has ended too", () -> !closesItself.isAlive());
    }

    @Test
    void close_does_not_wait_for_the_task_that_is_running() {
        AtomicReference<Thread> running = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        loop.execute(() -> {
            running.set(Thread.currentThread());
            awaitUninterruptibly(closed);
            ran.add("to its end");
        });
        until("a task runs", () -> running.get() != null);
        unblocked("close", () -> close(loop));
        closed.countDown();
        until("the task has ended", () -> !ran.isEmpty());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void while_there_are_both_tasks_and_timers_take_turns() {
        on(loop, () -> {
            for (int i = 0; i < 3; i++) {
                loop.execute(() -> ran.add("task"));
                loop.schedule(loop.nanoTime(), () -> ran.add("timer"));
            }
            return true;
        });
        until("all has run", () -> ran.size() == 6);
        assertThat(ran).containsExactly("timer", "task", "timer", "task", "timer", "task");
    }

    @Test
    void an_interrupt_from_outside_harms_nobody() {
        Thread thread = on(loop, Thread::currentThread);
        thread.interrupt();
        until("the interrupt has been noticed", () -> !thread.isInterrupted());
        assertThat(on(loop, () -> Thread.currentThread().isInterrupted())).isFalse();
    }

    @Test
    void what_a_task_throws_is_logged() {
        loop.execute(() -> {
            throw new Witness(() -> ran.add("asked for its message"));
        });
        until("a log has asked what was thrown for its message", () -> !ran.isEmpty());
    }

    private static final class Witness extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Runnable asked;

        Witness(Runnable asked) {
            super(null, null, false, false);
            this.asked = asked;
        }

        @Override
        public String getMessage() {
            asked.run();
            return "thrown on purpose by a test";
        }
    }

    @Test
    void what_is_not_there_is_refused_at_the_call() {
        assertThatNullPointerException()
                .isThrownBy(() -> loop.execute(nothing()))
                .withMessage("task");
        assertThatNullPointerException()
                .isThrownBy(() -> loop.schedule(0, nothing()))
                .withMessage("task");
    }

    @SuppressWarnings("NullAway")
    private static Runnable nothing() {
        return null;
    }
}

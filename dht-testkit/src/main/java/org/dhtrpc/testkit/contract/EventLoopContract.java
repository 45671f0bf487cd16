package org.dhtrpc.testkit.contract;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.EventLoop.Timer;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@code docs/spi/event-loop.md}, E1 to E11, for one kind of {@link EventLoop}. Extend it and say how to
 * start one, and how to end it:
 *
 * <pre>{@code
 * class MyLoopTest extends EventLoopContract {
 *     @Override
 *     protected EventLoop start() {
 *         return new MyLoop();
 *     }
 *
 *     @Override
 *     protected void close(EventLoop loop) {
 *         ((MyLoop) loop).close();
 *     }
 * }
 * }</pre>
 *
 * <p>Its tests call from the thread of the test, from others and from the loop. In a {@linkplain #simulated simulation}
 * those that need other threads are skipped (E8 and E11, and parts of E1, E5 and E6). That what a task throws is logged (E6)
 * no test here can see, nor that datagrams are among what takes turns (E1, E10): {@link TransportContract} sees to that.
 */
public abstract class EventLoopContract extends LoopOrderRules {
    /** Nothing is started before the first test. */
    protected EventLoopContract() {}

    @Test
    void E6_a_task_or_timer_that_throws_harms_no_other() {
        Runnable failing = () -> {
            throw new Boom();
        };
        loop.execute(failing);
        loop.execute(() -> ran.add("task"));
        loop.schedule(loop.nanoTime(), () -> ran.add("timer"));
        loop.schedule(loop.nanoTime(), failing);
        loop.schedule(loop.nanoTime(), () -> ran.add("another"));
        until("the others have run", () -> ran.size() == 3);
        on(loop, () -> true);
    }

    @Test
    void E6_a_task_whose_failure_cannot_even_be_logged_harms_no_other() {
        loop.execute(() -> {
            throw new Unspeakable();
        });
        on(loop, () -> true);
    }

    /** What logs it, asks for its message. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unspeakable() {
            super(null, null, false, false);
        }

        @Override
        public String getMessage() {
            throw new Boom();
        }
    }

    @Test
    void E6_a_task_that_leaves_its_thread_interrupted_harms_no_other() {
        needsThreads();
        on(loop, () -> {
            // Both wait when the first one runs: a loop that sleeps in between would notice.
            loop.execute(() -> Thread.currentThread().interrupt());
            loop.execute(() -> ran.add(Thread.currentThread().isInterrupted()));
            return true;
        });
        until("both have run", () -> !ran.isEmpty());
        assertThat(ran).containsExactly(false);
    }

    @Test
    void E7_a_cancelled_timer_does_not_fire() {
        on(loop, () -> {
            long soon = loop.nanoTime();
            Timer second = loop.schedule(soon + 1, () -> ran.add("cancelled"));
            // Both are due at once, so that the first cancels what is next in line.
            loop.schedule(soon, second::cancel);
            return loop.schedule(soon + 2, () -> ran.add("later"));
        });
        until("a later timer has fired", () -> ran.contains("later"));
        assertThat(ran).containsExactly("later");
    }

    @Test
    void E7_cancelling_again_or_too_late_does_nothing() {
        Timer timer = loop.schedule(loop.nanoTime(), () -> ran.add("fired"));
        until("a timer has fired", () -> !ran.isEmpty());
        timer.cancel();
        timer.cancel();
        on(loop, () -> true);
        assertThat(ran).containsExactly("fired");
    }

    @Test
    void E7_a_cancelled_timer_is_forgotten_long_before_its_time() {
        WeakReference<Object> held = new WeakReference<>(cancelled());
        until("what a cancelled timer held is free", () -> {
            System.gc();
            return held.get() == null;
        });
    }

    private Object cancelled() {
        Object payload = new byte[1];
        loop.schedule(loop.nanoTime() + DAYS.toNanos(1), () -> ran.add(payload)).cancel();
        return payload;
    }

    @Test
    void E8_inLoop_is_true_while_the_loop_runs_something() {
        assertThat(on(loop, loop::inLoop)).isTrue();
        loop.schedule(loop.nanoTime(), () -> ran.add(loop.inLoop()));
        until("a timer has fired", () -> !ran.isEmpty());
        assertThat(ran).containsExactly(true);
    }

    @Test
    void E8_inLoop_is_false_on_every_other_thread() {
        needsThreads();
        assertThat(loop.inLoop()).isFalse();
        assertThat(on(started(), loop::inLoop)).isFalse();
        // The thread that handed over the task that runs is no more in the loop than others.
        onThreads(1, 10, n -> {
            loop.execute(() -> {});
            ran.add(loop.inLoop());
        });
        assertThat(ran).containsOnly(false);
    }

    @Test
    void E9_after_its_end_tasks_and_timers_are_dropped() {
        Timer before = loop.schedule(loop.nanoTime() + HOURS.toNanos(1), () -> ran.add("before"));
        settle();
        close(loop);
        close(loop);
        loop.execute(() -> ran.add("task"));
        Timer after = loop.schedule(loop.nanoTime(), () -> ran.add("timer"));
        before.cancel();
        after.cancel();
        loop.schedule(loop.nanoTime(), () -> ran.add("another timer"));
        letOthersRun();
        assertThat(ran).isEmpty();
    }

    @Test
    void E9_what_waits_when_a_task_ends_the_loop_is_dropped() {
        on(loop, () -> {
            loop.execute(() -> ran.add("task"));
            loop.schedule(loop.nanoTime(), () -> ran.add("timer"));
            close(loop);
            return true;
        });
        letOthersRun();
        assertThat(ran).isEmpty();
    }

    /** Whatever an ended loop runs by mistake runs at once; another loop has had its turn by then, too. */
    private void letOthersRun() {
        if (!simulated()) {
            EventLoop other = started();
            for (int i = 0; i < 100; i++) {
                on(other, () -> true);
            }
        }
    }

    @Test
    void E10_a_task_that_hands_itself_over_again_starves_neither_tasks_nor_timers() {
        AtomicBoolean stopped = new AtomicBoolean();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (!stopped.get()) {
                    loop.execute(this);
                }
            }
        });
        try {
            loop.schedule(loop.nanoTime(), () -> ran.add("timer"));
            until("a timer has fired", () -> !ran.isEmpty());
            on(loop, () -> true);
        } finally {
            stopped.set(true);
        }
    }

    @Test
    void E10_a_timer_that_schedules_itself_again_for_now_starves_no_task() {
        AtomicBoolean stopped = new AtomicBoolean();
        loop.schedule(loop.nanoTime(), new Runnable() {
            @Override
            public void run() {
                if (!stopped.get()) {
                    loop.schedule(loop.nanoTime() - 1, this);
                }
            }
        });
        try {
            on(loop, () -> true);
        } finally {
            stopped.set(true);
        }
    }

    @Test
    void E11_an_earlier_timer_from_another_thread_wakes_a_loop_that_waits_for_a_later_one() {
        needsThreads();
        loop.schedule(loop.nanoTime() + HOURS.toNanos(1), () -> ran.add("later"));
        settle();
        loop.schedule(loop.nanoTime() + 1_000, () -> ran.add("earlier"));
        until("the earlier timer has fired", () -> !ran.isEmpty());
        assertThat(ran).containsExactly("earlier");
    }

    @Test
    void E11_many_threads_hand_over_and_cancel_and_no_wake_up_is_lost() {
        needsThreads();
        onThreads(4, 200, n -> {
            Timer cancelled = loop.schedule(loop.nanoTime() + HOURS.toNanos(1), () -> ran.add("cancelled"));
            on(loop, () -> true);
            cancelled.cancel();
        });
        assertThat(ran).isEmpty();
    }

    @Test
    void E11_handing_over_does_not_wait_for_the_task_that_is_running() {
        needsThreads();
        AtomicBoolean running = new AtomicBoolean();
        AtomicBoolean released = new AtomicBoolean();
        loop.execute(() -> {
            running.set(true);
            while (!released.get()) {
                Thread.onSpinWait();
            }
        });
        until("a task runs", running::get);
        try {
            unblocked("handing over and cancelling", () -> {
                loop.execute(() -> {});
                loop.schedule(loop.nanoTime(), () -> {}).cancel();
            });
        } finally {
            released.set(true);
        }
    }
}

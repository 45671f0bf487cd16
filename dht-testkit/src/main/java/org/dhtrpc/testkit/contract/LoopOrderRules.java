package org.dhtrpc.testkit.contract;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a loop runs what it is handed, and in which order. */
abstract class LoopOrderRules extends LoopUnderTest {
    /** What tasks and timers leave here. */
    final List<Object> ran = new CopyOnWriteArrayList<>();

    @Test
    void E1_tasks_and_timers_run_one_at_a_time() {
        needsThreads();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Runnable step = () -> {
            if (inside.incrementAndGet() != 1) {
                overlaps.incrementAndGet();
            }
            // Whoever could run beside this one gets the processor to do so.
            LockSupport.parkNanos(1);
            inside.decrementAndGet();
            done.incrementAndGet();
        };
        onThreads(4, 100, n -> {
            loop.execute(step);
            loop.schedule(loop.nanoTime() + n * 1_000L, step);
        });
        until("all has run", () -> done.get() == 800);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void E1_what_one_task_did_the_next_one_sees() {
        int[] plain = new int[1];
        for (int i = 0; i < 1_000; i++) {
            loop.execute(() -> plain[0]++);
            loop.schedule(loop.nanoTime(), () -> plain[0]++);
        }
        settle();
        assertThat(on(loop, () -> plain[0])).isEqualTo(2_000);
    }

    @Test
    void E2_tasks_run_in_the_order_in_which_they_were_handed_over() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int n = i;
            loop.execute(() -> order.add(n));
        }
        assertThat(on(loop, () -> List.copyOf(order)))
                .isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void E2_timers_fire_by_deadline_and_then_in_the_order_in_which_they_were_scheduled() {
        on(loop, () -> {
            long soon = loop.nanoTime() + 1_000_000;
            loop.schedule(soon + 2, () -> ran.add(4));
            loop.schedule(soon + 1, () -> ran.add(1));
            loop.schedule(soon + 1, () -> ran.add(2));
            loop.schedule(soon + 1, () -> ran.add(3));
            loop.schedule(soon, () -> ran.add(0));
            return true;
        });
        until("all timers have fired", () -> ran.size() == 5);
        assertThat(ran).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void E3_nothing_runs_inside_the_call_that_hands_it_over() {
        on(loop, () -> {
            loop.execute(() -> ran.add("task"));
            loop.schedule(loop.nanoTime() - 1, () -> ran.add("timer"));
            return ran.add("caller");
        });
        until("all has run", () -> ran.size() == 3);
        assertThat(ran).startsWith("caller").contains("task", "timer");
    }

    @Test
    void E3_nothing_runs_on_the_thread_that_hands_it_over_from_outside() {
        AtomicBoolean calling = new AtomicBoolean(true);
        Thread caller = Thread.currentThread();
        Runnable inside = () -> ran.add(calling.get() && Thread.currentThread() == caller);
        loop.execute(inside);
        loop.schedule(loop.nanoTime() - 1, inside);
        calling.set(false);
        until("all has run", () -> ran.size() == 2);
        assertThat(ran).containsOnly(false);
    }

    @Test
    void E4_a_timer_never_fires_before_its_time() {
        List<Long> early = new CopyOnWriteArrayList<>();
        AtomicInteger fired = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            long deadline = loop.nanoTime() + i * 33_333L;
            loop.schedule(deadline, () -> {
                if (loop.nanoTime() - deadline < 0) {
                    early.add(deadline);
                }
                fired.incrementAndGet();
            });
        }
        until("all timers have fired", () -> fired.get() == 300);
        assertThat(early).isEmpty();
    }

    @Test
    void E4_a_deadline_that_is_past_fires_soon_and_the_farthest_one_does_not() {
        loop.schedule(loop.nanoTime() + Long.MAX_VALUE, () -> ran.add("in 292 years"));
        loop.schedule(loop.nanoTime() - HOURS.toNanos(1), () -> ran.add("an hour ago"));
        until("a timer has fired that is past", () -> !ran.isEmpty());
        settle();
        assertThat(ran).containsExactly("an hour ago");
    }

    @Test
    void E5_the_clock_never_goes_back() {
        long before = loop.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            long inLoop = on(loop, loop::nanoTime);
            long after = loop.nanoTime();
            assertThat(inLoop - before).isNotNegative();
            assertThat(after - inLoop).isNotNegative();
            before = after;
        }
    }
}

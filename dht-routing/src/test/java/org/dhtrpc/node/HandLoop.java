package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** A loop that a test turns by hand. Whatever is not done in a turn is "another thread" to it. */
final class HandLoop implements EventLoop {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Queue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::deadline));
    private long now = 1_000_000_000_000L;
    private volatile @Nullable Thread turning;

    private record Alarm(long deadline, Runnable task) {}

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        Alarm alarm = new Alarm(deadline, task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    @Override
    public boolean inLoop() {
        return turning == Thread.currentThread();
    }

    /** How many tasks wait. */
    int waiting() {
        return tasks.size();
    }

    /** How many timers wait. */
    int alarms() {
        return alarms.size();
    }

    /** Runs something as the loop does. */
    void run(Runnable task) {
        turning = Thread.currentThread();
        try {
            task.run();
        } finally {
            turning = null;
        }
    }

    /** Runs what has been handed over, and what that hands over. */
    void turn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    /** Runs what other threads hand over until the condition holds. */
    void turnUntil(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Runnable task = tasks.poll(20, TimeUnit.SECONDS);
            assertThat(task).as("a task, in time").isNotNull();
            run(task);
        }
    }

    /** Lets time pass, timer by timer. */
    void pass(Duration time) {
        turn();
        long end = now + time.toNanos();
        for (Alarm next = alarms.peek(); next != null && next.deadline <= end; next = alarms.peek()) {
            alarms.remove();
            now = Math.max(now, next.deadline);
            run(next.task);
            turn();
        }
        now = end;
    }
}

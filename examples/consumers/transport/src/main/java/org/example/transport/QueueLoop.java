package org.example.transport;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.lang.System.Logger.Level;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.dhtrpc.spi.EventLoop;

/** A thread and a queue of what it is to run; a task is a timer for now. */
final class QueueLoop implements EventLoop {
    private final DelayQueue<Step> queue = new DelayQueue<>();
    private final AtomicLong steps = new AtomicLong();
    private final Thread thread = new Thread(this::run, "loop");
    private volatile boolean closed;

    QueueLoop() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                Step next = queue.take();
                if (!closed) {
                    next.task().run();
                }
            } catch (InterruptedException e) {
                // A task has left this behind; it is gone now.
            } catch (Throwable e) {
                report(e);
            }
        }
    }

    static void report(Throwable problem) {
        try {
            System.getLogger("org.example.transport").log(Level.ERROR, "A task or receiver failed", problem);
        } catch (Throwable unspeakable) {
            // There is nobody left to tell.
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        schedule(nanoTime(), task);
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        long now = nanoTime();
        // Long past is a second ago, or it would starve the rest; and no two times are so far apart that they overflow.
        long delay = Math.max(-SECONDS.toNanos(1), Math.min(deadline - now, DAYS.toNanos(10_000)));
        Step step = new Step(now + delay, steps.getAndIncrement(), task);
        if (!closed) {
            queue.add(step);
        }
        return () -> queue.remove(step);
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    void close() {
        closed = true;
        queue.clear();
        queue.add(new Step(nanoTime(), 0, () -> {}));
    }

    private record Step(long time, long number, Runnable task) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(time - System.nanoTime(), NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Step step = (Step) other;
            return Long.signum(time != step.time ? time - step.time : number - step.number);
        }
    }
}

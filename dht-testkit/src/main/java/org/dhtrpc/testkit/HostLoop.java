package org.dhtrpc.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What one host sees of the loop of all: it can stand still, and it can end. All sockets of the host share it, until the
 * host crashes; those that come after have another.
 */
final class HostLoop implements EventLoop {
    private static final Timer NOTHING = () -> {};

    private final Kernel kernel;

    /** Null as long as the host's time is that of all. */
    private @Nullable HostClock clock;

    /** What came while the loop stood still, in that order; null if nothing waits. */
    private @Nullable Queue<Work> waiting;

    private boolean paused;
    private boolean ended;

    HostLoop(Kernel kernel, @Nullable HostClock clock) {
        this.kernel = kernel;
        this.clock = clock;
    }

    /** The loop of the same machine after a crash: its clock is what it was. */
    HostLoop next() {
        return new HostLoop(kernel, clock);
    }

    void drift(double partsPerMillion) {
        clock = new HostClock(kernel, nanoTime(), partsPerMillion);
    }

    /** Something that happens on the host. */
    interface Work {
        void begin();
    }

    /** Begins the work, or keeps it while the loop stands still and until what came before has begun. */
    void offer(Work work) {
        if (!paused && waiting == null) {
            work.begin();
            return;
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(work);
    }

    boolean paused() {
        return paused;
    }

    void pause() {
        kernel.checkThread();
        paused = true;
    }

    void resume() {
        kernel.checkThread();
        if (paused && waiting != null) {
            kernel.execute(this::catchUp);
        }
        paused = false;
    }

    /** Begins the first of what waits, in an event of its own: if it throws, the others are not harmed. */
    private void catchUp() {
        Queue<Work> queue = waiting;
        if (paused || queue == null) {
            return;
        }
        Work next = queue.remove();
        if (queue.isEmpty()) {
            waiting = null;
        } else {
            kernel.execute(this::catchUp);
        }
        next.begin();
    }

    /** Drops all tasks and timers, those to come included. */
    void end() {
        kernel.checkThread();
        ended = true;
        paused = false;
        Queue<Work> dropped = waiting;
        waiting = null;
        if (dropped != null) {
            // Tasks notice that it is too late, and datagrams that nobody is there.
            dropped.forEach(Work::begin);
        }
    }

    @Override
    public long nanoTime() {
        return clock == null ? kernel.nanoTime() : clock.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        schedule(nanoTime(), task);
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        if (ended) {
            kernel.checkThread();
            return NOTHING;
        }
        Step step = new Step(this, task);
        if (clock == null) {
            step.timer = kernel.schedule(deadline, step);
        } else {
            step.await(deadline, clock);
        }
        return step;
    }

    @Override
    public boolean inLoop() {
        return kernel.inLoop();
    }

    /** A task or a timer. */
    private static final class Step implements Runnable, Work, Timer {
        private final HostLoop loop;
        private @Nullable Runnable task;
        private @Nullable Timer timer;

        Step(HostLoop loop, Runnable task) {
            this.loop = loop;
            this.task = task;
        }

        /** It is due, by the clock of the network. */
        @Override
        public void run() {
            rise(loop.kernel.nanoTime());
        }

        /** Begins, unless the clock of the host is slow, or was set to run slower. */
        private void rise(long deadline) {
            HostClock slow = loop.clock;
            if (slow != null && slow.nanoTime() < deadline && task != null) {
                await(deadline, slow);
            } else {
                loop.offer(this);
            }
        }

        /** Waits until it is this late by the clock of the host. */
        void await(long deadline, HostClock clock) {
            timer = clock.schedule(deadline, () -> rise(deadline));
        }

        @Override
        public void begin() {
            Runnable due = task;
            task = null;
            if (due != null && !loop.ended) {
                due.run();
            }
        }

        @Override
        public void cancel() {
            if (timer != null) {
                timer.cancel();
            }
            task = null;
        }
    }
}

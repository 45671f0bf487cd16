package org.dhtrpc.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** A loop that one thread of a race turns; it has no time. */
final class RaceLoop implements EventLoop {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread turning;

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        return () -> {};
    }

    @Override
    public boolean inLoop() {
        return turning == Thread.currentThread();
    }

    /** Runs what is there, and what that hands over. */
    void turn() {
        turning = Thread.currentThread();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        turning = null;
    }
}

package org.dhtrpc.spi;

/**
 * Time and serial execution, from one object, so that a fake clock can never meet a real scheduler.
 *
 * <p>Rules (reasons in {@code docs/spi/event-loop.md}): tasks, timers and received datagrams run one at a time (E1), in
 * order: tasks as they were handed over, timers by their deadlines (E2), never inside the call that hands them over (E3);
 * a timer never fires before its time (E4); the clock never goes back (E5); a task that throws harms no other
 * (E6), and no kind of work starves another (E10).
 */
public interface EventLoop {
    /** The time of this loop in nanoseconds, from an arbitrary origin; compare two readings by their difference. */
    long nanoTime();

    /**
     * Runs a task on the loop, soon, never before this call returns. From any thread; never blocks.
     *
     * <p>After the loop has ended the task is dropped, and so is one that has not begun then.
     */
    void execute(Runnable task);

    /**
     * Runs a task on the loop when {@link #nanoTime} has reached {@code deadline}, or soon if that is past. From any
     * thread; never blocks.
     */
    Timer schedule(long deadline, Runnable task);

    /**
     * True if the caller has this loop to itself: it is on the thread that runs the loop's tasks. In a simulation that is
     * the thread that turns the crank, between two runs as well.
     */
    boolean inLoop();

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {
        /** Forgets the task if it has not begun; one that has is left to end. From any thread; idempotent. */
        void cancel();
    }
}

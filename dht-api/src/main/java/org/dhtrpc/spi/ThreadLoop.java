package org.dhtrpc.spi;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A loop on a daemon thread of its own, for transports whose socket blocks whoever reads it: they read on another thread
 * and hand over what they read to {@link #execute}. A selector or a framework has a thread that waits for datagrams
 * already; its transport makes a loop of that one instead.
 *
 * <p>Tasks run in the order in which they were handed over, timers in the order of their deadlines and, where those are
 * equal, of their scheduling. While there are both, they take turns, one by one. What one of them throws is reported to
 * the {@link System.Logger} with the name of this class.
 */
public final class ThreadLoop implements EventLoop, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ThreadLoop.class.getName());

    private final long origin = System.nanoTime();
    private final Thread thread;

    /** Guards what is below. */
    private final Object lock = new Object();

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final SortedMap<Due, Runnable> timers = new TreeMap<>();
    private long scheduled;
    private boolean timersTurn;
    private boolean closed;

    private ThreadLoop(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts a loop whose thread has this name. Its maker closes it. */
    public static ThreadLoop start(String name) {
        ThreadLoop loop = new ThreadLoop(name);
        loop.thread.start();
        return loop;
    }

    /** Counts from the start of the loop, so that it does not overflow in anyone's lifetime. */
    @Override
    public long nanoTime() {
        return System.nanoTime() - origin;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        synchronized (lock) {
            if (!closed) {
                tasks.add(task);
                lock.notifyAll();
            }
        }
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        Objects.requireNonNull(task, "task");
        long now = nanoTime();
        // By its difference to now a deadline may lie beyond the overflow, and then it must not sort as past.
        long time = deadline < now && deadline - now > 0 ? Long.MAX_VALUE : deadline;
        synchronized (lock) {
            Due due = new Due(time, scheduled++);
            if (!closed) {
                timers.put(due, task);
                lock.notifyAll();
            }
            return () -> cancel(due);
        }
    }

    private void cancel(Due due) {
        synchronized (lock) {
            timers.remove(due);
        }
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /**
     * Ends the loop. Tasks and timers that have not begun are dropped, and so are those that come later; the one that is
     * running ends in its own time, and the thread with it. From any thread, the loop's own included; idempotent. It
     * waits for nothing, so that a transport that closes its loop does not either.
     */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            tasks.clear();
            timers.clear();
            lock.notifyAll();
        }
    }

    private void run() {
        for (Runnable step = next(); step != null; step = next()) {
            try {
                step.run();
            } catch (Throwable e) {
                report(e);
            } finally {
                // An interrupt left behind would reach the next one.
                boolean unused = Thread.interrupted();
            }
        }
    }

    /** Waits for the next task or timer; null after the end. */
    private @Nullable Runnable next() {
        synchronized (lock) {
            while (!closed) {
                long patience =
                        timers.isEmpty() ? Long.MAX_VALUE : timers.firstKey().deadline() - nanoTime();
                if (patience <= 0 && (timersTurn || tasks.isEmpty())) {
                    timersTurn = false;
                    return timers.remove(timers.firstKey());
                }
                if (!tasks.isEmpty()) {
                    timersTurn = true;
                    return tasks.remove();
                }
                try {
                    NANOSECONDS.timedWait(lock, patience);
                } catch (InterruptedException e) {
                    // Whoever did this wants something of a thread that is not theirs.
                }
            }
            return null;
        }
    }

    /** A log that fails, or a problem that cannot be put into words, ends no loop. */
    private static void report(Throwable problem) {
        try {
            LOG.log(Level.ERROR, "A task or timer failed", problem);
        } catch (Throwable unreported) {
            // The log was the last to tell.
        }
    }

    /** Timers of one deadline fire in the order in which they were scheduled. */
    private record Due(long deadline, long order) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int first = Long.compare(deadline, other.deadline);
            return first != 0 ? first : Long.compare(order, other.order);
        }
    }
}

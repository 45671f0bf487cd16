package org.dhtrpc.transport.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.dhtrpc.spi.EventLoop;

/**
 * One daemon thread and one selector, which any number of {@link NioTransport}s may share. The thread keeps no program
 * alive: a {@code main} that returns ends it.
 *
 * <p>Tasks run in the order in which they were handed over, timers in the order of their deadlines and, where those are
 * equal, of their scheduling; between the two, and between sockets, there is no order. None of them starves the others:
 * each turn of the loop takes a bounded number of tasks, then of datagrams of each socket, then of timers. So, unless
 * there is a backlog, a task runs before a datagram that came after it. Timers fire up to a millisecond late, the
 * precision of a selector.
 *
 * <p>What a task, timer or receiver throws is reported to the {@link System.Logger} with the name of this class. So is
 * the end of a loop whose selector fails; it closes itself, and its transports with it.
 */
public final class NioLoop implements EventLoop, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NioLoop.class.getName());

    /** How many of one kind run before the others have their turn. */
    static final int BATCH = 64;

    /** How long to sleep when nothing is due, in milliseconds: any time will do. */
    private static final long IDLE = TimeUnit.DAYS.toMillis(1);

    private final long origin = System.nanoTime();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Timers timers = new Timers();
    private final Set<NioTransport> transports = ConcurrentHashMap.newKeySet();
    private final List<NioTransport> ready = new ArrayList<>();
    private final Addresses addresses = new Addresses();

    /** What is received passes through here. Longer than any UDP datagram, so that nothing is cut. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

    /** Set while the thread sleeps or is about to, and cleared by whoever wakes it: one wake-up a sleep is enough. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    /** Threads that want the selector for a moment; while there are any the loop does not sleep on it. */
    private final AtomicInteger visitors = new AtomicInteger();

    /** Made once, and not in each turn. */
    private final Consumer<SelectionKey> collect = this::collect;

    private final Selector selector;
    private final Thread thread;
    private volatile boolean closed;

    private NioLoop(String name, Selector selector) {
        this.selector = selector;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts a loop. Its maker closes it. */
    public static NioLoop start() {
        return start("dht-nio");
    }

    /**
     * Starts a loop whose thread has this name. Its maker closes it.
     *
     * @throws UncheckedIOException if the platform has no selector to give, mostly for want of file descriptors
     */
    public static NioLoop start(String name) {
        try {
            return start(name, Selector.open());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the loop '" + name + "': " + e.getMessage(), e);
        }
    }

    static NioLoop start(String name, Selector selector) {
        NioLoop loop = new NioLoop(name, selector);
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
        if (!closed) {
            tasks.add(task);
            wake();
        }
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        if (closed) {
            return () -> {};
        }
        long now = nanoTime();
        // By its difference to now a deadline may lie beyond the overflow, and then it must not sort as past.
        long time = deadline < now && deadline - now > 0 ? Long.MAX_VALUE : deadline;
        Timer timer = timers.add(time, task);
        wake();
        return timer;
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /**
     * Ends the loop and closes all its transports, which tell their receivers. Tasks and timers that have not begun are
     * dropped, and so are those that come later; the one that is running ends in its own time. From any thread, the
     * loop's own included; idempotent. It waits for no task, but like {@link NioTransport#close} for a receive that is
     * running.
     */
    @Override
    public void close() {
        closed = true;
        transports.forEach(NioTransport::close);
        try {
            selector.close();
        } catch (IOException e) {
            report(Level.ERROR, "Closing the selector failed", e);
        }
        tasks.clear();
        timers.clear();
    }

    /**
     * Takes a transport in, which is closed when this loop is.
     *
     * @throws IllegalStateException if the loop is closed
     */
    void adopt(NioTransport transport) {
        transports.add(transport);
        // In this order: a close that this misses has seen the transport.
        if (closed) {
            transports.remove(transport);
            throw new IllegalStateException("The loop '" + thread.getName() + "' is closed");
        }
    }

    /** Delivers what the channel receives, from now on. */
    void watch(DatagramChannel channel, NioTransport transport) throws ClosedChannelException {
        channel.register(selector, SelectionKey.OP_READ, transport);
        wake();
    }

    /**
     * Lets a transport go whose channel is closed. A closed channel keeps its port until its selector has noticed,
     * which takes a selection; this makes one on the caller's thread, so that nobody has to wait for what runs on the
     * loop.
     */
    void release(NioTransport transport) {
        visitors.incrementAndGet();
        try {
            selector.wakeup();
            selector.selectNow(key -> {});
        } catch (ClosedSelectorException e) {
            // The selector had noticed then: nobody closes it before its transports.
        } catch (IOException e) {
            report(Level.ERROR, "Releasing a socket failed", e);
        } finally {
            visitors.decrementAndGet();
            transports.remove(transport);
            // The selection above may have used up the wake-up of somebody who handed over a task.
            selector.wakeup();
        }
    }

    /** Shared by the transports of this loop. */
    Addresses addresses() {
        return addresses;
    }

    /** Runs what others wrote: a task or a timer. Whatever becomes of it, the next one finds a sound thread. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            failed(e);
        } finally {
            forgetInterrupt();
        }
    }

    /** Reports what a task, timer or receiver threw. */
    static void failed(Throwable problem) {
        report(Level.ERROR, "A task, timer or receiver failed", problem);
    }

    /** An interrupt left behind would reach the next one, and keep the selector from ever sleeping again. */
    static void forgetInterrupt() {
        boolean unused = Thread.interrupted();
    }

    /** Reports what no caller can be told. A log that fails, or a problem that cannot be put into words, ends no loop. */
    static void report(Level level, String what, Throwable problem) {
        try {
            LOG.log(level, what, problem);
        } catch (Throwable unreported) {
            // The log was the last to tell.
        }
    }

    private void run() {
        try {
            while (!closed) {
                select();
                // What was asked for before a datagram came goes before it, and an answer that is there goes before the
                // timer that would give it up.
                runTasks();
                for (int i = 0; i < ready.size(); i++) {
                    ready.get(i).deliver(buffer, BATCH);
                }
                ready.clear();
                fireTimers();
            }
        } catch (Throwable e) {
            if (!closed) {
                report(Level.ERROR, "The loop '" + thread.getName() + "' has ended", e);
                close();
            }
        }
    }

    private void select() throws IOException {
        // Before the look at what there is to do: who adds to that later sees the flag, and wakes the selector.
        asleep.set(true);
        long patience = patience();
        if (patience > 0) {
            selector.select(collect, patience);
        } else {
            selector.selectNow(collect);
        }
        asleep.set(false);
    }

    /** Collects only: receivers must not run under the locks of the selector, which {@link #release} needs. */
    private void collect(SelectionKey key) {
        ready.add((NioTransport) key.attachment());
    }

    /** How many milliseconds the loop may sleep. */
    private long patience() {
        if (!tasks.isEmpty() || visitors.get() > 0) {
            return 0;
        }
        long next = timers.next();
        long now = nanoTime();
        // Rounded up: a sleep that ends too early would be followed by many short ones.
        return next <= now ? 0 : Math.min(IDLE, (next - now - 1) / 1_000_000 + 1);
    }

    private void fireTimers() {
        long now = nanoTime();
        Runnable task;
        for (int i = 0; i < BATCH && !closed && (task = timers.poll(now)) != null; i++) {
            run(task);
        }
    }

    private void runTasks() {
        Runnable task;
        for (int i = 0; i < BATCH && !closed && (task = tasks.poll()) != null; i++) {
            run(task);
        }
    }

    private void wake() {
        // The look first: the loop itself, which is awake, then has nothing to pay.
        if (asleep.get() && asleep.getAndSet(false)) {
            selector.wakeup();
        }
    }
}

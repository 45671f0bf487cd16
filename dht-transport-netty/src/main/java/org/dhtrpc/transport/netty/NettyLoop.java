package org.dhtrpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/** One thread of {@link NettyLoops}, which any number of transports may share. What it promises is written there. */
final class NettyLoop implements EventLoop {
    private static final System.Logger LOG = System.getLogger(NettyLoops.class.getName());

    /** How many of one kind run before the others have their turn. */
    static final int BATCH = 64;

    private static final Object TASKS = new Object();

    private final long origin = System.nanoTime();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Timers timers = new Timers(this);
    private final Set<NettyTransport> transports = ConcurrentHashMap.newKeySet();
    private final List<NettyTransport> unflushed = new ArrayList<>();
    private final Addresses addresses = new Addresses();

    /** What is received passes through here. On the heap, where codecs want it; the copy costs less than a view. */
    private final ByteBuffer received = ByteBuffer.allocate(Sockets.RECEIVED_MAX);

    private final Turnstile turnstile = new Turnstile();
    private final String name;
    private final Sockets sockets;
    private final Netty netty;
    private volatile boolean closed;

    private NettyLoop(String name, Sockets sockets) {
        this.name = name;
        this.sockets = sockets;
        IoHandlerFactory io = sockets.handlers();
        netty = new Netty(task -> thread(name, task), executor -> new Turns(this, io.newHandler(executor)));
    }

    private static Thread thread(String name, Runnable task) {
        // Netty's kind of thread: it finds its pools of buffers at once.
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    static NettyLoop start(String name, Sockets sockets) {
        NettyLoop loop = new NettyLoop(name, sockets);
        // The first task of Netty's own is what starts its thread.
        loop.netty.execute(() -> {});
        return loop;
    }

    Sockets sockets() {
        return sockets;
    }

    Turnstile turnstile() {
        return turnstile;
    }

    Addresses addresses() {
        return addresses;
    }

    /** The bytes of a datagram that is not longer than that, in a buffer that is lent until the next one. */
    ByteBuffer received(ByteBuf datagram) {
        int size = datagram.readableBytes();
        datagram.getBytes(datagram.readerIndex(), received.array(), 0, size);
        // The byte order too: a receiver that changed it must not change it for the next one.
        return received.clear().order(ByteOrder.BIG_ENDIAN).limit(size);
    }

    /** Counts from the start of the loop, so that it does not overflow in anyone's lifetime. */
    @Override
    public long nanoTime() {
        return System.nanoTime() - origin;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        if (!closed) {
            tasks.add(task);
            netty.wake();
        }
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        Objects.requireNonNull(task, "task");
        if (closed) {
            return () -> {};
        }
        long now = nanoTime();
        // By its difference to now a deadline may lie beyond the overflow, and then it must not sort as past.
        long time = deadline < now && deadline - now > 0 ? Long.MAX_VALUE : deadline;
        Timers.Due due = timers.timer(time, task);
        if (inLoop()) {
            timers.add(due);
        } else {
            execute(() -> timers.add(due));
        }
        return due;
    }

    @Override
    public boolean inLoop() {
        return netty.inEventLoop();
    }

    // What the turns of the loop do.

    /** Whether there is anything to do that needs no datagram. */
    boolean hasWork() {
        return !closed && (!tasks.isEmpty() || timers.next() <= nanoTime());
    }

    /** When the first timer is due; {@link Long#MAX_VALUE} if there is none. */
    long deadline() {
        return timers.next();
    }

    /** How many nanoseconds are left until then. */
    long patience() {
        long next = timers.next();
        return next == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, next - nanoTime());
    }

    void runTasks() {
        Runnable task = closed ? null : tasks.poll();
        if (task == null) {
            return;
        }
        turnstile.enter(TASKS);
        for (int i = 0; task != null; task = ++i < BATCH && !closed ? tasks.poll() : null) {
            run(task);
        }
        turnstile.enter(null);
    }

    void fireTimers() {
        if (closed || timers.next() == Long.MAX_VALUE) {
            return;
        }
        long now = nanoTime();
        Runnable task = timers.poll(now);
        if (task == null) {
            return;
        }
        turnstile.enter(TASKS);
        for (int i = 0; task != null; task = ++i < BATCH && !closed ? timers.poll(now) : null) {
            run(task);
        }
        turnstile.enter(null);
    }

    /** Remembers who has something to flush when the tasks or timers are done, or the receives of one batch. */
    void flushLater(NettyTransport transport) {
        unflushed.add(transport);
    }

    void flush() {
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }

    /** Runs what others wrote: a task, a timer. Whatever becomes of it, the next one finds a sound thread. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            report(Level.ERROR, "A task or timer failed", e);
        } finally {
            // An interrupt left behind would reach the next one.
            boolean unused = Thread.interrupted();
        }
    }

    /** Reports what no caller can be told. A log that fails, or a problem that cannot be put into words, ends no loop. */
    static void report(Level level, String what, @Nullable Throwable problem) {
        try {
            LOG.log(level, what, problem);
        } catch (Throwable unreported) {
            // The log was the last to tell.
        }
    }

    // Transports come and go.

    /**
     * Takes a transport in, which is closed when this loop is. Its channel is the loop's from here on.
     *
     * @throws IllegalStateException if the loop is closed
     */
    void adopt(NettyTransport transport, DatagramChannel channel) {
        transports.add(transport);
        // In this order: a close that this misses has seen the transport.
        if (closed) {
            transports.remove(transport);
            // That close may have waited for this one.
            endWithTheLast();
            throw new IllegalStateException("The loop '" + name + "' is closed");
        }
        Runnable registration = () -> turnstile.aside(transport, () -> netty.register(channel));
        if (inLoop()) {
            registration.run();
        } else {
            execute(registration);
        }
    }

    /**
     * Closes a transport. When this returns no receive of it begins and its port is free. On the loop that is done at
     * once; on another thread it waits for the loop to come round, unless that is held up.
     */
    void release(NettyTransport transport) {
        if (!inLoop()) {
            onNetty(() -> release(transport));
        }
        turnstile.close(transport, inLoop(), sockets.closeAtOnce());
        if (inLoop() || turnstile.hasEnded()) {
            transport.closeChannel();
        }
        endWithTheLast();
    }

    /** The socket of a transport is closed. */
    void released(NettyTransport transport) {
        transports.remove(transport);
        turnstile.changed();
        endWithTheLast();
    }

    /** The thread of a closed loop stays until all sockets are closed, since some need its turns for that. */
    private void endWithTheLast() {
        if (closed && transports.isEmpty()) {
            netty.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes this loop on its own thread. */
    void closeItself() {
        onNetty(this::close);
    }

    private void onNetty(Runnable task) {
        try {
            netty.execute(task);
        } catch (RejectedExecutionException e) {
            // It has ended.
        }
    }

    /**
     * Ends the loop and closes all its transports, which tell their receivers. Off the loop it waits for no task, but for
     * a receive of those that is running.
     */
    void close() {
        closed = true;
        transports.forEach(NettyTransport::close);
        tasks.clear();
        endWithTheLast();
    }

    /** The loop's thread is about to end, because it was closed or died of an error. */
    void ended() {
        if (!closed) {
            report(Level.ERROR, "The loop '" + name + "' has ended", null);
        }
        close();
        timers.clear();
        turnstile.end();
    }

    /** Netty's loop, which has a thread, sockets and tasks of its own making. */
    private static final class Netty extends SingleThreadIoEventLoop {
        Netty(ThreadFactory threads, IoHandlerFactory io) {
            super(null, threads, io);
        }

        /** Ends the sleep of the loop, and on the loop does nothing. */
        void wake() {
            ioHandler().wakeup();
        }
    }
}

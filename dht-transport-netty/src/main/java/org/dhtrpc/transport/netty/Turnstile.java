package org.dhtrpc.transport.netty;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whose code a loop runs: others', or Netty's, which may touch any socket at any time. While it is others', another thread
 * that holds the lock has the sockets to itself, since the loop cannot come back. So who closes a transport need not wait
 * for a task that is running.
 */
final class Turnstile {
    /** How long whoever closes a socket of io_uring waits for a task that keeps the loop from it, in nanoseconds. */
    private static final long MOMENT = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();

    /** A transport whose receiver runs, or something else for tasks and timers. Null while the loop runs Netty, or sleeps. */
    private @Nullable Object guest;

    private volatile boolean ended;

    /** Says whose code runs from here on; null is Netty's. Returns whose it was. On the loop. */
    @Nullable
    Object enter(@Nullable Object next) {
        lock.lock();
        try {
            Object last = guest;
            guest = next;
            change.signalAll();
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** Runs what touches the socket of a transport, unless that is closed, inside or outside of others' code. On the loop. */
    void aside(NettyTransport transport, Runnable touch) {
        // Who closes it meanwhile on another thread waits until the guest is back.
        Object last = enter(null);
        try {
            if (!transport.isReleased()) {
                touch.run();
            }
        } finally {
            enter(last);
        }
    }

    /**
     * Closes the socket of a transport; on another thread than the loop's when that has closed it, or is away in a task or
     * in the receive of another transport. Where only the loop can close a socket for good, it is given a moment.
     */
    void close(NettyTransport transport, boolean inLoop, boolean atOnce) {
        lock.lock();
        try {
            long left = atOnce ? 0 : MOMENT;
            while (!inLoop && !ended && !transport.isReleased()) {
                if (guest == null || guest == transport) {
                    change.awaitUninterruptibly();
                } else if (left > 0) {
                    left = awaited(left);
                } else {
                    break;
                }
            }
            transport.closeSocket(atOnce || guest == transport || ended);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a change; returns how many of these nanoseconds are left then. */
    @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
    private long awaited(long nanos) {
        try {
            return change.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // Whoever closes has no time, and its interrupt is not ours to take.
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Lets those that wait look again: a socket was closed. */
    void changed() {
        lock.lock();
        try {
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The loop comes back no more. */
    void end() {
        ended = true;
        enter(null);
    }

    boolean hasEnded() {
        return ended;
    }
}

package org.dhtrpc.node;

import java.util.ArrayDeque;
import java.util.Queue;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What threads hand over to the loop. It runs in the order in which it came, one at a time between the loop's other
 * work, but in any case before a datagram that arrives after it: who has registered a handler and then tells somebody to
 * ask for it must not find that it is unknown.
 */
final class Mailbox {
    private final EventLoop loop;

    /** Guarded by this; null until somebody hands something over, which in a simulation nobody does. */
    private @Nullable Queue<Runnable> inputs;

    /** Written under the lock, and read without it for each datagram. */
    private volatile long added;

    private long taken;
    private boolean running;

    Mailbox(EventLoop loop) {
        this.loop = loop;
    }

    /** Hands something over, from any thread; dropped if the loop has ended. */
    void add(Runnable input) {
        put(input);
        loop.execute(this::takeOne);
    }

    private synchronized void put(Runnable input) {
        if (inputs == null) {
            inputs = new ArrayDeque<>();
        }
        inputs.add(input);
        added++;
    }

    private synchronized @Nullable Runnable next() {
        return inputs == null ? null : inputs.poll();
    }

    /**
     * Runs what has been handed over until now, and not what comes meanwhile. On the loop. What an input itself calls is
     * part of its turn and waits for nobody: otherwise inputs would run inside one another, as deep as there are many.
     */
    void takeAll() {
        if (running) {
            return;
        }
        long last = added;
        while (taken - last < 0) {
            takeOne();
        }
    }

    private void takeOne() {
        Runnable input = next();
        if (input != null) {
            taken++;
            running = true;
            try {
                input.run();
            } finally {
                running = false;
            }
        }
    }
}

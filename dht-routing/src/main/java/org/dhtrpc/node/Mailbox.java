package org.dhtrpc.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.dhtrpc.spi.EventLoop;

/**
 * What threads hand over to the loop. It runs in the order in which it came, one at a time between the loop's other
 * work, but in any case before a datagram that arrives after it: who has registered a handler and then tells somebody to
 * ask for it must not find that it is unknown.
 */
final class Mailbox {
    private final EventLoop loop;
    private final Queue<Runnable> inputs = new ConcurrentLinkedQueue<>();
    private final AtomicLong added = new AtomicLong();
    private long taken;
    private boolean running;

    Mailbox(EventLoop loop) {
        this.loop = loop;
    }

    /** Hands something over, from any thread; dropped if the loop has ended. */
    void add(Runnable input) {
        inputs.add(input);
        added.incrementAndGet();
        loop.execute(this::takeOne);
    }

    /**
     * Runs what has been handed over until now, and not what comes meanwhile. On the loop. What an input itself calls is
     * part of its turn and waits for nobody: otherwise inputs would run inside one another, as deep as there are many.
     */
    void takeAll() {
        if (running) {
            return;
        }
        long last = added.get();
        while (taken - last < 0) {
            takeOne();
        }
    }

    private void takeOne() {
        Runnable input = inputs.poll();
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

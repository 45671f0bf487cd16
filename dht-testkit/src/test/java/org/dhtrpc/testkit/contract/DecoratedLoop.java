package org.dhtrpc.testkit.contract;

import org.dhtrpc.spi.EventLoop;

/** A loop like another, but for what is overridden. */
class DecoratedLoop implements EventLoop {
    final EventLoop real;

    DecoratedLoop(EventLoop real) {
        this.real = real;
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        real.execute(task);
    }

    @Override
    public Timer schedule(long deadline, Runnable task) {
        return real.schedule(deadline, task);
    }

    @Override
    public boolean inLoop() {
        return real.inLoop();
    }
}

package org.dhtrpc.transport.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * The turns of a loop: Netty's I/O, and around it the tasks and timers of a {@link NettyLoop}, which Netty never sees. Its
 * own task queue would run what waits there for up to a second before it looks at a socket, and its timers take a delay
 * and not a time, so that two of one deadline may swap.
 */
final class Turns implements IoHandler, IoHandlerContext {
    private final NettyLoop loop;
    private final IoHandler io;
    private IoHandlerContext netty = this;

    Turns(NettyLoop loop, IoHandler io) {
        this.loop = loop;
        this.io = io;
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        netty = context;
        loop.runTasks();
        loop.flush();
        int handled = io.run(this);
        loop.fireTimers();
        loop.flush();
        return handled;
    }

    // What Netty's I/O asks before it sleeps.

    @Override
    public boolean canBlock() {
        return !loop.hasWork() && netty.canBlock();
    }

    @Override
    public long delayNanos(long now) {
        return Math.min(loop.patience(), netty.delayNanos(now));
    }

    /** Has to change when the delay does, and no more than that. */
    @Override
    public long deadlineNanos() {
        long ours = loop.deadline();
        long nettys = netty.deadlineNanos();
        if (ours == Long.MAX_VALUE) {
            return nettys;
        }
        return nettys == -1 ? ours : Math.min(ours, nettys);
    }

    @Override
    public void reportActiveIoTime(long nanos) {
        netty.reportActiveIoTime(nanos);
    }

    @Override
    public boolean shouldReportActiveIoTime() {
        return netty.shouldReportActiveIoTime();
    }

    // The rest is Netty's alone.

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        try {
            loop.ended();
        } finally {
            io.destroy();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return io.register(handle);
    }

    @Override
    public void wakeup() {
        io.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }
}

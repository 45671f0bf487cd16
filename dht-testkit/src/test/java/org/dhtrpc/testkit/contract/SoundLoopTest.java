package org.dhtrpc.testkit.contract;

import org.dhtrpc.spi.EventLoop;

class SoundLoopTest extends EventLoopContract {
    @Override
    protected EventLoop start() {
        return new QueueLoop();
    }

    @Override
    protected void close(EventLoop loop) {
        ((QueueLoop) loop).close();
    }
}

package org.dhtrpc.transport.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.testkit.contract.EventLoopContract;

/** The contract for the loops of one kind of I/O. */
abstract class NettyLoopRules extends EventLoopContract {
    private final NettyIo io;

    NettyLoopRules(NettyIo io) {
        assumeTrue(io.available(), () -> io + " is not available here: " + io.unavailabilityCause());
        this.io = io;
    }

    @Override
    protected EventLoop start() {
        return NettyLoop.start("loop under test", io.sockets());
    }

    @Override
    protected void close(EventLoop loop) {
        ((NettyLoop) loop).close();
    }
}

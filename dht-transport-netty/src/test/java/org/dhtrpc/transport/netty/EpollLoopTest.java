package org.dhtrpc.transport.netty;

import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EpollLoopTest extends NettyLoopRules {
    EpollLoopTest() {
        super(NettyIo.EPOLL);
    }
}

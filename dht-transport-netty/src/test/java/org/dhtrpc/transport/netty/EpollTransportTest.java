package org.dhtrpc.transport.netty;

import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EpollTransportTest extends NettyTransportRules {
    EpollTransportTest() {
        super(NettyIo.EPOLL);
    }
}

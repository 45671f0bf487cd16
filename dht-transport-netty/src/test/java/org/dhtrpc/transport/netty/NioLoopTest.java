package org.dhtrpc.transport.netty;

import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NioLoopTest extends NettyLoopRules {
    NioLoopTest() {
        super(NettyIo.NIO);
    }
}

package org.dhtrpc.transport.netty;

import org.junit.jupiter.api.Timeout;

@Timeout(120)
class IoUringLoopTest extends NettyLoopRules {
    IoUringLoopTest() {
        super(NettyIo.IO_URING);
    }
}

package org.dhtrpc.transport.netty;

import org.junit.jupiter.api.Timeout;

@Timeout(120)
class IoUringTransportTest extends NettyTransportRules {
    IoUringTransportTest() {
        super(NettyIo.IO_URING);
    }
}

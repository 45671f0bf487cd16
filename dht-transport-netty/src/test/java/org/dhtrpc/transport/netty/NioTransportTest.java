package org.dhtrpc.transport.netty;

import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NioTransportTest extends NettyTransportRules {
    NioTransportTest() {
        super(NettyIo.NIO);
    }
}

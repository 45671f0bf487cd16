package org.dhtrpc.transport.nio;

import java.net.InetAddress;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.junit.jupiter.api.Timeout;

/** The contract once more, with a loop for each transport. */
@Timeout(120)
class NioTransportOwnLoopTest extends TransportContract {
    @Override
    protected Transport bind(InetAddress host) {
        return NioTransport.bind(host.getHostAddress(), 0);
    }
}

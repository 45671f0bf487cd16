package org.dhtrpc.holepunch;

import java.net.InetAddress;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.dhtrpc.transport.nio.NioTransport;
import org.junit.jupiter.api.Timeout;

/** A transport with hole punching around it is a transport. */
@Timeout(120)
class PunchingTransportContractTest extends TransportContract {
    @Override
    protected Transport bind(InetAddress host) {
        return PunchingTransport.over(NioTransport.bind(host.getHostAddress(), 0));
    }
}

package org.dhtrpc.testkit.contract;

import java.net.InetAddress;
import org.dhtrpc.spi.Transport;

class SocketTransportTest extends TransportContract {
    @Override
    protected Transport bind(InetAddress host) {
        return new SocketTransport(host, 0);
    }

    @Override
    protected boolean siblings() {
        return false;
    }
}

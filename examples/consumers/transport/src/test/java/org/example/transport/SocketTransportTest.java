package org.example.transport;

import java.net.InetAddress;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;

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

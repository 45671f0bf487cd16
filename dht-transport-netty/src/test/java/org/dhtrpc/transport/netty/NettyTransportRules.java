package org.dhtrpc.transport.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.contract.TransportContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for one kind of I/O, on a shared group of two loops. */
@ExtendWith(Leaks.class)
abstract class NettyTransportRules extends TransportContract {
    final NettyLoops loops;

    NettyTransportRules(NettyIo io) {
        assumeTrue(io.available(), () -> io + " is not available here: " + io.unavailabilityCause());
        loops = NettyLoops.start(io, 2);
    }

    @AfterEach
    void end() {
        loops.close();
    }

    @Override
    protected Transport bind(InetAddress host) {
        return NettyTransport.bind(loops, host.getHostAddress(), 0);
    }
}

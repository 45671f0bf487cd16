package org.dhtrpc.testkit;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** The sockets of a host beside its main one. There may be a million hosts, and few of them have any. */
final class Siblings {
    private static final int FIRST_FREE_PORT = 49_152;
    private static final int LAST_PORT = 65_535;

    private final Map<Integer, SimulatedTransport> byPort = new TreeMap<>();
    private int freePort = FIRST_FREE_PORT;

    SimulatedTransport bind(SimulatedHost host) {
        int port = nextPort();
        while (byPort.containsKey(port)) {
            port = nextPort();
        }
        Endpoint address = Endpoint.of(host.endpoint().address(), port);
        SimulatedTransport sibling = new SimulatedTransport(host, host.loop(), address);
        byPort.put(port, sibling);
        return sibling;
    }

    private int nextPort() {
        int port = freePort;
        freePort = port == LAST_PORT ? FIRST_FREE_PORT : port + 1;
        return port;
    }

    @Nullable
    SimulatedTransport at(int port) {
        return byPort.get(port);
    }

    void release(SimulatedTransport socket) {
        byPort.remove(socket.localAddress().port(), socket);
    }

    Collection<SimulatedTransport> all() {
        return byPort.values();
    }
}

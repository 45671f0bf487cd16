package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;

/** Bare sockets on a simulated network, which remember who has sent to them. */
final class Sockets {
    private static final Duration LONG_ENOUGH = Duration.ofMillis(100);

    final SimulatedNetwork network;
    private final Map<Transport, List<Endpoint>> received = new HashMap<>();

    Sockets(SimulatedNetwork network) {
        this.network = network;
    }

    /** A public socket, open. */
    Transport open() {
        return open(network.host());
    }

    /** A socket behind a NAT, open. */
    Transport open(Nat nat) {
        return open(network.host(nat));
    }

    Transport open(SimulatedHost host) {
        return open(host.transport());
    }

    Transport sibling(Transport socket) {
        return open(network.await(socket.sibling()));
    }

    private Transport open(Transport socket) {
        List<Endpoint> all = new ArrayList<>();
        received.put(socket, all);
        socket.open((from, datagram) -> all.add(from));
        return socket;
    }

    /** Sends, and waits until it has arrived or never will. */
    void send(Transport from, Endpoint to) {
        sendNow(from, to);
        settle();
    }

    void sendNow(Transport from, Endpoint to) {
        from.send(to, ByteBuffer.wrap(new byte[] {'?'}));
    }

    void settle() {
        network.run(LONG_ENOUGH);
    }

    /** Whether a datagram that is sent there arrives at a socket. */
    boolean reaches(Transport from, Endpoint to, Transport receiver) {
        int before = received(receiver).size();
        send(from, to);
        return received(receiver).size() > before;
    }

    /** Where the datagrams that a socket got came from. */
    List<Endpoint> received(Transport socket) {
        return received.getOrDefault(socket, List.of());
    }

    /** Where the last datagram that a socket got came from. */
    Endpoint lastSource(Transport socket) {
        List<Endpoint> all = received(socket);
        return all.get(all.size() - 1);
    }

    /** The endpoint by which a public socket sees another that sends to it. */
    Endpoint seen(Transport socket, Transport observer) {
        send(socket, observer.localAddress());
        return lastSource(observer);
    }
}

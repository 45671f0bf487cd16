package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.jspecify.annotations.Nullable;

/** What lies between the hosts: the bound sockets, and the links that datagrams take from one to another. */
final class Medium {
    /** What fits in an Ethernet frame behind the headers of IPv4 and UDP. */
    static final int MAX_PAYLOAD = 1_472;

    private final Kernel kernel;
    private final Fidelity fidelity;
    private final Link link;
    private final long linkSeed;
    private final Map<Endpoint, SimulatedTransport> sockets = new LinkedHashMap<>();
    private final ByteBuffer inbox = ByteBuffer.allocate(MAX_PAYLOAD);

    private long sent;
    private long lost;
    private long unreachable;
    private long delivered;

    Medium(Kernel kernel, Fidelity fidelity, Link link) {
        this.kernel = kernel;
        this.fidelity = fidelity;
        this.link = link;
        this.linkSeed = kernel.label("link").value();
    }

    Kernel kernel() {
        return kernel;
    }

    Fidelity fidelity() {
        return fidelity;
    }

    boolean bound(Endpoint address) {
        return sockets.containsKey(address);
    }

    void bind(SimulatedTransport socket) {
        kernel.checkThread();
        sockets.put(socket.localAddress(), socket);
    }

    void release(SimulatedTransport socket) {
        sockets.remove(socket.localAddress(), socket);
    }

    void closeAll() {
        List.copyOf(sockets.values()).forEach(SimulatedTransport::close);
    }

    /**
     * Sends a datagram on its way.
     *
     * @param number how many the sending host has sent before
     * @param message what the datagram says, null if that is not known
     */
    void send(Endpoint from, Endpoint to, ByteBuffer datagram, long number, @Nullable Message message) {
        Hash64 label = new Hash64(linkSeed).add(from).add(to).add(number);
        long delay = link.delay(new RandomStream(label.value()));
        Trace.Fate fate = delay == Link.LOST ? Trace.Fate.LOST : Trace.Fate.SENT;
        kernel.trace().sent(kernel.nanoTime(), from, to, message, datagram.remaining(), fate);
        sent++;
        Fidelity.Cargo cargo = fidelity.load(datagram);
        if (delay == Link.LOST) {
            lost++;
        } else {
            kernel.schedule(kernel.after(delay), () -> deliver(from, to, cargo));
        }
    }

    private void deliver(Endpoint from, Endpoint to, Fidelity.Cargo cargo) {
        SimulatedTransport socket = sockets.get(to);
        if (socket == null || !socket.isOpen()) {
            unreachable++;
            return;
        }
        delivered++;
        inbox.clear();
        cargo.unload(inbox);
        // A slice cannot be stretched over the rest of the inbox, and a receiver that keeps it sees it overwritten.
        socket.receive(from, inbox.flip().slice());
    }

    Traffic traffic() {
        return new Traffic(sent, lost, unreachable, delivered);
    }
}

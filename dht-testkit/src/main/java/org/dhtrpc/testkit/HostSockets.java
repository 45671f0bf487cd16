package org.dhtrpc.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sockets of one host: its main one, and siblings. */
final class HostSockets {
    private final SimulatedHost host;

    /** Null until it is asked for, and once it is closed. */
    private @Nullable SimulatedTransport main;

    /** Null unless one was made. */
    private @Nullable Siblings siblings;

    HostSockets(SimulatedHost host) {
        this.host = host;
    }

    SimulatedTransport main() {
        SimulatedTransport bound = main;
        if (bound == null) {
            bound = new SimulatedTransport(host, host.loop(), host.endpoint());
            main = bound;
        }
        return bound;
    }

    /** Whether a node listens at the main one. */
    boolean listen() {
        return main != null && main.isOpen();
    }

    SimulatedTransport bindAnyPort() {
        host.medium().kernel().checkThread();
        if (siblings == null) {
            siblings = new Siblings();
        }
        return siblings.bind(host);
    }

    /** The socket that is bound to this port, null if there is none. */
    @Nullable
    SimulatedTransport at(int port) {
        if (port == host.endpoint().port()) {
            return main;
        }
        return siblings == null ? null : siblings.at(port);
    }

    /** Frees the port of a socket that is closed. */
    void release(SimulatedTransport socket) {
        if (socket == main) {
            main = null;
            // Whoever listened there is gone, and its tables need not be kept.
            host.node = null;
        } else if (siblings != null) {
            siblings.release(socket);
        }
    }

    List<SimulatedTransport> all() {
        List<SimulatedTransport> all = new ArrayList<>();
        if (main != null) {
            all.add(main);
        }
        if (siblings != null) {
            all.addAll(siblings.all());
        }
        return all;
    }
}

package org.dhtrpc.holepunch;

import java.util.HashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** Sockets that somebody has asked for. */
final class Openings {
    private final Outbox outbox;
    private final Map<Integer, Opened> waiting = new HashMap<>();

    /** Told once what became of it. */
    @FunctionalInterface
    interface Opened {
        /**
         * It is there, or will not be.
         *
         * @param local where it is bound to; null if there is no socket
         */
        void opened(long now, int socket, @Nullable Endpoint local);
    }

    Openings(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Asks for a socket, and says which number it will have. */
    int open(Opened opened) {
        int socket = outbox.open();
        waiting.put(socket, opened);
        return socket;
    }

    /** True if it was somebody's here. */
    boolean opened(long now, int socket, @Nullable Endpoint local) {
        Opened opened = waiting.remove(socket);
        if (opened != null) {
            opened.opened(now, socket, local);
        }
        return opened != null;
    }

    void close(int socket) {
        waiting.remove(socket);
        outbox.close(socket);
    }
}

package org.dhtrpc.holepunch;

import java.util.ArrayDeque;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** What the {@link Agent} wants done, in order; and the numbers of its sockets. */
final class Outbox {
    /** The socket that is shared with the node. */
    static final int MAIN = 0;

    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private int lastSocket;

    @Nullable
    Effect poll() {
        return effects.poll();
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void send(int socket, Endpoint to, byte[] datagram) {
        add(new Effect.Send(socket, to, datagram));
    }

    /** Asks for another socket, and says which number it will have. */
    int open() {
        add(new Effect.Open(++lastSocket));
        return lastSocket;
    }

    void close(int socket) {
        add(new Effect.Close(socket));
    }
}

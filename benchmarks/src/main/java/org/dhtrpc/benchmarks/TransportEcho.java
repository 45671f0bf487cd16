package org.dhtrpc.benchmarks;

import java.nio.ByteBuffer;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/** Our transport, with nothing behind it: what it costs above the bare socket. */
final class TransportEcho implements EchoLoop {
    private final Io.Sockets sockets;

    TransportEcho(Io io) {
        sockets = io.sockets();
    }

    @Override
    public Endpoint answer() {
        Transport transport = sockets.bind();
        transport.open(transport::send);
        return transport.localAddress();
    }

    @Override
    public Load ask(Endpoint whom, int bytes) {
        Asking asking = new Asking(sockets.bind(), whom, bytes);
        asking.transport.open(asking);
        return asking;
    }

    /** Ends the loop, and its sockets with it. */
    @Override
    public void close() {
        sockets.close();
    }

    private static final class Asking implements Transport.Receiver, Load {
        private final Transport transport;
        private final Endpoint whom;
        private final ByteBuffer datagram;
        private @Nullable Phase phase;

        Asking(Transport transport, Endpoint whom, int bytes) {
            this.transport = transport;
            this.whom = whom;
            this.datagram = ByteBuffer.allocateDirect(bytes);
        }

        @Override
        public void begin(Phase phase) {
            transport.loop().execute(() -> {
                this.phase = phase;
                for (int i = 0; i < phase.window(); i++) {
                    send();
                }
            });
        }

        @Override
        public void receive(Endpoint from, ByteBuffer answer) {
            if (phase != null && phase.ended(answer.getLong(answer.position()), true)) {
                send();
            }
        }

        private void send() {
            transport.send(whom, datagram.clear().putLong(0, System.nanoTime()));
        }
    }
}

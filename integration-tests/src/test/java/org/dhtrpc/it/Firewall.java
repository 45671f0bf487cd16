package org.dhtrpc.it;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;

/** A socket behind a firewall: it hears only those to whom something was sent from it. So do its siblings. On the loop. */
final class Firewall implements Transport {
    private final Transport real;
    private final Set<Endpoint> sentTo = new HashSet<>();

    Firewall(Transport real) {
        this.real = real;
    }

    /** Lets somebody in, as if something had been sent there. */
    void open(Endpoint to) {
        sentTo.add(to);
    }

    boolean isOpen(Endpoint to) {
        return sentTo.contains(to);
    }

    @Override
    public Endpoint localAddress() {
        return real.localAddress();
    }

    @Override
    public EventLoop loop() {
        return real.loop();
    }

    @Override
    public void open(Receiver receiver) {
        real.open(new Receiver() {
            @Override
            public void receive(Endpoint from, ByteBuffer datagram) {
                if (sentTo.contains(from)) {
                    receiver.receive(from, datagram);
                }
            }

            @Override
            public void closed() {
                receiver.closed();
            }
        });
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        sentTo.add(to);
        real.send(to, datagram);
    }

    @Override
    public int maxPayload() {
        return real.maxPayload();
    }

    @Override
    public CompletionStage<Transport> sibling() {
        return real.sibling().thenApply(Firewall::new);
    }

    @Override
    public void close() {
        real.close();
    }
}

package org.dhtrpc.testkit.contract;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;

/** A transport like another, but for what is overridden. */
class Decorated implements Transport {
    final Transport real;

    Decorated(Transport real) {
        this.real = real;
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
                Decorated.this.receive(receiver, from, datagram);
            }

            @Override
            public void closed() {
                Decorated.this.closed(receiver);
            }
        });
    }

    void receive(Receiver receiver, Endpoint from, ByteBuffer datagram) {
        receiver.receive(from, datagram);
    }

    void closed(Receiver receiver) {
        receiver.closed();
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        real.send(to, datagram);
    }

    @Override
    public void close() {
        real.close();
    }

    @Override
    public int maxPayload() {
        return real.maxPayload();
    }

    @Override
    public CompletionStage<Transport> sibling() {
        return real.sibling();
    }
}

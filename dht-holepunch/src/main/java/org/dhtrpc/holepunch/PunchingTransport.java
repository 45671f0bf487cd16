package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Transport;

/** Skeleton: to be written. */
public final class PunchingTransport implements Transport, HolePuncher {
    private final Transport socket;

    private PunchingTransport(Transport socket) {
        this.socket = socket;
    }

    public static PunchingTransport over(Transport socket) {
        return over(socket, PunchOptions.defaults());
    }

    public static PunchingTransport over(Transport socket, PunchOptions options) {
        return new PunchingTransport(socket);
    }

    /** Skeleton. */
    @Override
    public CompletionStage<PunchResult> punch(Endpoint peer, Endpoint referrer) {
        throw new UnsupportedOperationException("to be written");
    }

    /** How a STUN server, which every node with this transport is, sees our socket. */
    public CompletableFuture<Endpoint> stun(Endpoint server) {
        throw new UnsupportedOperationException("to be written");
    }

    public CompletableFuture<NatProfile> profile() {
        throw new UnsupportedOperationException("to be written");
    }

    public CompletableFuture<NatProfile> lifetime(Duration atMost) {
        throw new UnsupportedOperationException("to be written");
    }

    public CompletableFuture<PunchStats> stats() {
        throw new UnsupportedOperationException("to be written");
    }

    @Override
    public Endpoint localAddress() {
        return socket.localAddress();
    }

    @Override
    public EventLoop loop() {
        return socket.loop();
    }

    @Override
    public void open(Receiver receiver) {
        socket.open(receiver);
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        socket.send(to, datagram);
    }

    @Override
    public void close() {
        socket.close();
    }
}

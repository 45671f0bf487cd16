package org.dhtrpc.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.ThreadLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/** UDP over a blocking socket: one thread reads, another is the loop. */
final class SocketTransport implements Transport {
    private final Object reading = new Object();
    private final Semaphore room = new Semaphore(1_000);
    private final DatagramSocket socket;
    private final Endpoint localAddress;
    private final ThreadLoop loop;
    private @Nullable Receiver receiver;

    /** A socket on this address; port 0 is any that is free. */
    SocketTransport(InetAddress host, int port) {
        try {
            socket = new DatagramSocket(port, host);
            socket.setReceiveBufferSize(1 << 20);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot bind port " + port + " of " + host, e);
        }
        localAddress = Endpoint.of((InetSocketAddress) socket.getLocalSocketAddress());
        loop = ThreadLoop.start("loop " + localAddress);
    }

    @Override
    public Endpoint localAddress() {
        return localAddress;
    }

    @Override
    public ThreadLoop loop() {
        return loop;
    }

    @Override
    public synchronized void open(Receiver receiver) {
        if (socket.isClosed() || this.receiver != null) {
            throw new IllegalStateException(localAddress + " is open or closed already");
        }
        this.receiver = receiver;
        Thread reader = new Thread(this::read, "reader " + localAddress);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        byte[] buffer = new byte[65_535];
        synchronized (reading) {
            while (!socket.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    ByteBuffer datagram = ByteBuffer.wrap(Arrays.copyOf(buffer, packet.getLength()));
                    Endpoint from = Endpoint.of((InetSocketAddress) packet.getSocketAddress());
                    if (room.tryAcquire()) { // or a flood would fill the memory
                        loop.execute(() -> deliver(from, datagram));
                    }
                } catch (IOException e) {
                    // Closed, or told that a datagram of ours did not arrive.
                }
            }
        }
    }

    private synchronized void deliver(Endpoint from, ByteBuffer datagram) {
        room.release();
        if (receiver != null) {
            receiver.receive(from, datagram);
        }
    }

    @Override
    public void send(Endpoint to, ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size > maxPayload()) {
            throw new IllegalArgumentException("A datagram has at most " + maxPayload() + " bytes, not " + size);
        }
        byte[] bytes = new byte[size];
        datagram.get(bytes);
        try {
            socket.send(new DatagramPacket(bytes, size, to.toSocketAddress()));
        } catch (IOException | IllegalArgumentException e) {
            // Lost, as datagrams are.
        }
    }

    @Override
    public void close() {
        socket.close();
        synchronized (reading) {
            // The system frees the port when the reader has left the socket.
        }
        loop.close();
        @Nullable Receiver last;
        synchronized (this) { // waits for a receive that is running
            last = receiver;
            receiver = null;
        }
        if (last != null) {
            try {
                last.closed();
            } catch (Throwable e) {
                System.getLogger("org.dhtrpc.testkit").log(Level.ERROR, "A receiver failed at its end", e);
            }
        }
    }
}

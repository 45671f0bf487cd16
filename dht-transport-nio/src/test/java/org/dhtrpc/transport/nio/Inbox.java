package org.dhtrpc.transport.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.transport.nio.Patience.DEADLINE_SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;

/** A receiver that keeps what comes. */
final class Inbox implements Transport.Receiver {
    /** The threads on which it was told of the end: one, if all is well. */
    final List<Thread> ends = new CopyOnWriteArrayList<>();

    private final BlockingQueue<Mail> mail = new LinkedBlockingQueue<>();

    /** The bytes as characters, one each. */
    record Mail(Endpoint from, String text) {}

    @Override
    public void receive(Endpoint from, ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        mail.add(new Mail(from, new String(bytes, ISO_8859_1)));
    }

    @Override
    public void closed() {
        ends.add(Thread.currentThread());
    }

    Mail take() throws InterruptedException {
        Mail next = mail.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a datagram that should have come").isNotNull();
        return next;
    }

    byte[] takeBytes() throws InterruptedException {
        return take().text().getBytes(ISO_8859_1);
    }

    boolean isEmpty() {
        return mail.isEmpty();
    }

    /** The texts that come before this one, which ends the list and is not in it. */
    List<String> takeUntil(String last) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        String text = take().text();
        while (!text.equals(last)) {
            texts.add(text);
            text = take().text();
        }
        return texts;
    }

    static ByteBuffer datagram(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    /** Sends from a socket that is none of ours. */
    static void send(DatagramSocket from, Endpoint to, String text) {
        try {
            byte[] bytes = text.getBytes(ISO_8859_1);
            from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByAddress(to.address()), to.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

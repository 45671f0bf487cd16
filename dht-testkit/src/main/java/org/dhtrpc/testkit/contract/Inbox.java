package org.dhtrpc.testkit.contract;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;

/** A receiver that keeps what comes. */
class Inbox implements Transport.Receiver {
    /** What came and was not taken out yet. */
    final Queue<Mail> mail = new ConcurrentLinkedQueue<>();

    /** The threads on which it was told of the end: one, if all is well. */
    final List<Thread> ends = new CopyOnWriteArrayList<>();

    record Mail(Endpoint from, Bytes bytes) {}

    @Override
    public void receive(Endpoint from, ByteBuffer datagram) {
        mail.add(new Mail(from, Bytes.copyOf(datagram)));
    }

    @Override
    public void closed() {
        ends.add(Thread.currentThread());
    }
}

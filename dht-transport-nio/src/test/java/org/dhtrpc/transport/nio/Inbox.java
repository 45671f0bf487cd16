package org.dhtrpc.transport.nio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;

/** A receiver that keeps what comes. What must happen is awaited for so long that only a fault takes longer. */
final class Inbox implements Transport.Receiver {
    static final int DEADLINE_SECONDS = 20;

    private final BlockingQueue<Mail> mail = new LinkedBlockingQueue<>();

    /** The bytes as characters, one each. */
    record Mail(Endpoint from, String text) {}

    @Override
    public void receive(Endpoint from, ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        mail.add(new Mail(from, new String(bytes, ISO_8859_1)));
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

    /** What the supplier says on the loop. */
    static <T> T on(EventLoop loop, Supplier<T> supplier) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(supplier.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Returns when everything that was ready on the loop before has run. */
    static void settle(EventLoop loop) throws Exception {
        on(loop, () -> true);
        on(loop, () -> true);
    }
}

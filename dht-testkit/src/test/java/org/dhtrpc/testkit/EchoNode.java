package org.dhtrpc.testkit;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Endpoint;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Transport;

/** The smallest node with timers: answers pings with their value, and sends its own up to six times. */
final class EchoNode {
    private static final int ATTEMPTS = 6;
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Transport transport;
    private final Codec codec;
    private final RandomGenerator random;
    private final Map<Long, CompletableFuture<Reply>> pending = new HashMap<>();

    EchoNode(SimulatedHost host) {
        transport = host.transport();
        codec = host.codec(new ToyCodec());
        random = host.random();
        transport.open(this::receive);
    }

    CompletableFuture<Reply> ask(Endpoint peer, Bytes value) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        Request request = ToyCodec.ping(random.nextLong(), value);
        pending.put(request.transaction(), answer);
        transport.loop().execute(() -> attempt(peer, request, 1));
        return answer;
    }

    private void attempt(Endpoint peer, Request request, int attempt) {
        CompletableFuture<Reply> answer = pending.get(request.transaction());
        if (answer == null) {
            return;
        }
        if (attempt > ATTEMPTS) {
            answer.completeExceptionally(new IllegalStateException("no answer from " + peer));
            return;
        }
        send(peer, request);
        long repeat = transport.loop().nanoTime() + REPEAT_NANOS;
        transport.loop().schedule(repeat, () -> attempt(peer, request, attempt + 1));
    }

    private void send(Endpoint to, Message message) {
        ByteBuffer buffer = ByteBuffer.allocate(codec.size(message));
        codec.encode(message, buffer);
        transport.send(to, buffer.flip());
    }

    private void receive(Endpoint from, ByteBuffer datagram) {
        try {
            Message message = codec.decode(datagram);
            if (message instanceof Reply reply) {
                CompletableFuture<Reply> answer = pending.remove(reply.transaction());
                if (answer != null) {
                    answer.complete(reply);
                }
            } else {
                send(from, ToyCodec.pong(message));
            }
        } catch (MalformedMessageException e) {
            // Corrupted on its way: as good as lost.
            return;
        }
    }
}

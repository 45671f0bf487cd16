package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.UnaryOperator;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.QueryResult;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/** A node between a mocked transport and a mocked codec, which do what real ones do unless a test says otherwise. */
final class NodeBench {
    static final Endpoint OURS = Endpoint.parse("10.0.0.1:1");
    static final Endpoint PEER = Endpoint.parse("10.0.0.2:2");
    static final Key PEER_ID = Key.hashOf(Bytes.utf8("peer"));
    static final Key TARGET = Key.hashOf(Bytes.utf8("target"));
    static final Bytes TOKEN = Bytes.utf8("a token!");

    private final MsgpackCodec real = new MsgpackCodec();
    final HandLoop loop = new HandLoop();
    final Transport transport = mock(Transport.class);
    final Codec codec = mock(Codec.class, delegatesTo(real));
    final List<Message> sent = new ArrayList<>();
    final Dht node;
    private Transport.@Nullable Receiver receiver;

    NodeBench() {
        this(builder -> builder);
    }

    NodeBench(UnaryOperator<NodeBuilder> options) {
        this(CompletableFuture.failedFuture(new UnsupportedOperationException("no sibling")), options);
    }

    NodeBench(CompletableFuture<Transport> sibling, UnaryOperator<NodeBuilder> options) {
        when(transport.sibling()).thenReturn(sibling);
        when(transport.localAddress()).thenReturn(OURS);
        when(transport.loop()).thenReturn(loop);
        when(transport.maxPayload()).thenReturn(1_472);
        doAnswer(call -> {
                    receiver = call.getArgument(0);
                    return null;
                })
                .when(transport)
                .open(any());
        doAnswer(call -> sent.add(real.decode(call.<ByteBuffer>getArgument(1).duplicate())))
                .when(transport)
                .send(any(), any());
        node = options.apply(builder()).build();
        loop.turn();
    }

    /** A node that knows one contact, and so has somebody to ask. */
    static NodeBench withPeer() {
        return new NodeBench(builder -> builder.verifiedContacts(List.of(new Contact(PEER_ID, PEER))));
    }

    NodeBuilder builder() {
        return parts(DhtNode.builder());
    }

    /** The parts of this bench in another builder. */
    NodeBuilder parts(NodeBuilder other) {
        return other.transport(transport).codec(codec).random(new SplittableRandom(1));
    }

    void close() {
        loop.run(node::close);
    }

    Transport.Receiver receiver() {
        return Objects.requireNonNull(receiver, "the transport is open");
    }

    /** What was sent since the last call of this. */
    List<Message> sent() {
        List<Message> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    Request sentRequest() {
        List<Message> all = sent();
        return (Request) all.get(all.size() - 1);
    }

    /** The peer sends this; the buffer that carries it is overwritten afterwards, as a transport may. */
    void receive(Message message) {
        receive(encode(message));
    }

    ByteBuffer encode(Message message) {
        ByteBuffer datagram = ByteBuffer.allocate(1_472);
        real.encode(message, datagram);
        return datagram.flip();
    }

    void receive(ByteBuffer datagram) {
        loop.run(() -> receiver().receive(PEER, datagram));
        for (int i = 0; i < datagram.limit(); i++) {
            datagram.put(i, (byte) 0xAA);
        }
    }

    /** The peer asks us. */
    void receiveRequest(long transaction, String command, Bytes value) {
        receive(new Request(transaction, null, OURS, Command.of(command), TARGET, null, value));
    }

    /** The peer answers. */
    void answer(Request request, @Nullable Bytes value) {
        receive(new Reply(request.transaction(), PEER_ID, OURS, List.of(), TOKEN, 0, value));
    }

    DhtStats loopStats() {
        CompletableFuture<DhtStats> stats = node.stats();
        loop.turn();
        return stats.join();
    }

    /** Bytes that are no message. */
    static ByteBuffer garbage() {
        return ByteBuffer.wrap(new byte[] {1, 2, 3});
    }

    /** Has a mocked subscriber demand so much as soon as it has its subscription. */
    @SuppressWarnings("DirectInvocationOnMock")
    static void demandAtOnce(Subscriber<QueryResult> subscriber, long n) {
        doAnswer(call -> {
                    call.<Subscription>getArgument(0).request(n);
                    return null;
                })
                .when(subscriber)
                .onSubscribe(any());
    }

    /** That it has failed, with the exception itself and not a wrapping of it, which is returned. */
    static DhtException assertFailed(CompletableFuture<?> future, Reason reason) {
        List<Throwable> failures = new ArrayList<>();
        future.whenComplete((value, failure) -> failures.add(failure));
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        DhtException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(reason));
        return (DhtException) failures.get(0);
    }

    /** What the real codec makes of bytes. */
    Message decode(ByteBuffer datagram) throws MalformedMessageException {
        return real.decode(datagram);
    }
}

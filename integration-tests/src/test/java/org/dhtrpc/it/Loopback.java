package org.dhtrpc.it;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;

/** Real nodes, each with a UDP socket of its own, which share two loops and end together. */
final class Loopback implements AutoCloseable {
    /**
     * A loopback address that nobody else uses, where the system has more than one: else a port that a node has just freed
     * may go to a module that is tested at the same time, and who is gone answers.
     */
    static final String HOST = own();

    /** How long a test waits for what must happen; it says nothing about how long that should take. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<NioLoop> loops = List.of(NioLoop.start("loopback-1"), NioLoop.start("loopback-2"));
    private final List<Dht> nodes = new ArrayList<>();

    /** The loop for the next node. */
    NioLoop loop() {
        return loops.get(nodes.size() % loops.size());
    }

    /** A socket on the loopback address. */
    Transport socket() {
        return NioTransport.bind(loop(), HOST, 0);
    }

    /** A node on the loopback address. */
    Dht start(UnaryOperator<NodeBuilder> options) {
        return start(socket(), options);
    }

    /** A node that knows these, on the loopback address. */
    Dht start(Endpoint... bootstrap) {
        return start(builder -> builder.bootstrap(bootstrap));
    }

    /** A node on a socket of the caller's choice. */
    Dht start(Transport transport, UnaryOperator<NodeBuilder> options) {
        Dht node = options.apply(DhtNode.builder().transport(transport).codec(new MsgpackCodec()))
                .build();
        nodes.add(node);
        return node;
    }

    /** What the seed calls a bootstrap node: it knows nobody at first, and is never listed. */
    Dht bootstrap() {
        return start(builder -> builder.ephemeral(true));
    }

    /** A node that asks, but is never listed. */
    Dht client(Endpoint bootstrap) {
        return start(builder -> builder.ephemeral(true).bootstrap(bootstrap));
    }

    /** So many nodes of a key-value store at the same moment; all are ready when this returns. */
    List<KeyValueNode> store(int count, Endpoint bootstrap) {
        List<KeyValueNode> store = IntStream.range(0, count)
                .mapToObj(i -> new KeyValueNode(start(bootstrap)))
                .toList();
        store.forEach(node -> await(node.dht.ready()));
        return store;
    }

    /** Waits for a stage, and throws what it failed with. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("Awaited in vain for " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String own() {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress("127.0.0.11", 0))) {
            return probe.getLocalAddress().getHostAddress();
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    @Override
    public void close() {
        nodes.forEach(Dht::close);
        loops.forEach(NioLoop::close);
    }
}

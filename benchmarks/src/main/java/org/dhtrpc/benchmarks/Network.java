package org.dhtrpc.benchmarks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.codec.msgpack.MsgpackCodec;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.spi.Codec;

/** Nodes on real sockets and one loop, which store values, and the bootstrap node that they join by. */
final class Network implements AutoCloseable {
    static final String COMMAND = "kv";

    private static final Codec CODEC = new MsgpackCodec();

    private final Io.Sockets sockets;
    private final Dht bootstrap;
    private final Endpoint entrance;
    private final List<Dht> nodes = new ArrayList<>();

    /** Values stored, each counted as often as there are nodes that did. */
    private final AtomicInteger replicas = new AtomicInteger();

    Network(Io io) {
        sockets = io.sockets();
        bootstrap = builder(0).ephemeral(true).build();
        entrance = bootstrap.localAddress();
    }

    private NodeBuilder builder(int port) {
        return DhtNode.builder().transport(sockets.bind(port)).codec(CODEC);
    }

    /** Whatever is made once for all networks is there afterwards: nobody wants it counted among what a node takes. */
    static void makeFew(Io io) throws InterruptedException {
        try (Network few = new Network(io)) {
            few.join(3, 3);
            few.awaitIdle();
        }
    }

    /** Adds nodes, so many joining at a time, and waits until they have. */
    void join(int count, int atATime) throws InterruptedException {
        Trials.run(count, atATime, i -> {
            Dht node = start(builder(0));
            nodes.add(node);
            return node.ready();
        });
    }

    /** Ends a node without a word to anybody. */
    void end(int index) {
        nodes.get(index).close();
    }

    /** Starts a node again that has {@linkplain #end ended}, where it was and as who it was. */
    CompletableFuture<?> revive(int index) {
        Dht before = nodes.get(index);
        Dht node = start(builder(before.localAddress().port()).id(before.id()));
        nodes.set(index, node);
        return node.ready();
    }

    private Dht start(NodeBuilder builder) {
        Dht node = builder.bootstrap(entrance).build();
        Map<Key, Bytes> values = new HashMap<>();
        node.onQuery(COMMAND, query -> values.get(query.target()));
        node.onClosest(COMMAND, query -> {
            values.put(query.target(), query.value());
            replicas.incrementAndGet();
            return null;
        });
        return node;
    }

    /** All but the bootstrap node. */
    List<Dht> nodes() {
        return nodes;
    }

    int replicas() {
        return replicas.get();
    }

    /** Requests received by any node since it began. */
    long requests() {
        Deque<CompletableFuture<Long>> counts = new ArrayDeque<>();
        for (Dht node : nodes) {
            counts.add(node.stats().thenApply(stats -> stats.requestsReceived()));
        }
        counts.add(bootstrap.stats().thenApply(stats -> stats.requestsReceived()));
        return counts.stream().mapToLong(CompletableFuture::join).sum();
    }

    /** Waits until nobody has asked anybody for a quarter of a second, or five seconds if there is no such time. */
    void awaitIdle() throws InterruptedException {
        long before = -1;
        for (int i = 0; i < 20 && before != requests(); i++) {
            before = requests();
            Thread.sleep(250);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Dht::close);
        bootstrap.close();
        sockets.close();
    }
}

package org.dhtrpc.benchmarks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.Transport;
import org.jspecify.annotations.Nullable;

/** One node that answers a query with the query's value, and one that asks it. */
final class TwoNodes implements TwoEnds.Ends {
    private static final String COMMAND = "bench";
    private static final int VALUE_BYTES = 100;

    private final Io.Sockets sockets;
    private final Rpc.Op op;
    private final int closer;
    private final Codec codec;
    private final Deque<Dht> nodes = new ArrayDeque<>();

    /** Those of the two nodes. */
    private final Set<Integer> ports = new HashSet<>();

    TwoNodes(Io.Sockets sockets, Codec codec, Rpc.Op op, int closer) {
        this.sockets = sockets;
        this.codec = codec;
        this.op = op;
        this.closer = closer;
    }

    /** Who is named in replies is there, so that the upkeep finds nobody missing. */
    @Override
    public Endpoint answer() {
        List<Contact> named = Stream.generate(() -> node(sockets.bind(), List.of()))
                .limit(closer)
                .map(node -> new Contact(node.id(), node.localAddress()))
                .toList();
        Dht node = node(sockets.bind(), named);
        node.onQuery(COMMAND, query -> query.value());
        return node.localAddress();
    }

    @Override
    public Load ask(Endpoint whom) {
        Transport transport = sockets.bind();
        Dht node = node(transport, List.of());
        ports.add(whom.port());
        ports.add(node.localAddress().port());
        byte[] bytes = new byte[VALUE_BYTES];
        new Random(1).nextBytes(bytes);
        Bytes value = Bytes.of(bytes);
        Query query = Query.of(COMMAND, Key.random(new Random(2))).value(value);
        if (!value.equals(node.request(whom, query).join().value())) {
            throw new IllegalStateException("The value did not come back");
        }
        return new Calls(transport.loop(), op == Rpc.Op.PING ? () -> node.ping(whom) : () -> node.request(whom, query));
    }

    /** Requests that were sent again, and datagrams that the system threw away at either end. */
    @Override
    public Map<String, Long> losses() {
        return new TreeMap<>(
                Map.of("repeats", nodes.getFirst().stats().join().repeatsSent(), "dropped", Drops.at(ports)));
    }

    private Dht node(Transport transport, List<Contact> known) {
        Dht node = DhtNode.builder()
                .transport(transport)
                .codec(codec)
                .verifiedContacts(known)
                .build();
        nodes.push(node);
        return node;
    }

    @Override
    public void close() {
        nodes.forEach(Dht::close);
        sockets.close();
    }

    /** Calls that begin on the loop, each when the one before it in its place has ended. */
    private record Calls(EventLoop loop, Supplier<CompletableFuture<?>> call) implements Load {
        @Override
        public void begin(Phase phase) {
            loop.execute(() -> {
                for (int i = 0; i < phase.window(); i++) {
                    new Place(phase, call).call();
                }
            });
        }
    }

    private static final class Place implements BiConsumer<Object, @Nullable Throwable> {
        private final Phase phase;
        private final Supplier<CompletableFuture<?>> call;
        private long started;

        Place(Phase phase, Supplier<CompletableFuture<?>> call) {
            this.phase = phase;
            this.call = call;
        }

        void call() {
            started = System.nanoTime();
            call.get().whenComplete(this);
        }

        @Override
        public void accept(Object answer, @Nullable Throwable failure) {
            if (phase.ended(started, failure == null)) {
                call();
            }
        }
    }
}

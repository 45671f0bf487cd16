package org.dhtrpc.testkit.scenario;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.QueryStream;
import org.dhtrpc.QuerySummary;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.SimulatedHost;

/** What passes for a node: lists nobody, answers at once, and says something to the first host when it starts. */
final class ToyNode {
    private static final Endpoint FIRST = Endpoint.parse("10.0.0.1:3282");

    private ToyNode() {}

    static Laboratory laboratory() {
        return Laboratory.of(ToyNode::on);
    }

    static Dht on(SimulatedHost host) {
        Transport transport = host.transport();
        transport.open((from, datagram) -> {});
        ByteBuffer datagram = ByteBuffer.allocate(host.random().nextInt(1_000));
        transport.loop().execute(() -> transport.send(FIRST, datagram));
        return proxy(Dht.class, (self, method, args) -> switch (method.getName()) {
            case "id" -> host.id();
            case "localAddress" -> host.endpoint();
            case "ephemeral" -> true;
            case "ready" -> CompletableFuture.completedFuture(null);
            case "contacts" -> CompletableFuture.completedFuture(List.of());
            case "findNode", "closest", "query" -> stream();
            case "close" -> close(transport);
            default -> null;
        });
    }

    private static Object close(Transport transport) {
        transport.close();
        return transport;
    }

    private static QueryStream stream() {
        QuerySummary summary = new QuerySummary(0, 0, 0, 0, 0, 0, 1, 0, List.of(), false, Duration.ZERO);
        return proxy(QueryStream.class, (self, method, args) -> switch (method.getName()) {
            case "summary" -> CompletableFuture.completedFuture(summary);
            case "first" -> CompletableFuture.completedFuture(Optional.empty());
            default -> CompletableFuture.completedFuture(List.of());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

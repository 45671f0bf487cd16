package org.dhtrpc.testkit.junit;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.Transport;
import org.dhtrpc.testkit.SimulatedHost;

/** The smallest thing that passes for a node: sends one datagram of a random size to the first host. */
final class Beacon {
    private static final Endpoint FIRST = Endpoint.parse("10.0.0.1:3282");

    private Beacon() {}

    static Dht on(SimulatedHost host) {
        Transport transport = host.transport();
        transport.open((from, datagram) -> {});
        ByteBuffer datagram = ByteBuffer.allocate(host.random().nextInt(1_000));
        transport.loop().execute(() -> transport.send(FIRST, datagram));
        return (Dht) Proxy.newProxyInstance(
                Dht.class.getClassLoader(),
                new Class<?>[] {Dht.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "localAddress" -> host.endpoint();
                    case "ready" -> CompletableFuture.completedFuture(null);
                    case "toString" -> "Beacon[" + host.endpoint() + "]";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}

package org.dhtrpc.node;

import com.google.common.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoints that texts stand for: literals at once, names on one daemon thread, since asking a name server
 * blocks. The thread starts with the first name and ends when there is nothing to do; at most {@value #MAX_WAITING} look-ups
 * wait for it.
 */
final class HostNames {
    private static final int MAX_WAITING = 256;

    private final HostResolver resolver;
    private final Predicate<Endpoint> reachable;
    private @Nullable ThreadPoolExecutor thread;

    /** A text that was found, or why not. */
    record Resolved(List<Endpoint> endpoints, List<DhtException> unknown) {}

    HostNames(HostResolver resolver, Predicate<Endpoint> reachable) {
        this.resolver = resolver;
        this.reachable = reachable;
    }

    /**
     * Takes a text apart: {@code host:port}, {@code host}, {@code :port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException if it is none of these; the message quotes it
     */
    static HostAndPort parse(String text) {
        try {
            HostAndPort parsed = HostAndPort.fromString(text).withDefaultPort(Dht.DEFAULT_PORT);
            if (parsed.getPort() == 0 || (parsed.getHost().isEmpty() && text.isEmpty())) {
                throw new IllegalArgumentException("no host or no port");
            }
            return parsed.getHost().isEmpty() ? HostAndPort.fromParts("127.0.0.1", parsed.getPort()) : parsed;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Not a node's address: '" + text
                            + "'; expected 'host:port', 'host', ':port' or '[ipv6]:port' with a port from 1 to 65535",
                    e);
        }
    }

    /** Whether {@link #resolve} would answer at once. */
    static boolean literal(List<String> texts) {
        return texts.stream().map(HostNames::parse).allMatch(parsed -> literal(parsed) != null);
    }

    /** Finds all endpoints, and tells on this or on the resolving thread. */
    void resolve(List<String> texts, Consumer<Resolved> found) {
        if (literal(texts)) {
            found.accept(resolveNow(texts));
            return;
        }
        try {
            thread().execute(() -> found.accept(resolveNow(texts)));
        } catch (RejectedExecutionException e) {
            found.accept(new Resolved(
                    List.of(),
                    List.of(new DhtException(
                            Reason.OVERLOADED, MAX_WAITING + " look-ups wait already; not looked up: " + texts, e))));
        }
    }

    private Resolved resolveNow(List<String> texts) {
        List<Endpoint> endpoints = new ArrayList<>();
        List<DhtException> unknown = new ArrayList<>();
        for (String text : texts) {
            try {
                endpoints.add(resolve(parse(text)));
            } catch (UnknownHostException | RuntimeException e) {
                unknown.add(new DhtException(Reason.UNKNOWN_HOST, "Unknown host: '" + text + "'", e));
            }
        }
        return new Resolved(endpoints, unknown);
    }

    private Endpoint resolve(HostAndPort text) throws UnknownHostException {
        Endpoint literal = literal(text);
        if (literal != null) {
            return literal;
        }
        for (InetAddress address : resolver.resolve(text.getHost())) {
            Endpoint endpoint = Endpoint.of(address.getAddress(), text.getPort());
            if (reachable.test(endpoint)) {
                return endpoint;
            }
        }
        throw new UnknownHostException("no address of a family that this node can reach");
    }

    static @Nullable Endpoint literal(HostAndPort text) {
        String host = text.getHost();
        try {
            return Endpoint.parse((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + text.getPort());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private synchronized ThreadPoolExecutor thread() {
        if (thread == null) {
            thread = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                Thread resolving = new Thread(task, "dht-host-names");
                resolving.setDaemon(true);
                return resolving;
            });
            thread.allowCoreThreadTimeOut(true);
        }
        return thread;
    }

    synchronized void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}

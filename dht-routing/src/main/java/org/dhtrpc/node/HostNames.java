package org.dhtrpc.node;

import com.google.common.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.Endpoint;
import org.dhtrpc.spi.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoints that texts stand for: literals at once, names on one daemon thread, since asking a name server
 * blocks. The thread starts with the first name and ends when there is nothing to do; at most {@value #MAX_WAITING} look-ups
 * wait for it. On the loop.
 */
final class HostNames {
    private static final int MAX_WAITING = 256;

    private final HostResolver resolver;
    private final Predicate<Endpoint> reachable;
    private final EventLoop loop;
    private final Consumer<Runnable> inputs;
    private Set<Search> searches = Collections.emptySet();
    private @Nullable ThreadPoolExecutor thread;

    /**
     * What was found.
     *
     * @param endpoints of the texts that stand for one, in their order
     * @param failures one for each of the others
     */
    record Resolved(List<Endpoint> endpoints, List<DhtException> failures) {}

    /**
     * @param reachable whether the node can send to an endpoint
     * @param inputs brings what runs on another thread back to the loop
     */
    HostNames(HostResolver resolver, Predicate<Endpoint> reachable, EventLoop loop, Consumer<Runnable> inputs) {
        this.resolver = resolver;
        this.reachable = reachable;
        this.loop = loop;
        this.inputs = inputs;
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

    /** The endpoint that a text spells out, null if it names a host. */
    static @Nullable Endpoint literal(String text) {
        HostAndPort parsed = parse(text);
        String host = parsed.getHost();
        try {
            return Endpoint.parse((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + parsed.getPort());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Finds all endpoints, and tells once: at once if no text names a host, else as soon as the last is found, or at the
     * deadline with those found by then.
     *
     * @param wanted whether anybody still wants to know; asked from any thread. A search that nobody wants makes way
     */
    void resolve(List<String> texts, long deadline, BooleanSupplier wanted, Consumer<Resolved> found) {
        new Search(texts, deadline, wanted, found).begin();
    }

    private Endpoint find(String text) throws UnknownHostException {
        HostAndPort parsed = parse(text);
        for (InetAddress address : resolver.resolve(parsed.getHost())) {
            Endpoint endpoint = Endpoint.of(address.getAddress(), parsed.getPort());
            if (reachable.test(endpoint)) {
                return endpoint;
            }
        }
        throw new UnknownHostException("no address that this node can or may send to");
    }

    private ThreadPoolExecutor thread() {
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

    /** Looks nothing up any more; who waits is not told. */
    void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
        searches.forEach(Search::forget);
        searches = Collections.emptySet();
    }

    /** Texts of which some may take time. */
    private final class Search implements Runnable {
        private final List<String> texts;
        private final long began = loop.nanoTime();
        private final long deadline;
        private final BooleanSupplier wanted;
        private final Consumer<Resolved> found;

        /** An {@link Endpoint} or a {@link DhtException} for each text, null while it is looked up. */
        private final @Nullable Object[] results;

        private int missing;
        private EventLoop.@Nullable Timer patience;

        Search(List<String> texts, long deadline, BooleanSupplier wanted, Consumer<Resolved> found) {
            this.texts = texts;
            this.deadline = deadline;
            this.wanted = wanted;
            this.found = found;
            this.results = new @Nullable Object[texts.size()];
        }

        void begin() {
            for (int i = 0; i < results.length; i++) {
                Endpoint literal = literal(texts.get(i));
                results[i] = literal == null || reachable.test(literal) ? literal : unreachable(literal);
                missing += results[i] == null ? 1 : 0;
            }
            if (missing == 0) {
                tell();
                return;
            }
            if (searches.isEmpty()) {
                searches = new LinkedHashSet<>();
            }
            searches.add(this);
            patience = loop.schedule(deadline, () -> inputs.accept(this::giveUp));
            if (!queued()) {
                end(Reason.OVERLOADED, MAX_WAITING + " look-ups wait already; not looked up: ");
            }
        }

        private boolean queued() {
            BlockingQueue<Runnable> queue = thread().getQueue();
            if (queue.remainingCapacity() == 0) {
                queue.removeIf(task -> task instanceof Search search && !search.wanted.getAsBoolean());
            }
            try {
                thread().execute(this);
                return true;
            } catch (RejectedExecutionException e) {
                return false;
            }
        }

        private void forget() {
            if (patience != null) {
                patience.cancel();
            }
        }

        private DhtException unreachable(Endpoint literal) {
            return new DhtException(
                    Reason.UNKNOWN_HOST, "Not an address that this node can or may send to: " + literal);
        }

        /** On the resolving thread. */
        @Override
        public void run() {
            for (int i = 0; i < results.length; i++) {
                int place = i;
                if (literal(texts.get(place)) == null && wanted.getAsBoolean()) {
                    Object result = lookUp(texts.get(place));
                    inputs.accept(() -> enter(place, result));
                }
            }
        }

        private Object lookUp(String text) {
            try {
                return find(text);
            } catch (Throwable e) {
                // The resolver is somebody else's, and whatever it throws the name is not known.
                return new DhtException(Reason.UNKNOWN_HOST, "Unknown host: '" + text + "'", e);
            }
        }

        private void enter(int place, Object result) {
            if (results[place] == null) {
                results[place] = result;
                missing--;
                if (missing == 0) {
                    tell();
                }
            }
        }

        private void giveUp() {
            if (missing > 0) {
                thread().remove(this);
                end(
                        Reason.TIMED_OUT,
                        "Not resolved within "
                                + Duration.ofNanos(deadline - began).toMillis() + " ms: ");
            }
        }

        private void end(Reason reason, String why) {
            for (int i = 0; i < results.length; i++) {
                if (results[i] == null) {
                    results[i] = new DhtException(reason, why + "'" + texts.get(i) + "'");
                }
            }
            missing = 0;
            tell();
        }

        private void tell() {
            forget();
            searches.remove(this);
            List<Endpoint> endpoints = new ArrayList<>();
            List<DhtException> failures = new ArrayList<>();
            for (Object result : results) {
                if (result instanceof Endpoint endpoint) {
                    endpoints.add(endpoint);
                } else if (result instanceof DhtException failure) {
                    failures.add(failure);
                }
            }
            found.accept(new Resolved(endpoints, failures));
        }
    }
}

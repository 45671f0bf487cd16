package org.dhtrpc.natlab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;

/** A peer on every host that has something to do, each with a few nodes that have run for a while before they are asked for. */
final class Fleet implements AutoCloseable {
    /** How long a node has run, in seconds, before it is measured. */
    private static final int AGE = 10;

    /** For what waits for peers. */
    static final Executor THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "waiting");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<Member> publicNodes = new ArrayList<>();
    private final Map<String, Deque<CompletableFuture<Member>>> ready = new HashMap<>();
    private final Laboratory lab;

    private Fleet(Laboratory lab) {
        this.lab = lab;
    }

    /** Starts the public nodes, and a peer on each of these hosts. */
    static Fleet start(Laboratory lab, Collection<String> hosts) {
        Fleet fleet = new Fleet(lab);
        Stream.concat(lab.publicHosts().stream(), hosts.stream()).distinct().forEach(fleet::launch);
        List<CompletableFuture<Member>> opening = lab.publicHosts().stream()
                .map(host -> fleet.host(host).open(lab.address(host), Laboratory.PORT))
                .toList();
        opening.forEach(member -> fleet.publicNodes.add(await(member)));
        return fleet;
    }

    private void launch(String host) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = lab.command(
                "exec",
                "-t",
                "3600",
                host,
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Xss512k",
                "-cp",
                System.getProperty("java.class.path"),
                Peer.class.getName(),
                host);
        lab.publicHosts().forEach(each -> command.add(referrer(each).toString()));
        hosts.put(host, Host.start(host, command));
    }

    Host host(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("No peer on " + name);
        }
        return host;
    }

    /** The address of a public node. */
    Endpoint referrer(String host) {
        return Endpoint.parse(lab.address(host) + ":" + Laboratory.PORT);
    }

    /** The addresses of all public nodes. */
    List<Endpoint> referrers() {
        return lab.publicHosts().stream().map(this::referrer).toList();
    }

    /** The public nodes themselves. */
    List<Member> publicNodes() {
        return publicNodes;
    }

    /**
     * Opens nodes on these hosts, so many on each. All at once, and before a router is told to forget: a node that is only finding
     * out what is before it would be misled.
     */
    synchronized void open(Map<String, Integer> uses) {
        uses.forEach((host, count) -> {
            Deque<CompletableFuture<Member>> opened = ready.computeIfAbsent(host, each -> new ArrayDeque<>());
            for (int i = 0; i < count; i++) {
                opened.add(aged(host, 0));
            }
        });
    }

    /** Lets time pass, in which nothing is expected of anybody. */
    static void pause(Duration time) {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS))
                .join();
    }

    /** A node that has run for a while, joined or not: where UDP is blocked it never will. */
    CompletableFuture<Member> aged(String host, int port) {
        CompletableFuture<Member> opening = lab.type(host).equals("udp-blocked")
                ? CompletableFuture.completedFuture(host(host).openAlone(LabNode.ANY, port, List.of()))
                : host(host).open(LabNode.ANY, port);
        return opening.thenCompose(member ->
                CompletableFuture.supplyAsync(() -> member, CompletableFuture.delayedExecutor(AGE, TimeUnit.SECONDS)));
    }

    /** The next node of a host, as soon as it has run for a while. */
    Member take(String host) {
        CompletableFuture<Member> next;
        synchronized (this) {
            Deque<CompletableFuture<Member>> opened = ready.get(host);
            if (opened == null || opened.isEmpty()) {
                throw new IllegalStateException("No more nodes were meant to be on " + host);
            }
            next = opened.remove();
        }
        return await(next);
    }

    /** Waits for a stage, and throws what it failed with. */
    static <T> T await(CompletableFuture<T> stage) {
        try {
            return stage.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        hosts.values().forEach(Host::close);
    }
}

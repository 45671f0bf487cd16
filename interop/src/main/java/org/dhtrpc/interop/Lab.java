package org.dhtrpc.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dhtrpc.Dht;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.node.DhtNode;
import org.dhtrpc.node.NodeBuilder;
import org.dhtrpc.transport.nio.NioLoop;
import org.dhtrpc.transport.nio.NioTransport;
import org.jspecify.annotations.Nullable;

/** What one case works with: nodes of both kinds on loopback, which all end with it. */
final class Lab implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    /** How many nodes commit. */
    static final int K = 20;

    /** How many nodes of a kind start at once; the agents have the same number. */
    private static final int BATCH = 16;

    final Wires wire;
    final Agent agent;
    private final List<NioLoop> loops = List.of(NioLoop.start("interop-1"), NioLoop.start("interop-2"));
    private final List<Dht> nodes = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();

    Lab(Wires wire, Path js) {
        this.wire = wire;
        this.agent = Agent.start(js, wire.agent);
    }

    /** A node of ours without the application; the case waits for it, or does not. */
    Dht bare(UnaryOperator<NodeBuilder> options) {
        return build(socket(), options.apply(DhtNode.builder()));
    }

    /** The same with it. */
    JavaNode start(UnaryOperator<NodeBuilder> options) {
        return new JavaNode(bare(options), wire);
    }

    private NioTransport socket() {
        return NioTransport.bind(loops.get(nodes.size() % loops.size()), HOST, 0);
    }

    private Dht build(NioTransport socket, NodeBuilder builder) {
        Dht node = builder.transport(socket).codec(wire.codec).build();
        nodes.add(node);
        return node;
    }

    /** The first node of a network, which others join by and list. */
    JavaNode first() {
        NioTransport socket = socket();
        int port = socket.localAddress().port();
        JavaNode node = new JavaNode(build(socket, DhtNode.bootstrapper(HOST, port)), wire);
        await(node.dht.ready());
        return node;
    }

    /** A node of ours that others list. */
    JavaNode java(Endpoint bootstrap) {
        return java(1, bootstrap).get(0);
    }

    /** So many of them, {@value #BATCH} at the same moment; all have joined. */
    List<JavaNode> java(int count, Endpoint bootstrap) {
        List<JavaNode> all = new ArrayList<>();
        while (all.size() < count) {
            List<JavaNode> batch = IntStream.range(0, Math.min(BATCH, count - all.size()))
                    .mapToObj(i -> start(builder -> builder.ephemeral(false).bootstrap(bootstrap)))
                    .toList();
            batch.forEach(node -> await(node.dht.ready()));
            all.addAll(batch);
        }
        return all;
    }

    /** A node of ours that is never listed. */
    JavaNode javaClient(Endpoint bootstrap) {
        JavaNode node = start(builder -> builder.ephemeral(true).bootstrap(bootstrap));
        await(node.dht.ready());
        return node;
    }

    /** The first node of a network, the package's. */
    JsNode firstJs() {
        return await(js(1, Map.of("known", true))).get(0);
    }

    /** A node of the package's that others list. */
    JsNode js(Endpoint bootstrap) {
        return await(js(1, bootstrap)).get(0);
    }

    /** So many of them. Their ports are known to be open, or each would ask around for that first. */
    CompletableFuture<List<JsNode>> js(int count, Endpoint bootstrap) {
        return js(count, Map.of("bootstrap", List.of(bootstrap), "ephemeral", false, "firewalled", false));
    }

    /** A node of the package's that is never listed. */
    JsNode jsClient(Endpoint bootstrap) {
        return await(js(1, Map.of("bootstrap", List.of(bootstrap), "ephemeral", true)))
                .get(0);
    }

    CompletableFuture<List<JsNode>> js(int count, Map<String, Object> options) {
        Map<String, Object> order = new LinkedHashMap<>(options);
        order.put("count", count);
        return agent.ask("create", order)
                .thenApply(made -> made.list().stream()
                        .map(each -> JsNode.of(agent, wire, each))
                        .toList());
    }

    /** A network of both kinds, whose first node is ours; all have joined. */
    Mixed mixed(int java, int js) {
        JavaNode first = first();
        List<JsNode> others = await(js(js, first.address()));
        List<JavaNode> own = new ArrayList<>(List.of(first));
        own.addAll(java(java - 1, first.address()));
        return new Mixed(own, others);
    }

    /** Nodes of both kinds. */
    record Mixed(List<JavaNode> java, List<JsNode> js) {
        /** Those whose ids are nearest to a target, nearest first, without the one that asks. */
        List<Endpoint> nearest(Key target, Endpoint asker) {
            record Place(Key id, Endpoint address) {}
            return Stream.concat(
                            java.stream().map(node -> new Place(node.id(), node.address())),
                            js.stream().map(node -> new Place(known(node), node.address())))
                    .filter(place -> !place.address().equals(asker))
                    .sorted((left, right) -> target.compareDistance(left.id(), right.id()))
                    .limit(K)
                    .map(Place::address)
                    .toList();
        }

        /** The addresses of the nodes that have had a commit for a target. */
        List<Endpoint> holders(Key target) {
            List<Endpoint> holders = new ArrayList<>();
            java.stream().filter(node -> node.commits(target) > 0).forEach(node -> holders.add(node.address()));
            if (!js.isEmpty()) {
                List<Integer> numbers = held(target).get("nodes").list().stream()
                        .map(Json::integer)
                        .toList();
                js.stream()
                        .filter(node -> numbers.contains(node.number()))
                        .forEach(node -> holders.add(node.address()));
            }
            return holders;
        }

        /** How many commits all nodes have had for a target. */
        int commits(Key target) {
            int own = java.stream().mapToInt(node -> node.commits(target)).sum();
            return js.isEmpty() ? own : own + held(target).get("commits").integer();
        }

        private Json held(Key target) {
            return await(js.get(0).agent().ask("holders", Map.of("target", target)));
        }

        private static Key known(JsNode node) {
            Key id = node.id();
            if (id == null) {
                throw new AssertionError("A node of npm's stayed ephemeral: " + node.address());
            }
            return id;
        }
    }

    /** A figure that is printed behind the case's name. */
    void note(String figure) {
        notes.add(figure);
    }

    String notes() {
        return String.join(", ", notes);
    }

    /** Waits for a stage until the case is out of time, and throws what it failed with. */
    static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw outOfTime();
        }
    }

    /** What a case ends with that is interrupted because its time is over. */
    static AssertionError outOfTime() {
        Thread.currentThread().interrupt();
        return new AssertionError("Awaited in vain");
    }

    @Override
    public void close() {
        agent.close();
        nodes.forEach(Dht::close);
        loops.forEach(NioLoop::close);
    }
}

package org.dhtrpc.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of Node's that hosts nodes of an npm package, and does what lines of JSON tell it; {@code interop/js/agent.js}
 * says which. It ends with its standard input, so that it outlives nobody.
 */
final class Agent implements AutoCloseable {
    private final Process process;
    private final Writer orders;
    private final Map<Integer, CompletableFuture<Json>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();

    private Agent(Process process) {
        this.process = process;
        this.orders = process.outputWriter(UTF_8);
        Thread reader = new Thread(this::read, "agent-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one; what it complains of goes where our complaints go. */
    static Agent start(Path js, String wire) {
        ProcessBuilder command = new ProcessBuilder("node", "--no-warnings", "agent.js", wire)
                .directory(js.toFile())
                .redirectError(Redirect.INHERIT);
        try {
            return new Agent(command.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Node cannot be started in " + js, e);
        }
    }

    /** Has something done, and tells what came of it; fails with {@link AgentException} if that is a failure. */
    CompletableFuture<Json> ask(String verb, Map<String, ?> order) {
        int id = last.incrementAndGet();
        Map<String, Object> line = new LinkedHashMap<>(Map.of("id", id, "do", verb));
        line.putAll(order);
        CompletableFuture<Json> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            synchronized (orders) {
                orders.write(Json.write(line) + "\n");
                orders.flush();
            }
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
        if (!process.isAlive()) {
            failAll();
        }
        return answer;
    }

    private void read() {
        try (BufferedReader answers = process.inputReader(UTF_8)) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                Json answer = Json.read(line);
                CompletableFuture<Json> asked = waiting.remove(answer.get("id").integer());
                if (asked == null) {
                    continue;
                }
                if (answer.get("failed").isNull()) {
                    asked.complete(answer.get("ok"));
                } else {
                    asked.completeExceptionally(
                            new AgentException(answer.get("failed").text()));
                }
            }
        } catch (IOException e) {
            // As if it had ended; which it has, or soon will.
        } finally {
            failAll();
        }
    }

    private void failAll() {
        waiting.values().forEach(each -> each.completeExceptionally(new AgentException("The agent has ended")));
    }

    /** Ends it, and all its nodes, without a word to anybody; returns when it has ended. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}

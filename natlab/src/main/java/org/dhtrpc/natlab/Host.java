package org.dhtrpc.natlab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.dhtrpc.Endpoint;

/** A host of the laboratory with a {@link Peer} on it, which ends with this. */
final class Host implements AutoCloseable {
    final String name;
    private final Process process;
    private final Writer orders;
    private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger orderIds = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();

    private Host(String name, Process process) {
        this.name = name;
        this.process = process;
        this.orders = process.outputWriter(UTF_8);
        Thread reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts the process; what it complains of goes where our complaints go. */
    static Host start(String name, List<String> command) {
        try {
            return new Host(
                    name,
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a peer on " + name, e);
        }
    }

    /** Opens a node, and completes when it has joined. */
    CompletableFuture<Member> open(String address, int port) {
        int number = opened.getAndIncrement();
        return ask("open", number, address, port).thenApply(joined -> new Member(this, number));
    }

    /** Opens a node that will not join: it cannot, or it has only these servers to ask. */
    Member openAlone(String address, int port, List<Endpoint> helpers) {
        int number = opened.getAndIncrement();
        ask(
                "open",
                number,
                Stream.concat(Stream.of(address, port), helpers.stream()).toArray());
        return new Member(this, number);
    }

    /** Has something done, and tells what came of it; fails with a {@link PeerException} if that is a failure. */
    CompletableFuture<JsonObject> ask(String verb, int node, Object... words) {
        int id = orderIds.incrementAndGet();
        StringBuilder line = new StringBuilder()
                .append(id)
                .append(' ')
                .append(verb)
                .append(' ')
                .append(node);
        for (Object word : words) {
            line.append(' ').append(word);
        }
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            synchronized (orders) {
                orders.write(line.append('\n').toString());
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
                JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
                CompletableFuture<JsonObject> asked =
                        waiting.remove(answer.get("id").getAsInt());
                if (asked == null) {
                    continue;
                }
                if (answer.has("ok")) {
                    asked.complete(answer.getAsJsonObject("ok"));
                } else {
                    asked.completeExceptionally(new PeerException(
                            answer.get("reason").getAsString(),
                            answer.get("failed").getAsString()));
                }
            }
        } catch (IOException e) {
            // As if it had ended; which it has, or soon will.
        } finally {
            failAll();
        }
    }

    private void failAll() {
        waiting.values()
                .forEach(each -> each.completeExceptionally(new PeerException("ENDED", "The process has ended")));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

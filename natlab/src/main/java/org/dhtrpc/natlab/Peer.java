package org.dhtrpc.natlab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchException;
import org.jspecify.annotations.Nullable;

/**
 * The process on one host of the laboratory. It does what the lines of its standard input say, {@code ID VERB NODE WORD…}, answers
 * each with a line of JSON, in whatever order, and ends with its input, so that it outlives nobody.
 */
public final class Peer {
    private final String host;
    private final List<Endpoint> bootstrap;
    private final Map<Integer, LabNode> nodes = new ConcurrentHashMap<>();
    private final PrintStream out = new PrintStream(System.out, true, UTF_8);
    private final Gson gson = new Gson();

    private Peer(String host, List<Endpoint> bootstrap) {
        this.host = host;
        this.bootstrap = bootstrap;
    }

    /** Takes the name of the host, and the nodes to join by. */
    public static void main(String... args) throws IOException {
        new Peer(
                        args[0],
                        List.of(args).subList(1, args.length).stream()
                                .map(Endpoint::parse)
                                .toList())
                .serve();
        System.exit(0);
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            CompletionStage<? extends Map<String, ?>> done;
            try {
                done = run(words);
            } catch (RuntimeException e) {
                done = CompletableFuture.failedStage(e);
            }
            done.whenComplete((ok, failure) -> answer(words[0], ok, failure));
        }
    }

    private CompletionStage<? extends Map<String, ?>> run(String[] words) {
        int number = Integer.parseInt(words[2]);
        if (words[1].equals("open")) {
            // A node with helpers of its own has nobody else to ask.
            List<Endpoint> helpers = List.of(words).subList(5, words.length).stream()
                    .map(Endpoint::parse)
                    .toList();
            LabNode opened = LabNode.open(
                    host + "/" + number,
                    words[3],
                    Integer.parseInt(words[4]),
                    helpers.isEmpty() ? bootstrap : List.of(),
                    helpers);
            nodes.put(number, opened);
            return opened.ready();
        }
        LabNode node = nodes.get(number);
        if (node == null) {
            throw new IllegalArgumentException("No node " + number);
        }
        return switch (words[1]) {
            case "where" -> node.where(Endpoint.parse(words[3]));
            case "punch" -> node.punch(Endpoint.parse(words[3]), Endpoint.parse(words[4]));
            case "who" -> node.who(Endpoint.parse(words[3]));
            case "profile" -> node.profile();
            case "stun" -> node.stun(Endpoint.parse(words[3]));
            case "close" -> {
                nodes.remove(number);
                yield node.close();
            }
            default -> throw new IllegalArgumentException("No verb '" + words[1] + "'");
        };
    }

    private void answer(String id, @Nullable Map<String, ?> ok, @Nullable Throwable failure) {
        int number = Integer.parseInt(id);
        String line = failure == null
                ? gson.toJson(Map.of("id", number, "ok", ok == null ? Map.of() : ok))
                : gson.toJson(
                        Map.of("id", number, "reason", reason(failure), "failed", String.valueOf(cause(failure))));
        synchronized (out) {
            out.println(line);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The kind of failure, in the hole puncher's words if it has any. */
    private static String reason(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof PunchException punch) {
                return punch.failure().name();
            }
        }
        Throwable cause = cause(failure);
        return cause instanceof DhtException dht
                ? dht.reason().name()
                : cause.getClass().getSimpleName();
    }
}

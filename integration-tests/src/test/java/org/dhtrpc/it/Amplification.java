package org.dhtrpc.it;

import static org.dhtrpc.it.Loopback.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * Strangers that have proven nothing, and count the bytes that they send to a node and those that come back: for each kind
 * of request there is, and for random rows of them. If what comes back is more than three times as much, whoever forges a
 * source has the node fight for it.
 */
final class Amplification implements AutoCloseable {
    static final int MOST = 3;

    private static final int CONTACTS = 200;
    private static final List<Command> COMMANDS = List.of(
            Command.PING,
            Command.builtIn(1),
            Command.FIND_NODE,
            Command.builtIn(3),
            Command.builtIn(99),
            Command.of("u"),
            Command.of("empty"),
            Command.of("large"),
            Command.of("too large"),
            Command.of("stored"),
            Command.of("throws"),
            Command.of("refuses"),
            Command.of("slow"));

    private final Loopback network = new Loopback();
    private final Stranger onlooker = new Stranger();
    private final Queue<CompletableFuture<Bytes>> slow = new ConcurrentLinkedQueue<>();
    private final Findings findings = new Findings("amplification");
    private final Random random;
    private final Dht node;
    private final Endpoint address;
    private long strangers;
    private long sent;
    private long received;
    private double worst;
    private String worstCase = "";

    /** A node with a full table, and handlers of every kind. */
    Amplification(long seed) {
        random = new Random(seed);
        node = network.start(builder -> builder.verifiedContacts(contacts()));
        address = node.localAddress();
        Bytes large = Bytes.of(new byte[1_000]);
        node.onQuery("empty", query -> null);
        node.onQuery("large", query -> large);
        node.onClosest("large", query -> large);
        node.onQuery("too large", query -> Bytes.of(new byte[5_000]));
        node.onClosest("stored", query -> large);
        node.onQuery("throws", query -> {
            throw new IllegalStateException("on purpose");
        });
        node.onQuery("refuses", query -> {
            throw DhtException.refused(77);
        });
        node.onQueryAsync("slow", query -> {
            CompletableFuture<Bytes> answer = new CompletableFuture<>();
            slow.add(answer);
            return answer;
        });
        // What it throws is expected here, and nothing to log.
        node.onEvent(event -> {});
    }

    /** Contacts of this machine, none of which is there. */
    private List<Contact> contacts() {
        return IntStream.range(0, CONTACTS)
                .mapToObj(i -> new Contact(Key.random(random), Endpoint.of(new byte[] {127, 9, 9, (byte) i}, 9)))
                .toList();
    }

    Dht node() {
        return node;
    }

    /** One stranger for each kind of request; it sends it three times, as who gets no answer does. */
    void everyKind() {
        for (Command command : COMMANDS) {
            for (int bits = 0; bits < 1 << 5; bits++) {
                for (int padding : new int[] {0, 1, 150, 300}) {
                    int options = bits;
                    attack(command + ", options " + bits + ", padding " + padding, stranger -> {
                        byte[] datagram = stranger.encoded(request(stranger, command, options, padding));
                        for (int i = 0; i < 3; i++) {
                            stranger.send(address, datagram);
                        }
                    });
                }
            }
        }
        findings.figure("kinds of requests", strangers);
    }

    /** Rows of random requests, some of them mutilated, until so many are sent or so much time has passed. */
    void random(int datagrams, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        int done = 0;
        while (done < datagrams && System.nanoTime() - end < 0) {
            int row = 1 + random.nextInt(20);
            attack("a random row of " + row, stranger -> {
                for (int i = 0; i < row; i++) {
                    stranger.send(address, random(stranger));
                }
            });
            done += row;
        }
        findings.figure("random requests", done);
        findings.promise("all " + datagrams + " random requests are sent within " + most, done >= datagrams);
    }

    private byte[] random(Stranger stranger) {
        Command command = COMMANDS.get(random.nextInt(COMMANDS.size()));
        byte[] datagram = stranger.encoded(request(stranger, command, random.nextInt(1 << 5), random.nextInt(400)));
        return switch (random.nextInt(10)) {
            case 0 -> Arrays.copyOf(datagram, random.nextInt(datagram.length + 1));
            case 1 -> {
                datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
                yield datagram;
            }
            default -> datagram;
        };
    }

    private Request request(Stranger stranger, Command command, int options, int padding) {
        // A small number makes the request smaller than its reply has reason to expect.
        long transaction = on(options, 0) ? stranger.transaction() : stranger.transaction() & 63;
        return new Request(
                transaction,
                on(options, 1) ? Key.random(random) : null,
                address,
                command,
                on(options, 2) ? Key.random(random) : null,
                on(options, 3),
                on(options, 4) ? Bytes.of(new byte[8]) : null,
                random.nextInt(8) == 0 ? Bytes.of(new byte[random.nextInt(100)]) : null,
                relay(stranger),
                padding);
    }

    private @Nullable Relay relay(Stranger stranger) {
        return random.nextInt(16) == 0 ? new Relay(Relay.Kind.FORWARD_TO, stranger.endpoint()) : null;
    }

    private static boolean on(int options, int bit) {
        return (options >>> bit & 1) != 0;
    }

    /** What a fresh stranger sends, and what all of it brings, answers that come late included. */
    void attack(String what, Consumer<Stranger> assault) {
        try (Stranger stranger = new Stranger()) {
            assault.accept(stranger);
            long cost = stranger.sent();
            onlooker.untilPong(address);
            for (CompletableFuture<Bytes> answer = slow.poll(); answer != null; answer = slow.poll()) {
                answer.complete(Bytes.of(new byte[1_000]));
            }
            onlooker.untilPong(address);
            stranger.arrived();
            count(what, cost, stranger.received());
        }
    }

    private void count(String what, long cost, long gain) {
        strangers++;
        sent += cost;
        received += gain;
        double factor = gain == 0 ? 0 : (double) gain / cost;
        if (factor > worst) {
            worst = factor;
            worstCase = what;
        }
    }

    /** All that was found. */
    Findings findings() {
        findings.figure("strangers", strangers);
        findings.figure("bytes that they sent", sent);
        findings.figure("bytes that came back", received);
        findings.figure("worst factor", worst);
        findings.promise("the node answers at all", received > 0);
        findings.promise(
                "nobody gets more than " + MOST + " times what it sends, but " + worst + " times by " + worstCase,
                worst <= MOST);
        findings.promise(
                "the node still answers",
                await(network.start().ping(address)).id().equals(node.id()));
        return findings;
    }

    @Override
    public void close() {
        onlooker.close();
        network.close();
    }
}

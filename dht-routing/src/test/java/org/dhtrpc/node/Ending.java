package org.dhtrpc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dhtrpc.node.NodeBench.PEER;
import static org.dhtrpc.node.NodeBench.TARGET;
import static org.dhtrpc.node.NodeBench.TOKEN;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtException.Reason;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Query;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Punched;

/** A node whose work is ended, in each way that there is, and asked afterwards whether anything is left of it. */
final class Ending {
    static final Query QUERY = Query.of("lookup", TARGET);

    /** What a caller allows whose patience is shorter than the node's. */
    static final Duration SHORT = Duration.ofMillis(150);

    /** Longer than any request, any query, and any wait for a name; shorter than the first upkeep. */
    static final Duration LONG = Duration.ofSeconds(31);

    /** An application's error code. */
    private static final int REFUSED = 20;

    /** What callers may have under way at once. */
    private static final int MOST = 4_096;

    /** How work can end. */
    enum End {
        ANSWERED,
        REFUSED_BY_PEER,
        NEVER_ANSWERED,
        OWN_DEADLINE,
        CANCELLED,
        SUSPENDED,
        BEGUN_WHILE_SUSPENDED,
        NODE_CLOSED,
        TRANSPORT_CLOSED,
        LOOP_ENDED,
        OVERLOADED;

        /** Whether it is decided before the work begins. */
        boolean refuses() {
            return this == BEGUN_WHILE_SUSPENDED || this == OVERLOADED;
        }
    }

    final NodeBench bench;
    private final CompletableFuture<Punched> punched;
    private int timers;
    private List<CompletableFuture<?>> fillers = List.of();

    /** A node that knows one contact, and has a hole puncher. */
    Ending() {
        this(new CompletableFuture<>());
    }

    private Ending(CompletableFuture<Punched> punched) {
        this(
                new NodeBench(builder -> builder.verifiedContacts(List.of(new Contact(NodeBench.PEER_ID, PEER)))
                        .queryDeadline(Duration.ofSeconds(20))
                        .holePuncher((peer, referrer) -> punched)),
                punched);
        // What the node asks for itself, as it starts.
        answerAll(0);
        answerAll(0);
        timers = bench.loop.alarms();
    }

    /** Any node, as it is. */
    Ending(NodeBench bench) {
        this(bench, new CompletableFuture<>());
    }

    private Ending(NodeBench bench, CompletableFuture<Punched> punched) {
        this.bench = bench;
        this.punched = punched;
    }

    /** What has to be so before the work begins. */
    void prepare(End end) {
        if (end == End.OVERLOADED) {
            fillers = IntStream.range(0, MOST)
                    .<CompletableFuture<?>>mapToObj(i -> bench.node.ping(PEER))
                    .toList();
        } else if (end == End.BEGUN_WHILE_SUSPENDED) {
            bench.node.suspend();
            bench.loop.turn();
        }
    }

    /** Ends the work that is under way, or lets time and peers end it. */
    void end(End end, Runnable cancellation) {
        switch (end) {
            case ANSWERED -> {
                punched.complete(Punched.of(PEER, "direct", Duration.ZERO));
                answerAll(0);
                answerAll(0);
            }
            case REFUSED_BY_PEER -> {
                punched.completeExceptionally(new DhtException(Reason.PUNCH_FAILED, "failed"));
                answerAll(REFUSED);
                answerAll(REFUSED);
            }
            case NEVER_ANSWERED -> bench.loop.pass(LONG);
            case OWN_DEADLINE -> bench.loop.pass(SHORT);
            case CANCELLED -> cancellation.run();
            case SUSPENDED -> bench.node.suspend();
            case NODE_CLOSED -> bench.loop.run(bench.node::close);
            case TRANSPORT_CLOSED, LOOP_ENDED -> bench.receiver().closed();
            case OVERLOADED -> fillers.forEach(filler -> filler.cancel(true));
            case BEGUN_WHILE_SUSPENDED -> {}
        }
        if (end != End.LOOP_ENDED) {
            bench.loop.turn();
        }
    }

    void answerAll(int error) {
        bench.loop.turn();
        for (Message message : bench.sent()) {
            if (message instanceof Request request) {
                boolean bare = request.command().builtIn();
                bench.receive(new Reply(
                        request.transaction(),
                        NodeBench.PEER_ID,
                        NodeBench.OURS,
                        List.of(),
                        TOKEN,
                        bare ? 0 : error,
                        bare || error != 0 ? null : Bytes.EMPTY));
            }
        }
        bench.loop.turn();
    }

    /** Nobody waits, in no place that there is, and the loop has no timer but the node's own. */
    void assertNothingPending(End end) {
        assertNobodyWaits(end);
        assertEmpty("hosts.searches", "dispatch.early");
        if (end == End.LOOP_ENDED) {
            // What belongs to a loop that is gone nobody may touch; it goes with the node.
            return;
        }
        bench.loop.turn();
        assertEmpty("dispatch.streams", "dispatch.punches");
        assertThat(bench.loopStats().operations()).as("operations").isZero();
        if (end == End.OWN_DEADLINE) {
            // Who did not answer in so short a time is pinged before it is given up, and that has an end too.
            bench.loop.pass(LONG);
        }
        DhtStats stats = bench.loopStats();
        assertThat(stats.pendingRequests()).as("requests").isZero();
        assertThat(stats.pendingCalls()).as("handlers").isZero();
        assertThat(bench.loop.alarms()).as("timers").isLessThanOrEqualTo(timers);
        assertEmpty("inputs.inputs");
        assertThat(bench.loop.waiting()).as("tasks").isZero();
    }

    /** No caller does. */
    void assertNobodyWaits(End end) {
        assertEmpty("callers.waiting", "questions.askers.waiting");
        if (end != End.LOOP_ENDED) {
            assertEmpty("bootstrap.waiting");
        }
    }

    private void assertEmpty(String... places) {
        for (String place : places) {
            assertThat(bench.node)
                    .extracting("driver." + place)
                    .satisfies(waiting -> assertThat(size(waiting)).as(place).isZero());
        }
    }

    private static int size(Object waiting) {
        return waiting instanceof Map<?, ?> map ? map.size() : ((Collection<?>) waiting).size();
    }
}

package org.dhtrpc.it;

import static org.dhtrpc.it.Loopback.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtStats;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.Query;
import org.dhtrpc.QueryResult;
import org.dhtrpc.Rejection;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;

/**
 * Somebody who sees nothing of what a node sends, and answers in another's name, asks in another's name, and commits with
 * tokens that are not its own: over UDP, and at a larger number by way of {@link Wiretap#inject}, where the node decodes
 * and judges all the same but the system has no part in it.
 */
final class Forgeries implements AutoCloseable {
    /** Requests that wait for a reply; no more than that all repeats fit into the socket buffer of the one asked. */
    private static final int ASKED = 64;

    private static final int WINDOW = 32;
    private static final int BATCH = 1_000;
    private static final Bytes TRUE = Bytes.utf8("true");
    private static final Bytes FORGED = Bytes.utf8("forged");

    private final Loopback network = new Loopback();
    private final Stranger asked = new Stranger();
    private final Stranger forger = new Stranger();
    private final AtomicInteger stored = new AtomicInteger();
    private final List<CompletableFuture<QueryResult>> answers = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final Set<Long> transactions = new HashSet<>();
    private final byte[] template;
    private final Findings findings = new Findings("forgeries");
    private final Random random;
    private final Duration most;
    private final Wiretap tap;
    private final Dht node;
    private final Endpoint address;
    private final Witness witness;

    /** @param most how long each of the attacks may go on */
    Forgeries(long seed, Duration most) {
        this.random = new Random(seed);
        this.most = most;
        tap = new Wiretap(network.socket(), (out, peer, datagram) -> {});
        node = network.start(tap, builder -> builder);
        address = node.localAddress();
        node.onClosest("store", query -> {
            stored.incrementAndGet();
            return null;
        });
        for (int i = 0; i < ASKED; i++) {
            Query query = Query.of("secret " + i, Key.ZERO).deadline(Duration.ofHours(1));
            answers.add(node.request(asked.endpoint(), query));
            requests.add(asked.receiveRequest(Command.of("secret " + i)));
            transactions.add(requests.get(i).transaction());
        }
        // The smallest number has the longest form, and so all forgeries are equally long.
        template = forger.encoded(new Reply(Long.MIN_VALUE, null, address, List.of(), null, ErrorCode.NONE, FORGED));
        witness = new Witness();
        witness.watch(node);
    }

    /** Forged replies, over UDP and injected. */
    void replies(int overUdp, int injected) {
        long before = unexpected();
        int sent = repeated(overUdp, WINDOW, first -> {
            for (int i = 0; i < WINDOW; i++) {
                // In turn from where the request went, and from elsewhere.
                Stranger source = i % 2 == 0 ? asked : forger;
                source.send(address, reply(i % 2 == 0 ? guess() : seen()));
            }
            asked.untilPong(address);
            forger.untilPong(address);
        });
        findings.figure("forged replies over UDP", sent);
        findings.figure("of these rejected", unexpected() - before);
        findings.promise("all forged replies over UDP are sent and rejected", rejected(before, sent, overUdp));

        long between = unexpected();
        int passed = repeated(
                injected,
                BATCH,
                first -> tap.onLoop(() -> {
                    for (int i = 0; i < BATCH; i++) {
                        boolean right = i % 2 == 0;
                        tap.inject(
                                right ? asked.endpoint() : elsewhere(i), reply(right || i % 3 == 0 ? guess() : seen()));
                    }
                }));
        findings.figure("forged replies injected", passed);
        findings.figure("of these rejected too", unexpected() - between);
        findings.promise("all injected replies are sent and rejected", rejected(between, passed, injected));

        long accepted = answers.stream().filter(CompletableFuture::isDone).count();
        findings.figure("forged replies accepted", accepted);
        findings.promise("no forged reply is accepted", accepted == 0);
        findings.figure("true replies accepted", truth());
        findings.promise("true replies are accepted", truth() == ASKED);
    }

    private boolean rejected(long before, int sent, int wanted) {
        return unexpected() - before == sent && sent >= wanted;
    }

    /** Those asked answer, to show that they could have all the time. */
    private long truth() {
        for (Request request : requests) {
            asked.send(address, Stranger.reply(request, null, address, TRUE));
            asked.untilPong(address);
        }
        return answers.stream()
                .filter(answer -> TRUE.equals(await(answer).value()))
                .count();
    }

    /** Requests with an id, from addresses that will never answer. */
    void requests(int count) {
        DhtStats before = await(node.stats());
        Key[] ids = new Key[BATCH];
        int passed = repeated(
                count,
                BATCH,
                first -> tap.onLoop(() -> {
                    for (int i = 0; i < BATCH; i++) {
                        ids[i] = Key.random(random);
                        Bytes token = i % 2 == 0 ? null : randomToken();
                        tap.inject(elsewhere(first + i), forger.encoded(forger.findNode(address, ids[i], token)));
                    }
                }));
        DhtStats after = await(node.stats());
        findings.figure("forged requests injected", passed);
        findings.figure("pinged for that", after.requestsSent() - before.requestsSent());
        findings.promise("all forged requests are sent", passed >= count);
        findings.figure("contacts learnt from forged requests", after.contacts());
        findings.promise("nobody is learnt from a forged request", after.contacts() == 0);
        findings.promise(
                "few are pinged for forged requests", after.requestsSent() - before.requestsSent() <= count / 10);
    }

    /** Commits with the tokens of another port, over UDP, and with random ones, injected. */
    void tokens(int overUdp, int injected) {
        int[] refused = new int[1];
        int sent = repeated(overUdp, 1, turn -> {
            Bytes token =
                    asked.ask(address, asked.findNode(address, null, null)).token();
            Reply reply = forger.ask(address, forger.request(address, "store", true, token, null));
            refused[0] += reply.error() == ErrorCode.INVALID_TOKEN ? 1 : 0;
        });
        findings.figure("commits with the token of another port", sent);
        findings.figure("of these refused", refused[0]);
        findings.promise(
                "all commits with another's token are sent and refused", refused[0] == sent && sent >= overUdp);

        int passed = repeated(
                injected,
                BATCH,
                first -> tap.onLoop(() -> {
                    for (int i = 0; i < BATCH; i++) {
                        Request commit = forger.request(address, "store", true, randomToken(), FORGED);
                        tap.inject(elsewhere(i), forger.encoded(commit));
                    }
                }));
        findings.figure("commits with a random token, injected", passed);
        findings.promise("all commits with a random token are sent", passed >= injected);
        findings.figure("commits that reached the handler", stored.get());
        findings.promise("no forged commit reaches the handler", stored.get() == 0);

        Bytes own = forger.ask(address, forger.findNode(address, null, null)).token();
        Reply accepted = forger.ask(address, forger.request(address, "store", true, own, null));
        findings.promise("a commit with its own token is accepted", accepted.error() == ErrorCode.NONE);
    }

    /** All that was found. */
    Findings findings() {
        witness.testify(findings);
        return findings;
    }

    /** Calls with 0, step, 2 · step … up to a count or the end of the time; returns how much was done. */
    private int repeated(int count, int step, IntConsumer turn) {
        long end = System.nanoTime() + most.toNanos();
        int done = 0;
        for (; done < count && System.nanoTime() - end < 0; done += step) {
            turn.accept(done);
        }
        return done;
    }

    /** The id of a request that waits. */
    private long seen() {
        return requests.get(random.nextInt(ASKED)).transaction();
    }

    /** What somebody may think who does not see them: anything, or the neighbours of one. */
    private long guess() {
        long guess = random.nextBoolean() ? random.nextLong() : seen() + 1 + random.nextInt(1_000);
        return transactions.contains(guess) ? guess() : guess;
    }

    private byte[] reply(long transaction) {
        byte[] datagram = template.clone();
        ByteBuffer.wrap(datagram).putLong(4, transaction);
        return datagram;
    }

    /** An address that nobody has, of this machine only; now and then with the port of the one asked. */
    private Endpoint elsewhere(int turn) {
        byte[] loopback = {127, (byte) (1 + (turn >>> 16 & 63)), (byte) (turn >>> 8), (byte) turn};
        return Endpoint.of(loopback, turn % 4 == 1 ? asked.endpoint().port() : 1 + random.nextInt(65_535));
    }

    private Bytes randomToken() {
        byte[] token = new byte[8];
        random.nextBytes(token);
        return Bytes.of(token);
    }

    private long unexpected() {
        return await(node.stats()).rejected().getOrDefault(Rejection.UNEXPECTED_REPLY, 0L);
    }

    @Override
    public void close() {
        witness.close();
        asked.close();
        forger.close();
        network.close();
    }
}

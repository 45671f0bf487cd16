package org.dhtrpc.it;

import static org.dhtrpc.it.Loopback.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dhtrpc.Bytes;
import org.dhtrpc.Dht;
import org.dhtrpc.DhtException;
import org.dhtrpc.DhtStats;
import org.dhtrpc.QueryResult;

/**
 * What somebody asks of a node while it is attacked: in turn a query of the network and a question to the node itself,
 * on a thread of its own until it is told to stop.
 */
final class Questions {
    /** {@code KademliaConfig.MAX_PENDING} and {@code MAX_QUEUED}. */
    private static final int MOST_REQUESTS = 4_096 + 16_384;

    /** {@code KademliaConfig.MAX_CALLS}. */
    private static final int MOST_CALLS = 1_024;

    private final Dht client;
    private final Dht node;
    private final List<Bytes> values;
    private final Thread thread = new Thread(this::ask, "questions");
    private final List<Double> millis = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private volatile boolean enough;
    private int mostRequests;
    private int mostCalls;
    private int mostContacts;

    /** @param values what is stored on the node, and found by its hash */
    Questions(Dht client, Dht node, List<Bytes> values) {
        this.client = client;
        this.node = node;
        this.values = values;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops asking, and says how it went. The calling thread sees all of it. */
    void finish(Findings findings) {
        enough = true;
        try {
            thread.join(Loopback.PATIENCE.toMillis() * 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        findings.promise("questions end", !thread.isAlive());
        findings.figure("queries answered meanwhile", millis.size());
        findings.figure("queries failed meanwhile", failures.size());
        millis.sort(null);
        findings.figure("median of a query, ms", millis.isEmpty() ? 0 : millis.get(millis.size() / 2));
        findings.figure("slowest query, ms", millis.isEmpty() ? 0 : millis.get(millis.size() - 1));
        findings.promise("queries are answered", !millis.isEmpty());
        // So that they do not count as memory of the node's.
        millis.clear();
        findings.promise("every query succeeds, but " + failures, failures.isEmpty());
        findings.figure("most requests of its own under way", mostRequests);
        findings.figure("most calls that waited for a handler", mostCalls);
        findings.figure("most contacts", mostContacts);
        findings.promise("requests are bounded", mostRequests <= MOST_REQUESTS);
        findings.promise("calls are bounded", mostCalls <= MOST_CALLS);
    }

    private void ask() {
        for (int i = 0; !enough || i < values.size(); i++) {
            Bytes value = values.get(i % values.size());
            long start = System.nanoTime();
            try {
                if (found(i, value)) {
                    millis.add((System.nanoTime() - start) / 1e6);
                } else {
                    failures.add(i + " found nothing");
                }
                look(await(node.stats()));
            } catch (DhtException | AssertionError e) {
                failures.add(i + ": " + e);
            }
        }
    }

    private boolean found(int turn, Bytes value) {
        if (turn % 2 == 0) {
            Optional<QueryResult> found =
                    await(client.query(KeyValueNode.lookup(value)).first(result -> value.equals(result.value())));
            return found.isPresent();
        }
        return value.equals(await(client.request(node.localAddress(), KeyValueNode.lookup(value)))
                .value());
    }

    private void look(DhtStats stats) {
        mostRequests = Math.max(mostRequests, stats.pendingRequests());
        mostCalls = Math.max(mostCalls, stats.pendingCalls());
        mostContacts = Math.max(mostContacts, stats.contacts());
    }
}

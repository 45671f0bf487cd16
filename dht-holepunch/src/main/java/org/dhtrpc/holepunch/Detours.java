package org.dhtrpc.holepunch;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;

/**
 * Messages that arrive, if they do, another way than the request for them went: from another port, or at another socket. They are
 * known by their transaction, which nobody can guess.
 */
final class Detours {
    /** How many are waited for at once; what is beyond that is not, and seems lost. */
    static final int MOST = 1_024;

    private final Map<TransactionId, Arrived> expected = new HashMap<>();
    private final RandomGenerator random;

    /** Takes what has come, of any kind; more than once if it comes more than once. */
    @FunctionalInterface
    interface Arrived {
        void arrived(long now, int socket, Endpoint from, StunMessage message);
    }

    Detours(RandomGenerator random) {
        this.random = random;
    }

    /** A transaction of its own for what is expected. */
    TransactionId expect(Arrived arrived) {
        TransactionId id = TransactionId.random(random);
        if (expected.size() < MOST) {
            expected.put(id, arrived);
        }
        return id;
    }

    /** True if it was expected. */
    boolean receive(long now, int socket, Endpoint from, StunMessage message) {
        Arrived arrived = expected.get(message.transaction());
        if (arrived == null) {
            return false;
        }
        arrived.arrived(now, socket, from, message);
        return true;
    }

    void forget(TransactionId id) {
        expected.remove(id);
    }

    void clear() {
        expected.clear();
    }
}

package org.dhtrpc.holepunch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;

/**
 * Requests of ours that wait for their answers (RFC 8489, section 6.2): repeated, each time after a longer wait, until the last
 * one is over. An answer counts if it comes from where the request was sent to, at the socket that it was sent from.
 */
final class Transactions {
    /** How many wait at once; what is asked beyond that fails at once. */
    static final int MOST = 1_024;

    private final Map<TransactionId, Transaction> underWay = new HashMap<>();
    private final Timers timers;
    private final Outbox outbox;

    /** Takes an answer, be it a success or an error. */
    @FunctionalInterface
    interface Answered {
        void answered(long now, StunMessage answer);
    }

    /**
     * How long is waited.
     *
     * @param first before the first repeat, in nanoseconds
     * @param sends how often it is sent
     * @param growth of the wait from one repeat to the next, in percent
     */
    record Patience(long first, int sends, int growth) {
        /** For whoever is near, or is not worth more: 1.75 s in all. */
        static final Patience SHORT = new Patience(250_000_000L, 3);

        /** As in the RFC, but for the last wait: 7.5 s. */
        static final Patience LONG = new Patience(500_000_000L, 4);

        /** As in the RFC: each wait is twice the one before. */
        Patience(long first, int sends) {
            this(first, sends, 200);
        }
    }

    private final class Transaction {
        private final int socket;
        private final Endpoint to;
        private final byte[] request;
        private final TransactionId id;
        private final Answered answered;
        private final LongConsumer failed;
        private final int growth;
        private long wait;
        private int sends;
        private Timers.Timer timer;

        Transaction(
                long now,
                int socket,
                Endpoint to,
                byte[] request,
                TransactionId id,
                Patience patience,
                Answered answered,
                LongConsumer failed) {
            this.socket = socket;
            this.to = to;
            this.request = request;
            this.id = id;
            this.answered = answered;
            this.failed = failed;
            this.wait = patience.first;
            this.sends = patience.sends;
            this.growth = patience.growth;
            this.timer = timers.at(now, this::send);
        }

        private void send(long now) {
            if (sends-- == 0) {
                underWay.remove(id);
                failed.accept(now);
                return;
            }
            outbox.send(socket, to, request);
            timer = timers.at(now + wait, this::send);
            wait = wait * growth / 100;
        }
    }

    Transactions(Timers timers, Outbox outbox) {
        this.timers = timers;
        this.outbox = outbox;
    }

    /** Asks a STUN server where it sees a socket (RFC 8489, section 2). */
    void bind(
            long now,
            RandomGenerator random,
            int socket,
            Endpoint server,
            Patience patience,
            Answered answered,
            LongConsumer failed) {
        TransactionId id = TransactionId.random(random);
        byte[] request = StunWriter.of(Kind.REQUEST, Stun.BINDING, id).bytes();
        ask(now, socket, server, request, id, patience, answered, failed);
    }

    /**
     * Sends a request, from the next {@link Timers#advance} on.
     *
     * @param id the transaction of the request
     */
    void ask(
            long now,
            int socket,
            Endpoint to,
            byte[] request,
            TransactionId id,
            Patience patience,
            Answered answered,
            LongConsumer failed) {
        if (underWay.size() >= MOST || underWay.containsKey(id)) {
            failed.accept(now);
            return;
        }
        underWay.put(id, new Transaction(now, socket, to, request, id, patience, answered, failed));
    }

    /** True if it answers a request of ours. */
    boolean receive(long now, int socket, Endpoint from, StunMessage answer) {
        Transaction transaction = underWay.get(answer.transaction());
        if (transaction == null || transaction.socket != socket || !transaction.to.equals(from)) {
            return false;
        }
        end(transaction);
        transaction.answered.answered(now, answer);
        return true;
    }

    /** Gives one up; nobody is told. */
    void cancel(TransactionId id) {
        Transaction transaction = underWay.get(id);
        if (transaction != null) {
            end(transaction);
        }
    }

    private void end(Transaction transaction) {
        underWay.remove(transaction.id);
        transaction.timer.cancel();
    }

    int size() {
        return underWay.size();
    }
}

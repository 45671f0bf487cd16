package org.dhtrpc.holepunch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.dhtrpc.holepunch.Transactions.Patience;
import org.jspecify.annotations.Nullable;

/**
 * For how long a mapping outlives silence (RFC 5780, section 4.6): sockets ask a server where they are seen and fall silent, each
 * for another while; then yet another socket asks the server to answer to the port of the silent one (RESPONSE-PORT). All wait
 * side by side, so that it takes little more than the longest wait, and it ends when two waits in a row were too long.
 */
final class MappingLifetime {
    /** What is tried, in seconds, as far as the caller lets it, and the caller's own. */
    static final List<Integer> WAITS = List.of(10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600);

    private static final Patience PATIENCE = new Patience(250_000_000L, 5);
    private static final int TRIES = 5;
    private static final long GAP = 250_000_000L;

    /** Takes what was measured. */
    @FunctionalInterface
    interface Outcome {
        /**
         * It is over.
         *
         * @param lifetime at least so long; null if the server does not answer, or not to another port
         */
        void measured(long now, @Nullable Duration lifetime);
    }

    /** A socket that is silent for a while; the first one for none, which shows whether the server does as it is asked. */
    private static final class Sleeper {
        private final Duration wait;
        private final int socket;
        private int external;
        private boolean alive;
        private boolean tried;
        private Timers.@Nullable Timer timer;

        Sleeper(Duration wait, int socket) {
            this.wait = wait;
            this.socket = socket;
        }
    }

    private final Timers timers;
    private final Outbox outbox;
    private final Transactions transactions;
    private final RandomGenerator random;
    private final Detours detours;
    private final List<Sleeper> sleepers = new ArrayList<>();
    private final List<Integer> sockets = new ArrayList<>();
    private final List<Integer> opening = new ArrayList<>();
    private Outcome outcome = (now, lifetime) -> {};
    private Endpoint server = Endpoint.of(new byte[4], 0);
    private int asker;
    private int run;
    private boolean running;

    MappingLifetime(Timers timers, Outbox outbox, Transactions transactions, RandomGenerator random) {
        this.timers = timers;
        this.outbox = outbox;
        this.transactions = transactions;
        this.random = random;
        detours = new Detours(random);
    }

    boolean running() {
        return running;
    }

    /**
     * Begins.
     *
     * @param server one of ours, or another of RFC 5780
     * @param most how long is waited at most
     * @throws IllegalStateException if a measurement is under way
     */
    void begin(long now, Endpoint server, Duration most, Outcome outcome) {
        if (running) {
            throw new IllegalStateException("A measurement is under way");
        }
        running = true;
        this.server = server;
        this.outcome = outcome;
        asker = open();
        sleepers.add(new Sleeper(Duration.ZERO, open()));
        for (int seconds : WAITS) {
            if (most.compareTo(Duration.ofSeconds(seconds)) > 0) {
                sleepers.add(new Sleeper(Duration.ofSeconds(seconds), open()));
            }
        }
        sleepers.add(new Sleeper(most, open()));
    }

    private int open() {
        int socket = outbox.open();
        opening.add(socket);
        return socket;
    }

    /** True if the socket is one of ours. */
    boolean opened(long now, int socket) {
        if (!opening.remove((Integer) socket)) {
            return false;
        }
        sockets.add(socket);
        if (opening.isEmpty()) {
            sleepers.forEach(sleeper -> fallAsleep(now, sleeper));
        }
        return true;
    }

    /** True if the socket would have been one of ours: nothing is measured. */
    boolean notOpened(long now, int socket) {
        if (!opening.remove((Integer) socket)) {
            return false;
        }
        end(now, null);
        return true;
    }

    /** Something came in that answers no transaction; true if it belongs to a measurement. */
    boolean receive(long now, int socket, Endpoint from, StunMessage message) {
        return detours.receive(now, socket, from, message);
    }

    private void fallAsleep(long now, Sleeper sleeper) {
        LongConsumer failed = ofThisRun(at -> tried(at, sleeper));
        transactions.bind(
                now,
                random,
                sleeper.socket,
                server,
                PATIENCE,
                (at, answer) -> {
                    Endpoint seen = answer.seen();
                    if (seen == null) {
                        failed.accept(at);
                    } else {
                        sleeper.external = seen.port();
                        sleeper.timer =
                                timers.at(at + sleeper.wait.toNanos(), ofThisRun(later -> wake(later, sleeper, TRIES)));
                    }
                },
                failed);
    }

    private LongConsumer ofThisRun(LongConsumer task) {
        int current = run;
        return now -> {
            if (current == run) {
                task.accept(now);
            }
        };
    }

    private void wake(long now, Sleeper sleeper, int tries) {
        if (sleeper.tried) {
            return;
        }
        if (tries == 0) {
            tried(now, sleeper);
            return;
        }
        TransactionId id = detours.expect((at, socket, from, message) -> {
            if (!sleeper.tried && (socket == sleeper.socket || message.kind() != Kind.SUCCESS)) {
                sleeper.alive = socket == sleeper.socket;
                tried(at, sleeper);
            }
        });
        StunWriter request =
                StunWriter.of(Kind.REQUEST, Stun.BINDING, id).number(Stun.RESPONSE_PORT, sleeper.external << 16);
        outbox.send(asker, server, request.bytes());
        timers.at(now + GAP, ofThisRun(later -> wake(later, sleeper, tries - 1)));
    }

    private void tried(long now, Sleeper sleeper) {
        sleeper.tried = true;
        Sleeper awake = sleepers.get(0);
        if (awake.tried && !awake.alive) {
            end(now, null);
            return;
        }
        // They end in the order of their waits, but for lost packets.
        int dead = 0;
        for (Sleeper one : sleepers) {
            if (!one.tried) {
                return;
            }
            dead = one.alive ? 0 : dead + 1;
            if (dead == 2) {
                break;
            }
        }
        Duration longest = Duration.ZERO;
        for (Sleeper one : sleepers) {
            longest = one.alive ? one.wait : longest;
        }
        end(now, longest);
    }

    private void end(long now, @Nullable Duration lifetime) {
        Outcome told = outcome;
        close();
        told.measured(now, lifetime);
    }

    /** Gives it up, if one is under way; nobody is told. */
    void close() {
        run++;
        running = false;
        outcome = (now, lifetime) -> {};
        opening.forEach(outbox::close);
        sockets.forEach(outbox::close);
        opening.clear();
        sockets.clear();
        for (Sleeper sleeper : sleepers) {
            if (sleeper.timer != null) {
                sleeper.timer.cancel();
            }
        }
        sleepers.clear();
        detours.clear();
    }
}

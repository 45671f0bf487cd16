package org.dhtrpc.holepunch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.Transactions.Patience;
import org.jspecify.annotations.Nullable;

/**
 * Whether two ports of one server see a socket at two ports (RFC 5780, section 4.3). A server of ours has its second port only
 * while it is asked to change its own, and names it then, so that it is asked again until it does.
 */
final class PortDependence {
    private static final int TRIES = 6;
    private static final int SENDS = 5;

    private final Map<Endpoint, Endpoint> others = new HashMap<>();
    private final Timers timers;
    private final Transactions transactions;
    private final RandomGenerator random;

    private int tries;
    private boolean asked;
    private boolean over;
    private Answer verdict = Answer.UNKNOWN;

    PortDependence(Timers timers, Transactions transactions, RandomGenerator random) {
        this.timers = timers;
        this.transactions = transactions;
        this.random = random;
    }

    /** A server's answer, which may name another port of its. The first word counts: at its other port it may name itself. */
    void note(Endpoint server, StunMessage answer) {
        Endpoint second = answer.address(Stun.SECOND_PORT);
        Endpoint other = second != null ? second : answer.address(Stun.OTHER_ADDRESS);
        if (other != null && other.port() != 0) {
            note(server, Endpoint.of(server.address(), other.port()));
        }
    }

    /** Somebody answers, who may be the same host at another port. */
    void note(Endpoint server, Endpoint other) {
        if (other.port() != server.port() && Scope.sameHost(server, other)) {
            others.putIfAbsent(server, other);
        }
    }

    /**
     * Asks.
     *
     * @param servers which have seen the probe, best first
     * @param gap between two tries; about a round trip
     * @param ended told once that there is a verdict, be it that there is none
     */
    void begin(long now, Probe probe, List<Endpoint> servers, long gap, LongConsumer ended) {
        if (over || asked) {
            return;
        }
        Endpoint knowing = servers.stream()
                .filter(server -> others.containsKey(server) && probe.seenBy(server) != null)
                .findFirst()
                .orElse(null);
        if (knowing != null) {
            asked = true;
            askOther(now, probe, knowing, others.get(knowing), gap, ended);
        } else if (tries++ == TRIES) {
            over = true;
            ended.accept(now);
        } else {
            for (Endpoint server : servers.subList(0, Math.min(2, servers.size()))) {
                ask(
                        now,
                        probe,
                        server,
                        new Patience(2 * gap, 1),
                        (at, answer) -> {
                            note(server, answer);
                            if (others.containsKey(server)) {
                                begin(at, probe, servers, gap, ended);
                            }
                        },
                        at -> {});
            }
            timers.at(now + 2 * gap, later -> begin(later, probe, servers, gap, ended));
        }
    }

    private void askOther(
            long now, Probe probe, Endpoint server, @Nullable Endpoint other, long gap, LongConsumer ended) {
        if (other == null) {
            return;
        }
        LongConsumer end = at -> {
            over = true;
            ended.accept(at);
        };
        ask(
                now,
                probe,
                other,
                new Patience(2 * gap, SENDS),
                (at, answer) -> {
                    Endpoint seen = answer.seen();
                    if (seen != null) {
                        verdict = seen.equals(probe.seenBy(server)) ? Answer.NO : Answer.YES;
                    }
                    end.accept(at);
                },
                end);
    }

    private void ask(
            long now,
            Probe probe,
            Endpoint to,
            Patience patience,
            Transactions.Answered answered,
            LongConsumer failed) {
        transactions.bind(now, random, probe.socket(), to, patience, answered, failed);
    }

    /** Gives up; nobody is told. */
    void stop() {
        over = true;
    }

    /** YES if it depends on the port. */
    Answer verdict() {
        return verdict;
    }
}

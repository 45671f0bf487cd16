package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.dhtrpc.Endpoint;

/**
 * What all parts of the {@link Agent} work with.
 *
 * @param budget what punches of this agent may send and open
 * @param local where the main socket is bound to
 * @param hosts its addresses inside of our own network
 * @param profile what is known of our own NAT at this time, when a punch begins
 */
record Workbench(
        Timers timers,
        Outbox outbox,
        Transactions transactions,
        Openings openings,
        RandomGenerator random,
        PunchOptions options,
        PunchBudget.Share budget,
        Endpoint local,
        List<Endpoint> hosts,
        LongFunction<NatProfile> profile) {
    /** Asks a server where it sees a socket. */
    void bind(long now, int socket, Endpoint server, Transactions.Answered answered, LongConsumer failed) {
        transactions.bind(now, random, socket, server, Transactions.Patience.SHORT, answered, failed);
    }

    /** Whether a peer's address may be sent to. */
    boolean allowed(Endpoint endpoint) {
        return Scope.usable(endpoint)
                && endpoint.isIPv4() == local.isIPv4()
                && (options.privateAddresses() || !Scope.isPrivate(endpoint));
    }

    /** What we tell of ourselves beside our profile. */
    List<Candidate> candidates(NatProfile local) {
        List<Candidate> candidates = new ArrayList<>();
        if (local.mapped() != null) {
            candidates.add(new Candidate(Candidate.Kind.MAPPED, local.mapped()));
        }
        if (options.privateAddresses()) {
            hosts.forEach(host -> candidates.add(new Candidate(Candidate.Kind.HOST, host)));
        }
        return candidates;
    }
}

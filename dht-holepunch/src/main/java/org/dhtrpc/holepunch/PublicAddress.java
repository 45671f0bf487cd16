package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Where others see the main socket, by what they say. Each network (/24 of IPv4, /48 of IPv6) has one vote, its latest, for so
 * long; the latest 16 count. What more than half of them say is so, and is certain from three on: a liar with many addresses in one
 * network is one liar. One for each family of addresses.
 *
 * <p>Before a NAT that takes another port for each destination they agree on the host, and not on the port.
 */
final class PublicAddress {
    /** How many votes count. */
    static final int MOST = 16;

    /** For how long one does. */
    static final long LASTS = 600_000_000_000L;

    /** How many must agree to be believed. */
    static final int ENOUGH = 3;

    private record Network(long high, long low) {
        static Network of(Endpoint reporter) {
            return reporter.isIPv4()
                    ? new Network(0, reporter.lowBits() & ~0xFFL)
                    : new Network(reporter.highBits() & ~0xFFFFL, 0);
        }
    }

    private record Vote(long time, Endpoint seen) {}

    /** @param votes how many of all said so */
    private record Verdict(Endpoint value, int votes) {}

    private final LinkedHashMap<Network, Vote> votes = new LinkedHashMap<>();
    private final boolean privateAddresses;
    private @Nullable Endpoint host;
    private @Nullable Endpoint endpoint;
    private boolean certain;

    /** @param privateAddresses whether a private address may be a public one, as in a laboratory */
    PublicAddress(boolean privateAddresses) {
        this.privateAddresses = privateAddresses;
    }

    /**
     * Somebody says how it sees us.
     *
     * @return whether {@link #host}, {@link #endpoint} or {@link #certain} is another one than before
     */
    boolean report(long now, Endpoint reporter, Endpoint seen) {
        if (!Scope.usable(seen) || (Scope.isPrivate(seen) && !privateAddresses)) {
            return false;
        }
        Network network = Network.of(reporter);
        votes.remove(network);
        votes.put(network, new Vote(now, seen));
        if (votes.size() > MOST) {
            votes.remove(votes.keySet().iterator().next());
        }
        votes.values().removeIf(vote -> now - vote.time > LASTS);
        return count();
    }

    private boolean count() {
        Verdict hosts = majority(vote -> Endpoint.of(vote.seen.address(), 0));
        Verdict endpoints = majority(Vote::seen);
        Endpoint hostBefore = host;
        Endpoint endpointBefore = endpoint;
        boolean certainBefore = certain;
        host = hosts == null ? null : hosts.value;
        endpoint = endpoints == null ? null : endpoints.value;
        certain = hosts != null && hosts.votes >= ENOUGH;
        return certain != certainBefore || !same(host, hostBefore) || !same(endpoint, endpointBefore);
    }

    private static boolean same(@Nullable Endpoint one, @Nullable Endpoint other) {
        return one == null ? other == null : one.equals(other);
    }

    /** What more than half say; null if they do not agree. */
    private @Nullable Verdict majority(Function<Vote, Endpoint> about) {
        Map<Endpoint, Integer> counts = new LinkedHashMap<>();
        votes.values().forEach(vote -> counts.merge(about.apply(vote), 1, Integer::sum));
        for (Map.Entry<Endpoint, Integer> entry : counts.entrySet()) {
            if (2 * entry.getValue() > votes.size()) {
                return new Verdict(entry.getKey(), entry.getValue());
            }
        }
        return null;
    }

    /** The address that others see, with port 0; null if they do not agree. */
    @Nullable
    Endpoint host() {
        return host;
    }

    /** The address and port that others see; null if they do not agree. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether at least three networks agree on the host; else it is what one or two say. */
    boolean certain() {
        return certain;
    }

    /** How many votes count by now. */
    int size() {
        return votes.size();
    }

    /** Forgets what was said: the network is another one. */
    void clear() {
        votes.clear();
        count();
    }
}

package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;

/**
 * A bucket for each host (IPv6: each /64). In private networks and on loopback, where one machine may be many nodes, each endpoint
 * has its own. Of so many at most: beyond that the one that has been quiet for the longest is forgotten.
 */
final class Rates {
    private final Rate rate;
    private final int most;

    /** When they are full again; the quietest first. Full ones need not be here. */
    private final Map<Source, Long> full = new LinkedHashMap<>(16, 0.75f, true);

    private record Source(long high, long low, int port) {
        static Source of(Endpoint endpoint) {
            return Scope.isPrivate(endpoint)
                    ? new Source(endpoint.highBits(), endpoint.lowBits(), endpoint.port())
                    : new Source(endpoint.highBits(), endpoint.isIPv4() ? endpoint.lowBits() : 0, 0);
        }
    }

    Rates(Rate rate, int most) {
        this.rate = rate;
        this.most = most;
    }

    /** Takes one, if there is one. */
    boolean take(long now, Endpoint whose) {
        forgetFull(now);
        Source source = Source.of(whose);
        Long known = full.get(source);
        long fullAgain = known == null ? now : known;
        if (!rate.allows(now, fullAgain, 1)) {
            return false;
        }
        if (known == null && full.size() >= most) {
            full.remove(full.keySet().iterator().next());
        }
        full.put(source, rate.after(now, fullAgain, 1));
        return true;
    }

    /** Two at most each time, so that no single datagram pays for all. */
    private void forgetFull(long now) {
        for (int i = 0; i < 2 && !full.isEmpty(); i++) {
            Map.Entry<Source, Long> quietest = full.entrySet().iterator().next();
            if (quietest.getValue() - now > 0) {
                return;
            }
            full.remove(quietest.getKey());
        }
    }

    int size() {
        return full.size();
    }
}

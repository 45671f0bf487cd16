package org.dhtrpc.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;

/**
 * Who has asked too much lately. Of each address one number is kept, the time at which its bucket is full again (the
 * generic cell rate algorithm, ITU-T I.371); a full bucket needs none.
 *
 * <p>At most {@link KademliaConfig#MAX_RATED} addresses: beyond that the one that has been quiet for the longest is
 * forgotten. Who can forge more sources than that has no need to keep to one.
 */
final class Rates {
    private final Rate rate;
    private final long interval;

    /** The least recent first. */
    private Map<Source, Long> fullAgain = Collections.emptyMap();

    /** An IPv4 address, or the first half of an IPv6 one. */
    private record Source(long high, long low, boolean proven) {
        static Source of(Endpoint endpoint, boolean proven) {
            return new Source(endpoint.highBits(), endpoint.isIPv4() ? endpoint.lowBits() : 0, proven);
        }
    }

    Rates(Rate rate) {
        this.rate = rate;
        this.interval = 1_000_000_000L / rate.perSecond();
    }

    /**
     * Counts a request, and says whether it may be answered. Those with a token have a bucket of their own: who forges an
     * address must not be able to use up what belongs to the one who is there.
     */
    boolean allows(long now, Endpoint from, boolean proven) {
        if (rate.equals(Rate.UNLIMITED) || (!rate.everywhere() && Scope.of(from).isLocal())) {
            return true;
        }
        forgetFull(now);
        Source source = Source.of(from, proven);
        Long known = fullAgain.get(source);
        long full = known == null || known - now < 0 ? now : known;
        if (full - now > (rate.burst() - 1) * interval) {
            return false;
        }
        if (fullAgain.isEmpty()) {
            fullAgain = new LinkedHashMap<>(16, 0.75f, true);
        }
        fullAgain.put(source, full + interval);
        return true;
    }

    /** Two at most for each that is added, so that no single request pays for all. */
    private void forgetFull(long now) {
        for (int i = 0; i < 2 && !fullAgain.isEmpty(); i++) {
            Map.Entry<Source, Long> quietest = fullAgain.entrySet().iterator().next();
            if (quietest.getValue() - now > 0 && fullAgain.size() < KademliaConfig.MAX_RATED) {
                return;
            }
            fullAgain.remove(quietest.getKey());
        }
    }

    int size() {
        return fullAgain.size();
    }
}

package org.dhtrpc.holepunch;

import java.util.LinkedHashMap;
import org.dhtrpc.Endpoint;

/**
 * How often a host may ask: so many a second in the long run, and a few more at once. Of IPv6 a host is a /64. Whoever has not
 * asked for longest is forgotten first, so that many addresses gain nothing but what each of them has anyway.
 */
final class HostRates {
    /** How many hosts are remembered. */
    static final int MOST = 1_024;

    private record Host(long high, long low) {}

    private final LinkedHashMap<Host, Long> next = new LinkedHashMap<>(16, 0.75f, true);
    private final long interval;
    private final long slack;

    /**
     * @param rate a second, in the long run
     * @param burst at once, after a rest
     */
    HostRates(int rate, int burst) {
        interval = 1_000_000_000L / rate;
        slack = interval * (burst - 1);
    }

    /** Whether this host may ask now; if so, it has. */
    boolean take(long now, Endpoint from) {
        Host host = new Host(from.highBits(), from.isIPv4() ? from.lowBits() : 0);
        Long before = next.get(host);
        long earliest = before == null || before - now < -slack ? now - slack : before;
        if (earliest - now > 0) {
            return false;
        }
        next.put(host, earliest + interval);
        if (next.size() > MOST) {
            next.remove(next.keySet().iterator().next());
        }
        return true;
    }

    int size() {
        return next.size();
    }
}

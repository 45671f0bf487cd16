package org.dhtrpc.routing;

import static org.dhtrpc.routing.Invariants.holds;

import java.util.HashMap;
import java.util.Map;
import org.dhtrpc.Endpoint;

/** The requests of each address that something was done about. */
final class Admission {
    private final Rate rate;
    private final Map<Asker, Admitted> admitted = new HashMap<>();

    /** Whose requests are counted together: those with a token apart, if it is still good. */
    private record Asker(long address, boolean token) {}

    private static final class Admitted {
        private final long since;
        private long count;

        Admitted(long since) {
            this.since = since;
        }
    }

    Admission(Rate rate) {
        this.rate = rate;
    }

    void admit(long now, Endpoint from, boolean token) {
        if (!rate.everywhere()) {
            return;
        }
        long source = from.isIPv4() ? from.lowBits() : from.highBits();
        Admitted of = admitted.computeIfAbsent(new Asker(source, token), any -> new Admitted(now));
        long most = rate.burst() + (now - of.since) * rate.perSecond() / 1_000_000_000L;
        if (token) {
            most *= 2;
        }
        holds(++of.count <= most, "at most " + most + " requests of an address", from);
    }
}

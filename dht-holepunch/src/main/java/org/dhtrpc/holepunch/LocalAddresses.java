package org.dhtrpc.holepunch;

import java.util.List;
import org.dhtrpc.Endpoint;

/** At which addresses of this machine a socket is reached. */
final class LocalAddresses {
    private static final int MOST = 4;

    private LocalAddresses() {}

    /** The address itself; if it is the wildcard, those of the interfaces that lead out, at most four. */
    static List<Endpoint> of(Endpoint bound) {
        if (!bound.isWildcard()) {
            return List.of(bound);
        }
        return Gateway.locals().stream()
                .map(Gateway.Local::address)
                .filter(address -> address.isIPv4() == bound.isIPv4())
                .map(address -> Endpoint.of(address.address(), bound.port()))
                .limit(MOST)
                .toList();
    }
}

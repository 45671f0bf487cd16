package org.dhtrpc.holepunch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/** A socket whose external addresses are of interest: what it is bound to, and where each server sees it. */
final class Probe {
    private final Map<Endpoint, Endpoint> seen = new LinkedHashMap<>();
    private final int socket;
    private final Endpoint local;

    Probe(int socket, Endpoint local) {
        this.socket = socket;
        this.local = local;
    }

    int socket() {
        return socket;
    }

    Endpoint local() {
        return local;
    }

    /** A server's latest word. */
    void seen(Endpoint server, Endpoint external) {
        seen.put(server, external);
    }

    /** Where this server sees it; null if it has not said. */
    @Nullable
    Endpoint seenBy(Endpoint server) {
        return seen.get(server);
    }

    /** All that was said, one for each server, in the order of who said so first. */
    List<Endpoint> seen() {
        return new ArrayList<>(seen.values());
    }

    /** What more than half say; null if they do not agree. */
    @Nullable
    Endpoint agreed() {
        for (Endpoint candidate : seen.values()) {
            if (2 * seen.values().stream().filter(candidate::equals).count() > seen.size()) {
                return candidate;
            }
        }
        return null;
    }
}

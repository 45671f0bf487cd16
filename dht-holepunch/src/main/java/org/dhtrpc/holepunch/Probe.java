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
    private final List<Endpoint> asked = new ArrayList<>();
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

    /** It sends to this server now. */
    void asks(Endpoint server) {
        if (!asked.contains(server)) {
            asked.add(server);
        }
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

    /** Who has said something, those that answered first before others. */
    List<Endpoint> answering() {
        return new ArrayList<>(seen.keySet());
    }

    /** All that was said, one for each server, in the order in which they were asked. */
    List<Endpoint> seen() {
        List<Endpoint> all = new ArrayList<>();
        for (Endpoint server : asked) {
            Endpoint external = seen.get(server);
            if (external != null) {
                all.add(external);
            }
        }
        return all;
    }

    /** The same, as these servers alone say. */
    Probe by(List<Endpoint> servers) {
        Probe probe = new Probe(socket, local);
        for (Endpoint server : servers) {
            Endpoint external = seen.get(server);
            if (external != null) {
                probe.asks(server);
                probe.seen(server, external);
            }
        }
        return probe;
    }

    /** What more than half say; null if they do not agree. */
    @Nullable
    Endpoint agreed() {
        List<Endpoint> all = seen();
        for (Endpoint candidate : all) {
            if (2 * all.stream().filter(candidate::equals).count() > all.size()) {
                return candidate;
            }
        }
        return null;
    }
}

package org.dhtrpc.transport.netty;

import java.net.InetSocketAddress;
import org.dhtrpc.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Whom a loop has to do with, in the forms of both sides: a datagram is answered to where it came from, and a search
 * comes back to the same few hundred peers. Two tables, of which each slot has what came there last, so that strangers
 * can make it forget but not grow. On one thread only.
 */
final class Addresses {
    private static final int SLOTS = 1 << 11;

    private final @Nullable Known[] bySocketAddress = new Known[SLOTS];
    private final @Nullable Known[] byEndpoint = new Known[SLOTS];

    private record Known(InetSocketAddress socketAddress, Endpoint endpoint) {}

    Endpoint endpoint(InetSocketAddress address) {
        int slot = slot(address.hashCode());
        Known known = bySocketAddress[slot];
        if (known == null || !known.socketAddress.equals(address)) {
            known = new Known(address, Endpoint.of(address));
            bySocketAddress[slot] = known;
        }
        return known.endpoint;
    }

    /** Never what a sender had: that may have a scope, which an endpoint has not, and not always the same one. */
    InetSocketAddress socketAddress(Endpoint endpoint) {
        int slot = slot(endpoint.hashCode());
        Known known = byEndpoint[slot];
        if (known == null || !known.endpoint.equals(endpoint)) {
            known = new Known(endpoint.toSocketAddress(), endpoint);
            byEndpoint[slot] = known;
        }
        return known.socketAddress;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }
}

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
        Known known = bySocketAddress[slot(address.hashCode())];
        return known != null && known.socketAddress.equals(address)
                ? known.endpoint
                : known(address, Endpoint.of(address)).endpoint;
    }

    InetSocketAddress socketAddress(Endpoint endpoint) {
        Known known = byEndpoint[slot(endpoint.hashCode())];
        return known != null && known.endpoint.equals(endpoint)
                ? known.socketAddress
                : known(endpoint.toSocketAddress(), endpoint).socketAddress;
    }

    private Known known(InetSocketAddress address, Endpoint endpoint) {
        Known known = new Known(address, endpoint);
        bySocketAddress[slot(address.hashCode())] = known;
        byEndpoint[slot(endpoint.hashCode())] = known;
        return known;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }
}

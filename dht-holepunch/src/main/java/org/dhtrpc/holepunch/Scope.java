package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;

/** Which addresses are nobody's, or of a network of somebody's own (the registries of RFC 6890). */
final class Scope {
    private Scope() {}

    /** Whether it can be sent to at all. */
    static boolean usable(Endpoint endpoint) {
        if (endpoint.port() == 0 || endpoint.isWildcard()) {
            return false;
        }
        byte[] address = endpoint.address();
        int first = address[0] & 0xFF;
        return address.length == 4 ? first != 0 && first < 224 : first != 0xFF;
    }

    /** Whether it is private, shared, link-local, loopback or reserved. */
    static boolean isPrivate(Endpoint endpoint) {
        byte[] address = endpoint.address();
        int first = address[0] & 0xFF;
        int second = address[1] & 0xFF;
        if (address.length != 4) {
            return endpoint.isLoopback() || (first & 0xFE) == 0xFC || (first == 0xFE && (second & 0xC0) == 0x80);
        }
        return first == 10
                || first == 127
                || (first == 100 && (second & 0xC0) == 64)
                || (first == 169 && second == 254)
                || (first == 172 && (second & 0xF0) == 16)
                || (first == 192 && (second == 168 || (second == 0 && (address[2] & 0xFF) <= 2)))
                || (first == 198 && (second & 0xFE) == 18)
                || first >= 240;
    }

    static boolean sameHost(Endpoint one, Endpoint other) {
        return one.highBits() == other.highBits() && one.lowBits() == other.lowBits();
    }
}

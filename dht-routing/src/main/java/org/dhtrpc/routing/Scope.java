package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;

/** How far an address reaches (RFC 6890), the nearest first. */
enum Scope {
    /** No single node's: unspecified, multicast, broadcast and what is reserved beside it. */
    NOBODY,
    /** 127.0.0.0/8 and ::1. */
    LOOPBACK,
    /** 169.254.0.0/16 and fe80::/10. */
    LINK,
    /** 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fc00::/7; also 100.64.0.0/10, behind a provider's NAT. */
    PRIVATE,
    /** Everywhere. */
    GLOBAL;

    static Scope of(Endpoint endpoint) {
        if (endpoint.isWildcard()) {
            return NOBODY;
        }
        if (endpoint.isLoopback()) {
            return LOOPBACK;
        }
        return endpoint.isIPv4() ? ofIPv4((int) endpoint.lowBits()) : ofIPv6((int) (endpoint.highBits() >>> 48));
    }

    private static Scope ofIPv4(int address) {
        int first = address >>> 24;
        if (first == 0 || first >= 224) {
            return NOBODY;
        }
        if (address >>> 16 == 0xA9FE) {
            return LINK;
        }
        boolean isPrivate =
                first == 10 || address >>> 20 == 0xAC1 || address >>> 16 == 0xC0A8 || address >>> 22 == (100 << 2 | 1);
        return isPrivate ? PRIVATE : GLOBAL;
    }

    private static Scope ofIPv6(int first) {
        if (first >>> 8 == 0xFF) {
            return NOBODY;
        }
        if (first >>> 6 == 0xFE80 >>> 6) {
            return LINK;
        }
        return first >>> 9 == 0xFC00 >>> 9 ? PRIVATE : GLOBAL;
    }

    /**
     * Whether a node may name somebody there. What reaches less far than itself would be somebody else in our own
     * surroundings: a stranger must not choose whom we send to there (flaw F30).
     */
    static boolean mayName(Endpoint referrer, Endpoint contact) {
        return of(contact).compareTo(of(referrer)) >= 0;
    }

    /** Loopback, link-local or private: no stranger of the wide world has an address like this. */
    boolean isLocal() {
        return this == LOOPBACK || this == LINK || this == PRIVATE;
    }
}

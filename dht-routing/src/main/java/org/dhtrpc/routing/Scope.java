package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;

/** How far an address reaches (RFC 6890), the nearest first. */
enum Scope {
    /**
     * No single node's: unspecified, multicast, broadcast and what is reserved beside it, and an IPv4 address that is not
     * global inside of one of IPv6.
     */
    NOBODY,
    /** 127.0.0.0/8 and ::1. */
    LOOPBACK,
    /** 169.254.0.0/16 and fe80::/10. */
    LINK,
    /**
     * 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7 and fec0::/10; also 100.64.0.0/10, behind a provider's NAT, and
     * 64:ff9b:1::/48, behind one's own (RFC 8215).
     */
    PRIVATE,
    /** Everywhere. */
    GLOBAL;

    /** 64:ff9b::/96 (RFC 6052). */
    private static final long NAT64 = 0x0064_FF9B_0000_0000L;

    /** The first 48 bits of 64:ff9b:1::/48. */
    private static final long OWN_NAT64 = 0x0064_FF9B_0001L;

    static Scope of(Endpoint endpoint) {
        if (endpoint.isWildcard()) {
            return NOBODY;
        }
        if (endpoint.isLoopback()) {
            return LOOPBACK;
        }
        return endpoint.isIPv4() ? ofIPv4((int) endpoint.lowBits()) : ofIPv6(endpoint.highBits(), endpoint.lowBits());
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

    private static Scope ofIPv6(long high, long low) {
        int first = (int) (high >>> 48);
        if (first == 0x2002) {
            return ofEmbedded((int) (high >>> 16));
        }
        if (high == NAT64 && low >>> 32 == 0) {
            return ofEmbedded((int) low);
        }
        if (first >>> 8 == 0xFF) {
            return NOBODY;
        }
        if (first >>> 6 == 0xFE80 >>> 6) {
            return LINK;
        }
        boolean isPrivate = first >>> 9 == 0xFC00 >>> 9 || first >>> 6 == 0xFEC0 >>> 6 || high >>> 16 == OWN_NAT64;
        return isPrivate ? PRIVATE : GLOBAL;
    }

    /** Of an IPv4 address behind a translator or a tunnel, which must not lead back into anybody's own network. */
    private static Scope ofEmbedded(int address) {
        return address >>> 24 != 127 && ofIPv4(address) == GLOBAL ? GLOBAL : NOBODY;
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

package org.dhtrpc.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Nat} behaves, in the terms of RFC 4787. Immutable: take one of the constants, and change what is to be
 * different.
 *
 * <pre>{@code
 * NatType home = NatType.PORT_RESTRICTED.hairpin(true).timeout(Duration.ofSeconds(30));
 * }</pre>
 *
 * @param mapping which datagrams of an inner endpoint leave by the same external port
 * @param filtering whose datagrams get in
 * @param allocation which external port a new mapping takes
 * @param timeout how long a mapping, and a session within it, is kept after the last datagram that the inner host sent, or
 *     that came from an endpoint to which it had sent; more than 0, at most 365 days
 * @param hairpin whether inner hosts reach each other at their external endpoints; they then see each other there (RFC 4787,
 *     REQ-9)
 * @param tracksUnknown whether the router takes unwanted datagrams for its own, as one with an open INPUT chain does: what the
 *     inner host sends to such an endpoint within the timeout leaves by another port, so that a peer who sends early closes
 *     the door for good. Of no effect where nothing is translated
 * @param size how many sessions it remembers, 1 to 30,000; a session is an inner and a remote endpoint. Who comes then has
 *     the one forgotten that has been idle for longest
 * @param lan the network behind it, as {@code 192.168.1.0/24}: IPv4 and outside of 10.0.0.0/8, where the public addresses
 *     are. Two NATs may have the same. Null for one of 192.168.0.0/24, 192.168.1.0/24 and so on, after 256 NATs again from
 *     the first
 */
public record NatType(
        Mapping mapping,
        Filtering filtering,
        Allocation allocation,
        Duration timeout,
        boolean hairpin,
        boolean tracksUnknown,
        int size,
        @Nullable String lan) {
    /** As many sessions, and as many unknown datagrams tracked, leave ports free. */
    private static final int MAX_SIZE = 30_000;

    private static final Duration MAX_TIMEOUT = Duration.ofDays(365);

    /** A port opens for everyone once the inner host has sent from it. */
    public static final NatType FULL_CONE = new NatType(
            Mapping.ENDPOINT_INDEPENDENT,
            Filtering.ENDPOINT_INDEPENDENT,
            Allocation.PRESERVE,
            Duration.ofMinutes(2),
            false,
            false,
            1 << 14,
            null);

    /** A port opens for all ports of those addresses that the inner host has sent to. */
    public static final NatType ADDRESS_RESTRICTED = FULL_CONE.filtering(Filtering.ADDRESS_DEPENDENT);

    /** A port opens for the endpoints that the inner host has sent to. What most homes have. */
    public static final NatType PORT_RESTRICTED = FULL_CONE.filtering(Filtering.ADDRESS_AND_PORT_DEPENDENT);

    /** An unpredictable port for each remote endpoint, open for that one. */
    public static final NatType SYMMETRIC =
            PORT_RESTRICTED.mapping(Mapping.ADDRESS_AND_PORT_DEPENDENT).allocation(Allocation.RANDOM);

    /** The next port for each remote endpoint, open for that one. */
    public static final NatType SYMMETRIC_SEQUENTIAL = SYMMETRIC.allocation(Allocation.SEQUENTIAL);

    /** An unpredictable port for each remote address, open for the endpoints that the inner host has sent to. */
    public static final NatType SYMMETRIC_ADDRESS = SYMMETRIC.mapping(Mapping.ADDRESS_DEPENDENT);

    /** Hosts have public addresses, but only those reach them to whom they have sent. */
    public static final NatType FIREWALL = PORT_RESTRICTED.mapping(Mapping.NONE);

    /** Nothing gets out, and nothing in. */
    public static final NatType UDP_BLOCKED = PORT_RESTRICTED.filtering(Filtering.ALL);

    /** Which datagrams of an inner endpoint leave by the same external port (RFC 4787, section 4.1). */
    public enum Mapping {
        /** Nothing is translated: inner hosts have addresses of the network outside. */
        NONE,
        /** All. */
        ENDPOINT_INDEPENDENT,
        /** Those to one address. */
        ADDRESS_DEPENDENT,
        /** Those to one endpoint. */
        ADDRESS_AND_PORT_DEPENDENT
    }

    /** Whose datagrams get in at an external port (RFC 4787, section 5). What gets in opens the port for the answer. */
    public enum Filtering {
        /** Everybody's. */
        ENDPOINT_INDEPENDENT,
        /** Those of the addresses that the inner endpoint has sent to from this port. */
        ADDRESS_DEPENDENT,
        /** Those of the endpoints that the inner endpoint has sent to from this port. */
        ADDRESS_AND_PORT_DEPENDENT,
        /** Nobody's, and nothing gets out either. */
        ALL
    }

    /** Which external port a new mapping takes, from 1024 on (RFC 4787, section 4.2). No two mappings share one. */
    public enum Allocation {
        /** That of the inner endpoint, or else any. */
        PRESERVE,
        /** Any that is free. */
        RANDOM,
        /** The next that is free, beginning anywhere. */
        SEQUENTIAL
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range; the message names it
     */
    public NatType {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "The timeout of a NAT is more than 0 and at most " + MAX_TIMEOUT + ", not " + timeout);
        }
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("A NAT remembers 1 to " + MAX_SIZE + " sessions, not " + size);
        }
        if (lan != null) {
            Lan.parse(lan);
        }
    }

    /** The same with another mapping. */
    public NatType mapping(Mapping other) {
        return new NatType(other, filtering, allocation, timeout, hairpin, tracksUnknown, size, lan);
    }

    /** The same with another filtering. */
    public NatType filtering(Filtering other) {
        return new NatType(mapping, other, allocation, timeout, hairpin, tracksUnknown, size, lan);
    }

    /** The same with another allocation of ports. */
    public NatType allocation(Allocation other) {
        return new NatType(mapping, filtering, other, timeout, hairpin, tracksUnknown, size, lan);
    }

    /** The same with another timeout. */
    public NatType timeout(Duration other) {
        return new NatType(mapping, filtering, allocation, other, hairpin, tracksUnknown, size, lan);
    }

    /** The same with hairpins or without. */
    public NatType hairpin(boolean other) {
        return new NatType(mapping, filtering, allocation, timeout, other, tracksUnknown, size, lan);
    }

    /** The same with or without the early packet trap. */
    public NatType tracksUnknown(boolean other) {
        return new NatType(mapping, filtering, allocation, timeout, hairpin, other, size, lan);
    }

    /** The same with room for another number of sessions, 1 to 30,000. */
    public NatType size(int other) {
        return new NatType(mapping, filtering, allocation, timeout, hairpin, tracksUnknown, other, lan);
    }

    /** The same with another network behind it, as {@code 192.168.1.0/24}. */
    public NatType lan(String other) {
        return new NatType(mapping, filtering, allocation, timeout, hairpin, tracksUnknown, size, other);
    }
}

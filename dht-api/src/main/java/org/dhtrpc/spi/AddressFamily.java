package org.dhtrpc.spi;

import org.dhtrpc.Endpoint;

/** The two families of IP addresses. */
public enum AddressFamily {
    /** Addresses of 4 bytes. */
    IPV4,
    /** Addresses of 16 bytes. */
    IPV6;

    /** The family of an endpoint's address. */
    public static AddressFamily of(Endpoint endpoint) {
        return endpoint.isIPv4() ? IPV4 : IPV6;
    }
}

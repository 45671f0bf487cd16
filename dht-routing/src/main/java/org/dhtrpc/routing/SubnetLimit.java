package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;

/**
 * How many contacts of one subnet the routing table takes, a /24 of IPv4 or a /48 of IPv6: whoever has one such network
 * must not own a bucket, nor the table. Loopback, link-local and private addresses are not counted.
 *
 * @param perBucket in one bucket, at least 1
 * @param perTable in the whole table, at least 1
 */
public record SubnetLimit(int perBucket, int perTable) {
    private static final long IPV4_HOST = 0xFFL;
    private static final long IPV6_HOST = 0xFFFFL;

    /** No subnet is limited: for a network whose nodes share one on purpose. */
    public static final SubnetLimit UNLIMITED = new SubnetLimit(Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** Checks the numbers. */
    public SubnetLimit {
        if (perBucket < 1 || perTable < 1) {
            throw new IllegalArgumentException("Of a subnet the table takes 1 or more contacts, not " + perBucket
                    + " in a bucket and " + perTable + " in all");
        }
    }

    /**
     * Whether a bucket may take one more, at this endpoint.
     *
     * @param leaving the entry whose place it would get; -1 if it gets a free one
     */
    boolean admits(Entries entries, int bucket, Endpoint endpoint, int leaving) {
        if (equals(UNLIMITED) || Scope.of(endpoint).isLocal()) {
            return true;
        }
        int inBucket = 0;
        int inTable = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (i != leaving && sameSubnet(entries.contact(i).endpoint(), endpoint)) {
                inTable++;
                inBucket += i >= entries.start(bucket) && i < entries.end(bucket) ? 1 : 0;
            }
        }
        return inBucket < perBucket && inTable < perTable;
    }

    private static boolean sameSubnet(Endpoint left, Endpoint right) {
        if (left.isIPv4() != right.isIPv4()) {
            return false;
        }
        return left.isIPv4()
                ? (left.lowBits() | IPV4_HOST) == (right.lowBits() | IPV4_HOST)
                : (left.highBits() | IPV6_HOST) == (right.highBits() | IPV6_HOST);
    }
}

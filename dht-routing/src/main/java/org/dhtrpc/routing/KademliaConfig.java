package org.dhtrpc.routing;

import java.time.Duration;

/**
 * The numbers of the machine. {@link #defaults} has the ones that the project measures with; each may be changed.
 *
 * @param k contacts per bucket, nodes of a commit, contacts of a reply (Kademlia paper, section 2.2); 1 to 20, since more
 *     would not fit in a datagram
 * @param concurrency requests of one query in flight, the paper's α; 1 to 64
 * @param requestTimeout when a request has failed; its repeats fall into this time. At least 1 s
 * @param queryDeadline when a query has failed, unless it says otherwise itself
 * @param standing whether the node wants to be listed
 * @param firewalled whether it has to be found out that strangers reach the node, before it is listed where that matters
 * @param requestRate how many requests an address may make
 * @param subnetLimit how many contacts of one subnet the table takes
 */
public record KademliaConfig(
        int k,
        int concurrency,
        Duration requestTimeout,
        Duration queryDeadline,
        Standing standing,
        boolean firewalled,
        Rate requestRate,
        SubnetLimit subnetLimit) {
    /** Requests that wait for a reply, of all operations together; beyond that they queue. */
    static final int MAX_PENDING = 4_096;

    /**
     * Those of them that a caller has made one by one, and whose replies are on the way; beyond that they queue too. A
     * quarter of what a receive buffer of 1 MiB holds of the largest datagrams (Linux counts 2,304 bytes for each, and
     * allows for twice the buffer): a burst to one node must not be the only one that it has room for.
     */
    static final int MAX_BUSY = 256;

    /** Requests that wait for their turn; beyond that they fail as overloaded. */
    static final int MAX_QUEUED = 16_384;

    /** Operations of callers at once. */
    static final int MAX_OPERATIONS = 4_096;

    /** Received requests that wait for a handler. */
    static final int MAX_CALLS = 1_024;

    /** Answered requests that are remembered, to recognise a repeat. */
    static final int MAX_REMEMBERED = 4_096;

    /** Pings to nodes that have asked us something and could become contacts. */
    static final int MAX_PING_BACKS = 32;

    /** Candidates for which the hole puncher is awaited at once. */
    static final int MAX_PUNCHES = 256;

    /** Addresses whose requests are counted. */
    static final int MAX_RATED = 8_192;

    /** How many times k nodes one query may ask. */
    static final int ASKED_PER_K = 8;

    /** How often a request is sent at most. */
    static final int MAX_SENDS = 3;

    private static final KademliaConfig DEFAULTS =
            new KademliaConfig(20, 10, Duration.ofSeconds(5), Duration.ofSeconds(60), false);

    /** Checks each number. */
    public KademliaConfig {
        between("k", k, 1, 20);
        between("concurrency", concurrency, 1, 64);
        between("requestTimeout", requestTimeout, Duration.ofSeconds(1), Duration.ofMinutes(5));
        between("queryDeadline", queryDeadline, Duration.ofMillis(1), Duration.ofDays(1));
    }

    /** With the default limits. */
    public KademliaConfig(int k, int concurrency, Duration requestTimeout, Duration queryDeadline, boolean ephemeral) {
        this(
                k,
                concurrency,
                requestTimeout,
                queryDeadline,
                ephemeral ? Standing.EPHEMERAL : Standing.PERSISTENT,
                true,
                Rate.of(100, 500),
                new SubnetLimit(4, 20));
    }

    /**
     * k 20, concurrency 10, 5 s for a request, 60 s for a query, persistent; of a public address 100 requests a second
     * and 500 at once; of a public subnet 4 contacts in a bucket and 20 in all.
     */
    public static KademliaConfig defaults() {
        return DEFAULTS;
    }

    /** The same with another standing. */
    public KademliaConfig standing(Standing other) {
        return new KademliaConfig(
                k, concurrency, requestTimeout, queryDeadline, other, firewalled, requestRate, subnetLimit);
    }

    /** Whether a node begins without being listed. */
    boolean beginsEphemeral(Surroundings surroundings) {
        return switch (standing) {
            case EPHEMERAL -> true;
            case ADAPTIVE -> surroundings.publicAddress() == null;
            case PERSISTENT -> surroundings.idPolicy().bindsAddress() && surroundings.publicAddress() == null;
        };
    }

    /** Whether a node is listed although strangers may not reach it. */
    boolean needsNoStrangers(Surroundings surroundings) {
        return surroundings.punching()
                && firewalled
                && standing != Standing.EPHEMERAL
                && surroundings.publicAddress() == null
                && !surroundings.idPolicy().bindsAddress();
    }

    private static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + least + " to " + most + ", not " + value);
        }
    }
}

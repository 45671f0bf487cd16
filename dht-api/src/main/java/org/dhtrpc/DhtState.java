package org.dhtrpc;

/** How a node stands to its network. */
public enum DhtState {
    /**
     * An attempt to join is under way or about to begin: the first, or the first since all contacts were lost, or since the
     * node was suspended or has slept.
     */
    JOINING,
    /** Joined: at least one live contact is known, or no bootstrap node is configured. */
    JOINED,
    /** A bootstrap node answered, but no live contact was found; asked again, ever less often, up to every 30 s. */
    ALONE,
    /** No bootstrap node answered; tried again, ever less often, up to every 30 s. */
    UNREACHABLE,
    /** Suspended by {@link Dht#suspend}: nothing is sent, and what arrives is dropped. */
    SUSPENDED,
    /** Closed by {@link Dht#close}, or by a defect in the node. */
    CLOSED
}

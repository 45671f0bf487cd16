package org.dhtrpc;

/** The two phases of an operation: {@code query} has the first, {@code closest} both. */
public enum Phase {
    /** The walk towards the target; every node on the way runs its query handler. */
    DISCOVERY,
    /** The second phase of closest: the nearest nodes run their closest handler, the caller's address being proven. */
    COMMIT
}

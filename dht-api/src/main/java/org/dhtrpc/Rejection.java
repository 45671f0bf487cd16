package org.dhtrpc;

/** Why a datagram was dropped. */
public enum Rejection {
    /** The codec could not read it. */
    MALFORMED,
    /** A reply that no request of ours waits for: an unknown transaction, a wrong address, or too late. */
    UNEXPECTED_REPLY,
    /**
     * A ping that is to be passed on, or was, to somebody whom this node does not know, too often, or on a wire where that is
     * not done; or any other request of the kind.
     */
    RELAY_REFUSED,
    /** It claims to come from our own address or id. */
    FROM_OURSELVES,
    /** The node's address filter refuses the sender. */
    FILTERED,
    /** A request of an address that has made too many. */
    TOO_MANY_REQUESTS,
    /** The node is suspended. */
    SUSPENDED
}

package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;

/**
 * An address that an end of a punch tells the other.
 *
 * @param kind what sort of address
 */
record Candidate(Kind kind, Endpoint endpoint) {
    /** The most that one end tells. */
    static final int MOST = 8;

    enum Kind {
        /** Where its socket is bound to, inside of its own network. */
        HOST,
        /** The port that its router has opened for it. */
        MAPPED,
        /** Where a socket was seen that it has just opened: its next one will be seen a step further. */
        SAMPLE
    }
}

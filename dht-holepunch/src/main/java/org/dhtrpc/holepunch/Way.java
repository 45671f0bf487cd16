package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the other end of a punch is reached.
 *
 * @param socket the socket of ours; of no meaning if it is relayed
 * @param remote the address there
 */
record Way(int socket, Endpoint remote, Path kind) {
    boolean relayed() {
        return kind == Path.RELAYED;
    }

    /** Whether the other one goes from the same socket to the same address. */
    boolean leadsWhere(@Nullable Way other) {
        return other != null && relayed() == other.relayed() && socket == other.socket && remote.equals(other.remote);
    }
}

package org.dhtrpc.holepunch;

import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.PunchResult.Path;

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
}

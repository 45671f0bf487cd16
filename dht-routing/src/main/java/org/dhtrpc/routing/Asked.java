package org.dhtrpc.routing;

import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody has sent us.
 *
 * @param from who
 * @param sender the id that the sender may have, null if it sent none
 * @param proven whether it came with a token that we gave to this address
 * @param sibling whether it came in on the sibling socket, from where it is answered then
 * @param allowance how many bytes may be sent because of it; the datagram has a limit of its own
 */
record Asked(Endpoint from, Request request, @Nullable Key sender, boolean proven, boolean sibling, int allowance) {
    /** The same when so many bytes were sent already. */
    Asked less(int bytes) {
        return bytes == 0 ? this : new Asked(from, request, sender, proven, sibling, allowance - bytes);
    }
}

package org.dhtrpc;

import org.jspecify.annotations.Nullable;

/**
 * What a handler is given: somebody's query, received by this node.
 *
 * @param command the command's name
 * @param target the target of the query, null only for a direct request without one
 * @param value the payload; null if there is none, which is not the same as {@link Bytes#EMPTY}
 * @param from the address that the request came from. In a closest handler it is proven: the sender has echoed a token
 *     that was sent to this address and port
 * @param id the id that the sender claims, null if it is ephemeral; never proven
 * @param phase which of the two handlers is called
 */
public record IncomingQuery(
        String command,
        @Nullable Key target,
        @Nullable Bytes value,
        Endpoint from,
        @Nullable Key id,
        Phase phase) {}

package org.dhtrpc;

import org.jspecify.annotations.Nullable;

/** Answers a command at once. */
@FunctionalInterface
public interface QueryHandler {
    /**
     * Answers one query. Called on the node's loop: it must not block; what takes time belongs in an
     * {@link AsyncQueryHandler}.
     *
     * <p>A query may be asked again: if the value is too large for an address that has not proven itself, the caller proves
     * its own and repeats the question, which is another call. Commits have their proof with them.
     *
     * @return the value of the reply, or null for a reply without one
     * @throws Exception to answer with an error: {@link DhtException#refused} sends its own code, anything else
     *     {@link org.dhtrpc.message.ErrorCode#HANDLER_FAILED} and a {@link DhtEvent.HandlerFailed} event here. The text
     *     of the exception never travels
     */
    @Nullable
    Bytes handle(IncomingQuery query) throws Exception;
}

package org.dhtrpc;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers a command later. */
@FunctionalInterface
public interface AsyncQueryHandler {
    /**
     * Answers one query. Called on the node's loop: it must not block, but the stage may complete at any time, from any
     * thread. An answer that comes after the caller has given up is dropped and counted.
     *
     * @return a stage with the value of the reply, null for a reply without one; its failure is answered as an exception
     *     of {@link QueryHandler#handle} is
     * @throws Exception to answer with an error at once, as {@link QueryHandler#handle} does
     */
    CompletionStage<? extends @Nullable Bytes> handle(IncomingQuery query) throws Exception;
}

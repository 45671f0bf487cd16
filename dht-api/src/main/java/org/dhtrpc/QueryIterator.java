package org.dhtrpc;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The results of a query, one by one, for code that may block. Not for the node's loop: there {@link #hasNext} throws
 * {@link IllegalStateException} when it would have to wait.
 */
public interface QueryIterator extends Iterator<QueryResult>, AutoCloseable {
    /**
     * Waits for the next result or the end.
     *
     * @throws DhtException if the query failed, or with {@link DhtException.Reason#INTERRUPTED} if the thread was
     *     interrupted while it waited; the query is then cancelled
     * @throws IllegalStateException on the node's loop, if it would have to wait
     */
    @Override
    boolean hasNext();

    /**
     * The next result; waits as {@link #hasNext} does.
     *
     * @throws NoSuchElementException after the last one
     */
    @Override
    QueryResult next();

    /** Cancels the query if it has not ended. Idempotent. */
    @Override
    void close();
}

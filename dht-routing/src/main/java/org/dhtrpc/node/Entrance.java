package org.dhtrpc.node;

import org.dhtrpc.DhtException;

/** The way of a query into the machine, and what can be said of it there. On the loop. */
interface Entrance {
    /** A stream has its first demand: it enters the machine, as soon as it can. */
    void start(NodeStream stream);

    /** A stream that has not entered yet will not any more. */
    void forget(NodeStream stream);

    /** So many results more are wanted. */
    void demand(long operation, long n);

    /** Nobody wants it any more. */
    void cancel(long operation, DhtException failure);
}

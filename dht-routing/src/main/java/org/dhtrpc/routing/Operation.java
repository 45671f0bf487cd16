package org.dhtrpc.routing;

import org.dhtrpc.DhtException;

/** Something that a caller has asked for and waits for. */
abstract class Operation extends Deadlines.Entry {
    final long id;

    Operation(long id) {
        this.id = id;
    }

    /** The subscriber wants n more results. */
    abstract void demand(long now, long n);

    /** Ends it early: nothing more is sent, and this is the failure that its caller is told. */
    abstract void end(long now, DhtException failure);
}
